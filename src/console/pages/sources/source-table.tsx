/** One row for each source: what came last, how old it is, what to do. A file dropped on a row is offered for it. */
import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { type DragEvent, type ReactNode, useState } from 'react';
import { useMay } from '../../api/session.ts';
import { formatCount } from '../../format/decimals.ts';
import { formatDuration } from '../../format/moments.ts';
import { Moment } from '../../parts/figures.tsx';
import table from '../../parts/table.module.css';
import { texts } from '../../texts/texts.ts';
import type { Source } from './source.ts';
import styles from './sources.module.css';

interface SourceTableProps {
  readonly sources: readonly Source[];
  readonly onCheck: (name: string) => void;
  readonly onUpload: (source: Source, file?: File) => void;
}

/** Parts whose files speak of one moment. */
const SNAPSHOTS = ['balances', 'opening'];
const SECOND_MS = 1_000;

export function SourceTable({ sources, ...doing }: SourceTableProps): ReactNode {
  const { columns, dropHint } = texts.sources;
  const mayBring = useMay('analyst');
  return (
    <table className={`${table.table} ${styles.table}`}>
      {mayBring && <caption className="unseen">{dropHint}</caption>}
      <thead>
        <tr>
          <th scope="col">{columns.name}</th>
          <th scope="col">{columns.age}</th>
          <th scope="col">{columns.file}</th>
          {[columns.rows, columns.rejected].map((column) => (
            <th key={column} scope="col" className="number">
              {column}
            </th>
          ))}
          <th scope="col">{columns.from}</th>
          {mayBring && (
            <th scope="col">
              <span className="unseen">{columns.actions}</span>
            </th>
          )}
        </tr>
      </thead>
      <tbody>
        {sources.map((source) => (
          <SourceRow key={source.name} source={source} mayBring={mayBring} {...doing} />
        ))}
      </tbody>
    </table>
  );
}

function SourceRow({
  source,
  mayBring,
  onCheck,
  onUpload,
}: Omit<SourceTableProps, 'sources'> & { readonly source: Source; readonly mayBring: boolean }): ReactNode {
  const words = texts.sources;
  const [isOver, drop] = useDrop(mayBring, (file) => onUpload(source, file));
  const { name, part, format, path, last_import: last, last_used: used } = source;
  const isSame = last === null || used?.file === last.file;
  // A run knows of rejections that only the mapping brings to light.
  const counted = isSame && used !== null ? used : last;
  return (
    <tr data-over={isOver} {...drop}>
      <th scope="row">
        <span className={styles.name}>{name}</span>
        <span className={styles.sub}>
          {words.parts[part] ?? part}, {format}
        </span>
      </th>
      <td>
        <Age source={source} />
      </td>
      <td className={styles.file}>
        <LastFile source={source} />
      </td>
      <td className="number">{counted?.rows == null ? '–' : formatCount(counted.rows)}</td>
      <td className="number">
        <Rejected count={counted?.rejected ?? null} source={source} />
      </td>
      <td className={path === null ? 'muted' : 'mono'}>{path ?? words.broughtIn}</td>
      {mayBring && (
        <td>
          <div className={styles.actions}>
            <Button variant="default" aria-label={words.checkLabel(name)} onClick={() => onCheck(name)}>
              {words.check}
            </Button>
            <Button variant="default" aria-label={words.uploadLabel(name)} onClick={() => onUpload(source)}>
              {words.upload}
            </Button>
          </div>
        </td>
      )}
    </tr>
  );
}

function Age({ source }: { source: Source }): ReactNode {
  const words = texts.sources;
  const { part, age_seconds: age, max_age_seconds: allowed, is_stale, last_import: last, last_used: used } = source;
  if (!SNAPSHOTS.includes(part)) return <span className="muted">{words.timeless}</span>;
  if (age === null) return <span className="muted">{words.noAge}</span>;
  const said = formatDuration(age * SECOND_MS);
  return (
    <>
      <Moment at={newest(last?.as_of, used?.as_of)} />
      {is_stale ? (
        <span className={styles.sub}>
          <span className={styles.pill} data-tone="warn">
            {words.stale(said, formatDuration((allowed ?? 0) * SECOND_MS))}
          </span>
        </span>
      ) : (
        <span className={styles.sub}>{words.age(said)}</span>
      )}
    </>
  );
}

function newest(...moments: (string | null | undefined)[]): string | null {
  const known = moments.filter((each) => each !== null && each !== undefined && each !== '') as string[];
  return known.sort((a, b) => Date.parse(b) - Date.parse(a))[0] ?? null;
}

function LastFile({ source: { name, last_import: last, last_used: used } }: { source: Source }): ReactNode {
  const words = texts.sources;
  if (last === null && used === null) return <span className="muted">{words.neverCame}</span>;
  const isTroubled = last?.state === 'held' || last?.state === 'refused';
  return (
    <>
      {last?.file ?? used?.file}
      {isTroubled && (
        <>
          {' '}
          <span className={styles.pill} data-tone={last.state === 'held' ? 'warn' : 'over'}>
            {last.state === 'held' ? words.held : words.refused}
          </span>{' '}
          <Link to="/sources" search={{ tab: 'imports', source: name }} className="small">
            {words.why}
          </Link>
        </>
      )}
      <span className={styles.sub}>
        {last === null && used !== null ? (
          <Link to="/runs/$runId" params={{ runId: used.run_id }}>
            {words.usedBy(used.run_id)}
          </Link>
        ) : (
          <>
            {words.broughtIn} <Moment at={last?.received_at ?? null} />
          </>
        )}
      </span>
    </>
  );
}

function Rejected({ count, source: { name, last_import: last } }: { count: number | null; source: Source }): ReactNode {
  if (count === null) return <span className="muted">–</span>;
  if (count === 0) return <span className="muted">0</span>;
  if (last === null) return <strong>{formatCount(count)}</strong>;
  return (
    <Link to="/sources" search={{ tab: 'imports', source: name, rejections: last.import_id }}>
      {formatCount(count)}
    </Link>
  );
}

/** Takes the first of the files that are dropped. */
function useDrop(isOffered: boolean, onFile: (file: File) => void) {
  const [isOver, setOver] = useState(false);
  const over = (event: DragEvent): void => {
    event.preventDefault();
    setOver(true);
  };
  const drop = (event: DragEvent): void => {
    event.preventDefault();
    setOver(false);
    const [file] = event.dataTransfer.files;
    if (file !== undefined) onFile(file);
  };
  const handlers = isOffered ? { onDragOver: over, onDragLeave: () => setOver(false), onDrop: drop } : {};
  return [isOver, handlers] as const;
}
