/**
 * A row that a run read, beside the page: as it stands in its file or as it was sent, and what was made of it. Decides how each
 * format is shown. Never edits it.
 */
import { Button, CopyButton, Drawer } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { type Answer, ask } from '../api/ask.ts';
import { formatCount } from '../format/decimals.ts';
import { texts } from '../texts/texts.ts';
import { Loaded, Notice } from './loaded.tsx';
import styles from './source-drawer.module.css';
import tables from './table.module.css';

type SourceDocument = Answer<'GET /runs/{id}/document'>;
type SourceRow = SourceDocument['rows'][number];

/** A row of a file of the run, or one of a batch that was sent to the API. */
export type SourceAddress =
  | { readonly file: string; readonly row: number }
  | { readonly kind: 'movements' | 'messages'; readonly batch: number; readonly line: number };

interface DrawerProps {
  readonly run: string;
  /** undefined: closed. */
  readonly source: SourceAddress | undefined;
  /** The place of the row where none is given. */
  readonly title?: string;
  /** What stands before the row, and after it. */
  readonly note?: ReactNode;
  readonly children?: ReactNode;
  readonly onClose: () => void;
}

const words = texts.sourceRow;

export function SourceDrawer({ run, source, title, note, children, onClose }: DrawerProps): ReactNode {
  return (
    <Drawer
      opened={source !== undefined}
      onClose={onClose}
      position="right"
      size="min(720px, 100%)"
      title={title ?? placeOf(source)}
      classNames={{ content: styles.panel, header: styles.panel }}
      closeButtonProps={{ 'aria-label': texts.actions.close }}
    >
      {source !== undefined && (
        <div className={styles.source}>
          {note}
          <Shown run={run} source={source} isNamed={title !== undefined} />
          {children}
        </div>
      )}
    </Drawer>
  );
}

function placeOf(source: SourceAddress | undefined): string {
  if (source === undefined) return '';
  return 'file' in source ? words.place(source.file, formatCount(source.row)) : words.taken(source.batch, source.line);
}

function Shown({ run, source, isNamed }: { run: string; source: SourceAddress; isNamed: boolean }): ReactNode {
  const query = useQuery(ask('GET /runs/{id}/document', { path: { id: run }, query: { ...source } }));
  return (
    <Loaded query={query}>{(document) => <Source document={document} place={isNamed ? placeOf(source) : ''} />}</Loaded>
  );
}

function Source({ document, place }: { document: SourceDocument; place: string }): ReactNode {
  const { system, kind, state, message, rows } = document;
  const asked = rows.find(({ is_asked }) => is_asked);
  const isAsRead = state === 'as-read' || state === 'taken-in';
  const about = [place, system, kind, isAsRead ? (state === 'as-read' ? words.asRead : message) : ''];
  return (
    <>
      <p className="muted">{about.filter((part) => part !== '').join(' · ')}</p>
      {!isAsRead && <Notice title={message} tone="warn" />}
      {asked === undefined ? isAsRead && <Notice title={words.none} /> : <Row row={asked} document={document} />}
      {rows.length > 1 && <Neighbours document={document} />}
    </>
  );
}

function Row({ row, document }: { row: SourceRow; document: SourceDocument }): ReactNode {
  return (
    <>
      {row.fault !== null && <Notice title={words.fault(row.fault)} tone="warn" />}
      <section>
        <header className={styles.head}>
          <h3>{rawWords(document)}</h3>
          <CopyButton value={row.raw ?? row.cells.map((cell) => cell ?? '').join('\t')}>
            {({ copied, copy }) => (
              <Button variant="default" size="compact-xs" onClick={copy}>
                {copied ? words.copied : words.copy}
              </Button>
            )}
          </CopyButton>
        </header>
        {row.raw === null ? (
          <Cells header={document.header} cells={row.cells} />
        ) : (
          <pre className={`${styles.raw} ${styles.asked}`}>
            {document.raw_header !== null && <span className="muted">{`${document.raw_header}\n`}</span>}
            {row.raw}
          </pre>
        )}
      </section>
      <Parsed row={row} document={document} />
    </>
  );
}

/** A Parquet file holds no text: what is shown is what its row says. */
function rawWords({ format, state }: SourceDocument): string {
  if (state === 'taken-in') return words.rawSent;
  if (format === 'parquet') return words.rawParquet;
  return format === 'xlsx' ? words.rawSheet : words.raw;
}

/** The cells of a row of a sheet, under the names of their columns. */
function Cells({ header, cells }: { header: readonly string[]; cells: SourceRow['cells'] }): ReactNode {
  return (
    <table className={`${tables['table']} ${styles.cells}`} aria-label={words.rawSheet}>
      <tbody>
        {header.map((name, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: columns of a sheet may have no name; their place tells them apart
          <tr key={at}>
            <th scope="row">{name === '' ? words.unnamed(at + 1) : name}</th>
            <td className={styles.value}>{cells[at] ?? <span className="muted">{words.blank}</span>}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Parsed({ row, document }: { row: SourceRow; document: SourceDocument }): ReactNode {
  const columnOf = new Map(document.columns.map(({ canonical, column }) => [canonical, column]));
  return (
    <section>
      <h3>{words.parsed}</h3>
      <table className={tables['table']}>
        <tbody>
          {Object.entries(row.parsed).map(([name, value]) => {
            const column = columnOf.get(name) ?? name;
            return (
              <tr key={name}>
                <th scope="row">
                  {name}
                  {column !== name && <span className={styles.column}>{column}</span>}
                </th>
                <td className={styles.value}>{value}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}

function Neighbours({ document: { rows } }: { document: SourceDocument }): ReactNode {
  return (
    <section>
      <h3>{words.neighbours}</h3>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so keys must reach it */}
      <section className={styles.raw} tabIndex={0} aria-label={words.neighbours}>
        {rows.map(({ row, raw, cells, is_asked }) => (
          <span key={row} className={styles.neighbour} data-asked={is_asked}>
            <span className={styles.rowNumber}>{row}</span>
            {raw === null ? cells.map((cell) => cell ?? '').join(' | ') : oneLine(raw)}
            {'\n'}
          </span>
        ))}
      </section>
    </section>
  );
}

/** A record may stand on several lines; beside others each has one. */
function oneLine(raw: string): string {
  return raw.trimEnd().replaceAll(/\s*\n\s*/g, ' ');
}
