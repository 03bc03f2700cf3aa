/** One row for each interface, the silent ones first. Never decides what is late: the server does. */
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { Fragment, type ReactNode } from 'react';
import { formatCount, formatMoney } from '../../format/decimals.ts';
import { formatDuration } from '../../format/moments.ts';
import { Moment } from '../../parts/figures.tsx';
import table from '../../parts/table.module.css';
import { texts } from '../../texts/texts.ts';
import { Heartbeat } from './heartbeat.tsx';
import type { Interface, Interfaces } from './interface-answers.ts';
import styles from './interfaces.module.css';

const SECOND_MS = 1_000;

export function InterfaceTable({ found }: { found: Interfaces }): ReactNode {
  const { columns } = texts.interfaces;
  const { interface: chosen } = useSearch({ strict: false });
  return (
    <table className={`${table.table} ${styles.interfaces}`}>
      <thead>
        <tr>
          <th scope="col">{columns.name}</th>
          <th scope="col">{columns.heartbeat}</th>
          {[columns.lines, columns.lag, columns.rejected, columns.late, columns.duplicates].map((column) => (
            <th key={column} scope="col" className="number">
              {column}
            </th>
          ))}
          <th scope="col">{columns.last}</th>
          <th scope="col" className="number">
            {columns.explains}
          </th>
        </tr>
      </thead>
      <tbody>
        {found.items.map((each) => (
          <Fragment key={each.interface}>
            <InterfaceRow each={each} currency={found.currency} isChosen={each.interface === chosen} />
            {each.errors.length > 0 && (
              <tr className={styles.errors}>
                <td />
                <td colSpan={8}>
                  <span className="muted">{texts.interfaces.errors}: </span>
                  {each.errors.map(({ error, lines }, index) => (
                    <span key={error}>
                      {index > 0 && ' · '}
                      {error} ({texts.interfaces.errorLines(lines)})
                    </span>
                  ))}
                </td>
              </tr>
            )}
          </Fragment>
        ))}
      </tbody>
    </table>
  );
}

function InterfaceRow({
  each,
  currency,
  isChosen,
}: {
  each: Interface;
  currency: string;
  isChosen: boolean;
}): ReactNode {
  const { interface: name, lines, lag, rejected, late, duplicates, last_seen: last, silence } = each;
  const navigate = useNavigate();
  const show = (state?: string): void =>
    void navigate({
      to: '.',
      search: (before) => ({ ...before, interface: isChosen && state === undefined ? undefined : name, state }),
      resetScroll: false,
    });
  return (
    <tr data-chosen={isChosen}>
      <th scope="row" className={styles.name}>
        <button type="button" className={styles.asButton} aria-pressed={isChosen} onClick={() => show()}>
          {name === '' ? texts.interfaces.unnamed : name}
        </button>
        {silence.is_silent && (
          <span className={styles.silent}>{texts.interfaces.silent(formatDuration(silence.seconds * SECOND_MS))}</span>
        )}
      </th>
      <td>
        <Heartbeat each={each} />
      </td>
      <td className="number">{formatCount(lines)}</td>
      <td className="number" title={texts.interfaces.within(formatDuration(lag.allowed_seconds * SECOND_MS))}>
        {lagWords(lag.median_seconds)} · {lagWords(lag.p95_seconds)}
      </td>
      <td className="number">
        <Trouble count={rejected} onShow={() => show('rejected')} />
      </td>
      <td className="number">{late === 0 ? <span className="muted">0</span> : <strong>{formatCount(late)}</strong>}</td>
      <td className="number">
        {duplicates === 0 ? <span className="muted">0</span> : <strong>{formatCount(duplicates)}</strong>}
      </td>
      <td>
        <Moment at={last} />
      </td>
      <td className="number">
        <Explained explained={each.explained} currency={currency} />
      </td>
    </tr>
  );
}

function Trouble({ count, onShow }: { count: number; onShow: () => void }): ReactNode {
  if (count === 0) return <span className="muted">0</span>;
  return (
    <button type="button" className={styles.asButton} onClick={onShow}>
      {formatCount(count)}
    </button>
  );
}

function Explained({ explained, currency }: { explained: Interface['explained']; currency: string }): ReactNode {
  if (explained === null || explained.discrepancies === 0) return <span className="muted">–</span>;
  const [finding] = explained.findings;
  return (
    <>
      {formatMoney(explained.gross_variance_value, currency, true)}
      <br />
      <Link to="/findings" hash={finding} className="small">
        {texts.interfaces.explains(explained.discrepancies)}
      </Link>
    </>
  );
}

/** "40 s", "6 min", "2.5 h": short, for a column. */
function lagWords(seconds: number | null): string {
  if (seconds === null) return '–';
  if (seconds < 90) return `${Math.round(seconds)} s`;
  if (seconds < 5_400) return `${Math.round(seconds / 60)} min`;
  return `${formatCount(Math.round(seconds / 360) / 10)} h`;
}
