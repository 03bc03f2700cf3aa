/** Rows of a file as they are understood, with what stands in the file under each value. Never judges one: the server does. */
import type { ReactNode } from 'react';
import type { Answer } from '../../api/ask.ts';
import table from '../../parts/table.module.css';
import { texts } from '../../texts/texts.ts';
import styles from './sources.module.css';

type Shown = Pick<Answer<'POST /sources/preview'>, 'header' | 'rows' | 'rejections' | 'counts' | 'unknown_columns'>;
type JudgedRow = Shown['rows'][number];
interface Column {
  readonly canonical: string;
  readonly column: string;
}

export function JudgedRows({ shown, columns }: { shown: Shown; columns: readonly Column[] }): ReactNode {
  const words = texts.sources.rows;
  const { counts, rows, rejections, header, unknown_columns: unknown } = shown;
  const seen = new Set(rows.map(({ row }) => row));
  const others = rejections.filter(({ row }) => !seen.has(row));
  const ordered = [...columns].sort((a, b) => header.indexOf(a.column) - header.indexOf(b.column));
  return (
    <div className={styles.form}>
      <p role="status" className={counts.rejected > 0 ? styles.warning : styles.done}>
        {words.counts(counts.rows, counts.accepted, counts.excluded, counts.rejected)}
      </p>
      {rows.length > 0 && <RowsTable rows={rows} columns={ordered} header={header} caption={words.caption} />}
      {others.length > 0 && (
        <>
          <h3>{words.rejectionsTitle}</h3>
          <RowsTable rows={others} columns={ordered} header={header} caption={words.rejectionsTitle} />
        </>
      )}
      {unknown.length > 0 && <p className="muted small">{words.unknown(unknown.join(', '))}</p>}
    </div>
  );
}

interface RowsTableProps {
  readonly rows: readonly JudgedRow[];
  readonly columns: readonly Column[];
  readonly header: readonly string[];
  readonly caption: string;
}

function RowsTable({ rows, columns, header, caption }: RowsTableProps): ReactNode {
  const words = texts.sources.rows;
  const hasCategory = rows.some(({ parsed }) => parsed['category'] !== undefined && parsed['category'] !== '');
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what can be scrolled sideways can be reached by keys
    <section className={styles.rows} tabIndex={0} aria-label={caption}>
      <table className={table.table}>
        <caption className="unseen">{caption}</caption>
        <thead>
          <tr>
            <th scope="col" className="number">
              {words.row}
            </th>
            {columns.map(({ canonical, column }) => (
              <th key={canonical} scope="col">
                {canonical}
                <span className={styles.sub}>{column === canonical ? '' : words.from(column)}</span>
              </th>
            ))}
            {hasCategory && <th scope="col">{words.category}</th>}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <Rows key={row.row} row={row} columns={columns} header={header} hasCategory={hasCategory} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Rows({
  row: judged,
  columns,
  header,
  hasCategory,
}: Omit<RowsTableProps, 'rows' | 'caption'> & { readonly row: JudgedRow; readonly hasCategory: boolean }): ReactNode {
  const words = texts.sources.rows;
  const { row, cells, parsed, outcome, column: wrong, value, reason } = judged;
  return (
    <>
      <tr data-outcome={outcome}>
        <th scope="row" className="number">
          {row}
          {outcome !== 'accepted' && <span className={styles.sub}>{words[outcome]}</span>}
        </th>
        {columns.map(({ canonical, column }) => {
          const raw = cells[header.indexOf(column)] ?? '';
          const understood = parsed[canonical];
          const isWrong = outcome === 'rejected' && (wrong === column || wrong === canonical);
          return (
            <td key={canonical} data-wrong={isWrong}>
              {understood ?? (raw === '' ? <span className="muted">{words.empty}</span> : raw)}
              {understood !== undefined && understood !== raw && (
                <span className={styles.raw}>
                  <span className="unseen">{words.asInFile('')}</span>
                  {raw}
                </span>
              )}
            </td>
          );
        })}
        {hasCategory && <td>{parsed['category'] ?? ''}</td>}
      </tr>
      {reason !== '' && (
        <tr data-why="true">
          <td />
          <td colSpan={columns.length + (hasCategory ? 1 : 0)}>{words.why(wrong, value, reason)}</td>
        </tr>
      )}
    </>
  );
}
