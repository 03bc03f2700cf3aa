/**
 * What the draft would do to today's discrepancies, and the way into force. Never saves without a reason, nor over what
 * somebody else changed meanwhile.
 */
import { Button, Textarea } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { type Answer, ApiError, call } from '../../api/ask.ts';
import { useMay } from '../../api/session.ts';
import { formatMoney, formatSigned } from '../../format/decimals.ts';
import { failureWords, Loaded, Skeleton } from '../../parts/loaded.tsx';
import { Panel } from '../../parts/page.tsx';
import table from '../../parts/table.module.css';
import { texts } from '../../texts/texts.ts';
import styles from './mapping.module.css';
import type { MappingDocument, Move } from './mapping-draft.ts';
import { placeWords } from './matrix-table.tsx';

type Preview = Answer<'POST /mappings/preview'>;
const LINES_SHOWN = 8;

interface DraftPanelProps {
  readonly draft: MappingDocument;
  readonly moves: readonly Move[];
  readonly isChanged: boolean;
  readonly version: number;
  readonly hasRun: boolean;
  readonly onReset: () => void;
}

export function DraftPanel({ draft, moves, isChanged, version, hasRun, onReset }: DraftPanelProps): ReactNode {
  const words = texts.mapping.draft;
  return (
    <Panel
      title={words.title}
      actions={
        isChanged && (
          <Button variant="default" onClick={onReset}>
            {words.reset}
          </Button>
        )
      }
    >
      {!isChanged && <p className={styles.calm}>{words.none}</p>}
      {isChanged && (
        <div className={styles.draft}>
          <ul className={styles.moves}>
            {moves.map(({ row, from, to }) => (
              <li key={`${row.rules} ${row.status}`}>{words.moved(row.status, placeWords(from), placeWords(to))}</li>
            ))}
          </ul>
          {hasRun && <Effect draft={draft} />}
          <Save draft={draft} version={version} />
        </div>
      )}
    </Panel>
  );
}

function Effect({ draft }: { draft: MappingDocument }): ReactNode {
  const query = useQuery({
    queryKey: ['POST /mappings/preview', draft],
    queryFn: async ({ signal }) => {
      const { categories, ignore } = draft;
      return (await call('POST /mappings/preview', { body: { categories, ignore } } as never, { signal })).body;
    },
  });
  return (
    <Loaded query={query} skeleton={<Skeleton lines={3} />}>
      {(preview) => <Told preview={preview} />}
    </Loaded>
  );
}

function Told({ preview }: { preview: Preview }): ReactNode {
  const words = texts.mapping.draft;
  const { vanish, appear, change, before, after, currency, undecided, lines } = preview;
  const money = (text: string): string => formatMoney(text, currency, true);
  return (
    <div role="status">
      <p className={styles.effect}>
        {vanish + appear + change === 0 ? words.noEffect : words.effect(vanish, appear, change)}
      </p>
      <p className="muted small">
        {words.gross(money(before.gross_variance_value), money(after.gross_variance_value))}. {words.beforeFlight}
      </p>
      {undecided.length > 0 && (
        <p className={styles.warning}>{words.undecided(undecided.map(({ status }) => status).join(', '))}</p>
      )}
      {lines.length > 0 && <ChangedLines lines={lines} />}
    </div>
  );
}

function ChangedLines({ lines }: { lines: Preview['lines'] }): ReactNode {
  const { line, within, lines: title } = texts.mapping.draft;
  return (
    <div className={styles.lines}>
      <table className={table.table}>
        <caption className="unseen">{title}</caption>
        <thead>
          <tr>
            <th scope="col">{line.item}</th>
            <th scope="col" className="number">
              {line.before}
            </th>
            <th scope="col" className="number">
              {line.after}
            </th>
          </tr>
        </thead>
        <tbody>
          {lines.slice(0, LINES_SHOWN).map(({ site, item, owner, lot, category, before, after }) => (
            <tr key={[site, item, owner, lot, category].join(' ')}>
              <td>
                <Link to="/items/$item" params={{ item }} search={{ site }}>
                  {item}
                </Link>
                <span className="muted small"> {[site, lot, category].filter((part) => part !== '').join(' · ')}</span>
              </td>
              <td className="number">{before === '' ? within : formatSigned(before)}</td>
              <td className="number">{after === '' ? within : formatSigned(after)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Save({ draft, version }: { draft: MappingDocument; version: number }): ReactNode {
  const words = texts.mapping.draft;
  const [reason, setReason] = useState('');
  const mayApprove = useMay('approver');
  const queries = useQueryClient();
  const { mutate, isPending, error } = useMutation({
    mutationFn: () => call('PUT /mappings/current', { version, body: { ...draft, reason } } as never),
    onSuccess: () =>
      queries.invalidateQueries({ predicate: ({ queryKey: [name] }) => String(name).includes('/mappings') }),
  });
  if (!mayApprove) return <p className="muted">{words.needsApprover}</p>;
  const isStale = error instanceof ApiError && error.status === 412;
  return (
    <>
      {error !== null && (
        <p role="alert" className={styles.failure}>
          {isStale ? words.stale : failureWords(error).detail}
        </p>
      )}
      <Textarea
        label={words.reason}
        autosize
        minRows={2}
        value={reason}
        onChange={({ target }) => setReason(target.value)}
      />
      <Button loading={isPending} disabled={reason.trim().length < 3} onClick={() => mutate()}>
        {words.save}
      </Button>
    </>
  );
}
