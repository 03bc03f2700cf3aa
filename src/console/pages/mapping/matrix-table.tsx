/**
 * One row for each native status, one column for each category: a status stands in one of them, and is moved by dragging it,
 * by clicking another cell or by the arrow keys. Never moves what rules with conditions decide.
 */
import { type DragEvent, type ReactNode, useState } from 'react';
import { addDecimals, subtractDecimals } from '../../format/add-decimals.ts';
import { formatCount, formatMoney, formatQuantity } from '../../format/decimals.ts';
import { Variance } from '../../parts/figures.tsx';
import { texts } from '../../texts/texts.ts';
import styles from './mapping.module.css';
import { IGNORED, type MappingRow, type Move, UNMAPPED } from './mapping-draft.ts';

interface MatrixTableProps {
  readonly rows: readonly MappingRow[];
  readonly categories: readonly string[];
  readonly currency: string;
  readonly isEditable: boolean;
  readonly moved: readonly Move[];
  readonly onMove: (row: MappingRow, to: string) => void;
}

const nameOf = ({ rules, status }: MappingRow): string => `${rules} ${status}`;
export function placeWords(place: string): string {
  if (place === UNMAPPED) return texts.mapping.columns.unmapped;
  return place === IGNORED ? texts.mapping.columns.ignored : place;
}

export function MatrixTable(props: MatrixTableProps): ReactNode {
  const { rows, categories } = props;
  const columns = [...categories, IGNORED, UNMAPPED];
  const [dragged, setDragged] = useState<MappingRow>();
  return (
    <table className={styles.matrix}>
      <thead>
        <tr>
          <th scope="col">{texts.mapping.columns.status}</th>
          {columns.map((column, index) => (
            <th key={column} scope="col" data-place={placeKind(column)} data-hue={index % 6}>
              {placeWords(column)}
            </th>
          ))}
        </tr>
      </thead>
      {(['erp', 'wms'] as const).map((side) => (
        <tbody key={side}>
          <tr className={styles.sideRow}>
            <th scope="rowgroup" colSpan={columns.length + 1}>
              {texts.mapping.columns[side]}
            </th>
          </tr>
          {rows
            .filter((row) => row.side === side)
            .map((row) => (
              <StatusRow
                {...props}
                key={nameOf(row)}
                row={row}
                columns={columns}
                dragged={dragged}
                onDrag={setDragged}
              />
            ))}
        </tbody>
      ))}
      <Sums rows={rows} columns={columns} currency={props.currency} />
    </table>
  );
}

function placeKind(column: string): string {
  return column === UNMAPPED ? 'unmapped' : column === IGNORED ? 'ignored' : 'category';
}

interface StatusRowProps extends MatrixTableProps {
  readonly row: MappingRow;
  readonly columns: readonly string[];
  readonly dragged: MappingRow | undefined;
  readonly onDrag: (row: MappingRow | undefined) => void;
}

function StatusRow({ row, columns, currency, isEditable, moved, dragged, onDrag, onMove }: StatusRowProps): ReactNode {
  const words = texts.mapping;
  const isFixed = !isEditable || row.isConditional;
  const isMoved = moved.some((move) => nameOf(move.row) === nameOf(row));
  const isDragged = dragged !== undefined && nameOf(dragged) === nameOf(row);
  const drop = (column: string) => ({
    onDragOver: (event: DragEvent) => isDragged && event.preventDefault(),
    onDrop: () => {
      onMove(row, column);
      onDrag(undefined);
    },
  });
  return (
    <tr data-moved={isMoved} data-dragged={isDragged}>
      <th scope="row" title={row.isConditional ? words.conditional : undefined}>
        {row.status}
        {row.rules !== row.side && <span className="muted"> · {row.rules}</span>}
        {row.isConditional && <span className={styles.conditional}> *</span>}
      </th>
      {columns.map((column, index) => {
        const isHere = row.place === column;
        return (
          <td key={column} data-place={placeKind(column)} data-here={isHere} data-hue={index % 6} {...drop(column)}>
            <label
              className={styles.cell}
              draggable={isHere && !isFixed}
              onDragStart={() => onDrag(row)}
              onDragEnd={() => onDrag(undefined)}
            >
              <input
                type="radio"
                name={nameOf(row)}
                checked={isHere}
                disabled={isFixed && !isHere}
                aria-label={words.choose(row.status, placeWords(column))}
                onChange={() => onMove(row, column)}
              />
              {isHere && <Held row={row} currency={currency} />}
            </label>
          </td>
        );
      })}
    </tr>
  );
}

/** What stands in the status: units, dollars as far as costs are known, keys. */
function Held({ row, currency }: { row: MappingRow; currency: string }): ReactNode {
  const { keys, quantity, value, unvalued, place } = row;
  const words = texts.mapping;
  if (keys === 0) return <span className="muted small">{words.noUnits}</span>;
  const money = value === '' ? '' : formatMoney(value, currency, true);
  return (
    <span className={styles.held}>
      <strong>{formatQuantity(quantity)}</strong>
      {money !== '' && <span>{place === UNMAPPED ? words.unmappedValue(money) : money}</span>}
      <span className="muted small">
        {formatCount(keys)} {words.columns.keys.toLowerCase()}
        {unvalued > 0 && `, ${words.unvalued(unvalued)}`}
      </span>
    </span>
  );
}

function SumValue({ rows, currency }: { rows: readonly MappingRow[]; currency: string }): ReactNode {
  const values = rows.map(({ value }) => value).filter((value) => value !== '');
  if (values.length === 0) return null;
  return <span className={styles.sumValue}>{formatMoney(addDecimals(values), currency, true)}</span>;
}

function Sums({
  rows,
  columns,
  currency,
}: {
  rows: readonly MappingRow[];
  columns: readonly string[];
  currency: string;
}): ReactNode {
  const among = (side: string, column: string): readonly MappingRow[] =>
    rows.filter((row) => row.side === side && row.place === column && row.keys > 0);
  const sum = (side: string, column: string): string =>
    addDecimals(among(side, column).map(({ quantity }) => quantity));
  const { columns: words } = texts.mapping;
  return (
    <tfoot>
      {(['erp', 'wms'] as const).map((side) => (
        <tr key={side}>
          <th scope="row">
            {texts.mapping.sums} {words[side]}
          </th>
          {columns.map((column) => (
            <td key={column} data-place={placeKind(column)} className="number">
              {formatQuantity(sum(side, column))}
              <SumValue rows={among(side, column)} currency={currency} />
            </td>
          ))}
        </tr>
      ))}
      <tr>
        <th scope="row">{words.difference}</th>
        {columns.map((column) => (
          <td key={column} data-place={placeKind(column)} className="number">
            {placeKind(column) === 'category' && (
              <Variance quantity={subtractDecimals(sum('wms', column), sum('erp', column))} />
            )}
          </td>
        ))}
      </tr>
    </tfoot>
  );
}
