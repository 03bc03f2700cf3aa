/**
 * The list on paper: a plain table, whose heads stand on each sheet, of the lines that were loaded first. Never loads any, and
 * says where it is not all of them.
 */
import type { ReactNode } from 'react';
import { formatMoney } from '../../format/decimals.ts';
import table from '../../parts/table.module.css';
import { texts } from '../../texts/texts.ts';
import { type ColumnName, columnOf } from './columns.tsx';
import { groupWords } from './filter-words.ts';
import type { RowLook } from './grid-row.tsx';
import { type Line, PART_LINES } from './line-store.ts';
import type { ListRows } from './list-rows.ts';
import styles from './run.module.css';
import { usePrinting } from './use-printing.ts';

interface PrintedProps {
  readonly rows: ListRows;
  readonly look: RowLook;
  readonly columns: readonly ColumnName[];
}

export function PrintedLines(props: PrintedProps): ReactNode {
  return usePrinting() ? <Sheets {...props} /> : null;
}

function Sheets({ rows, look, columns }: PrintedProps): ReactNode {
  const count = Math.min(rows.count, PART_LINES);
  return (
    <div className={styles.printed}>
      <table className={table.table}>
        <thead>
          <tr>
            {columns.map((name) => (
              <th key={name} scope="col" className={columnOf(name).isNumber ? 'number' : undefined}>
                {texts.run.columns[name]}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {Array.from({ length: count }, (_, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: paper is not changed
            <PrintedRow key={index} index={index} rows={rows} look={look} columns={columns} />
          ))}
        </tbody>
      </table>
      {rows.count > count && <p>{texts.run.list.printed(count, rows.count)}</p>}
    </div>
  );
}

function PrintedRow({ rows, look, columns, index }: PrintedProps & { index: number }): ReactNode {
  const row = rows.rowAt(index);
  if (row.kind === 'group') {
    const { group, discrepancies, gross_variance_value: gross } = row.group;
    return (
      <tr>
        <th colSpan={columns.length} scope="rowgroup">
          {groupWords(look.group ?? 'cause', group)} · {texts.run.list.groupLines(discrepancies)} ·{' '}
          {formatMoney(gross, look.context.currency, true)}
        </th>
      </tr>
    );
  }
  const { line } = row;
  if (line === undefined) return null;
  return (
    <tr>
      {columns.map((name) => (
        <td key={name} className={columnOf(name).isNumber ? 'number' : undefined}>
          {name === 'item' ? <WholeItem line={line} /> : columnOf(name).cell(line, look.context)}
        </td>
      ))}
    </tr>
  );
}

/** On paper no code can be pointed at to see what was cut off. */
function WholeItem({ line: { item, description } }: { line: Line }): ReactNode {
  return (
    <>
      {item} <span className="muted">{description}</span>
    </>
  );
}
