/** One row of the list: a line, a group, or the place of one that is not there yet. Never loads anything. */
// biome-ignore-all lint/a11y/useSemanticElements: a table cannot be drawn in part, at any place of its scroll bar
// biome-ignore-all lint/a11y/useFocusableInteractive: the list is focused as a whole, and names the row that is active
import { memo, type ReactNode } from 'react';
import { formatMoney, formatShare } from '../../format/decimals.ts';
import { Icon } from '../../parts/icon.tsx';
import { texts } from '../../texts/texts.ts';
import { type CellContext, type ColumnName, columnOf } from './columns.tsx';
import { groupWords } from './filter-words.ts';
import styles from './grid.module.css';
import type { Line } from './line-store.ts';
import type { Group } from './list-rows.ts';
import type { GroupName } from './run-view.ts';

export interface RowLook {
  readonly columns: readonly ColumnName[];
  readonly context: CellContext;
  readonly group: GroupName | undefined;
  readonly isCard: boolean;
}

interface RowProps {
  readonly index: number;
  /** Of the first cell on, in pixels from where the rows that are drawn begin. */
  readonly top: number;
  /** undefined: not there yet, or the row of a group. */
  readonly line: Line | undefined;
  readonly group: Group | undefined;
  readonly isOpen: boolean;
  readonly look: RowLook;
  readonly isActive: boolean;
  readonly isSelected: boolean;
}

/** What is pressed on it is heard by the list. */
export const GridRow = memo(function GridRow({
  index,
  top,
  line,
  group,
  isOpen,
  look,
  isActive,
  isSelected,
}: RowProps): ReactNode {
  return (
    <div
      role="row"
      id={`row-${index}`}
      aria-rowindex={index + 2}
      aria-selected={isSelected}
      aria-level={look.group === undefined ? undefined : group === undefined ? 2 : 1}
      aria-expanded={group === undefined ? undefined : isOpen}
      className={styles.row}
      data-index={index}
      data-kind={group === undefined ? 'line' : 'group'}
      data-active={isActive}
      style={{ transform: `translateY(${top}px)` }}
    >
      {group !== undefined ? (
        <GroupCells group={group} isOpen={isOpen} look={look} />
      ) : (
        <>
          <SelectCell isSelected={isSelected} item={line?.item} />
          {line === undefined ? (
            <Blank count={look.columns.length} />
          ) : look.isCard ? (
            <CardCell line={line} context={look.context} />
          ) : (
            look.columns.map((name) => {
              const { cell, isNumber } = columnOf(name);
              return (
                <div key={name} role="gridcell" className={styles.cell} data-number={isNumber} data-column={name}>
                  {cell(line, look.context)}
                </div>
              );
            })
          )}
        </>
      )}
    </div>
  );
});

function SelectCell({ isSelected, item }: { isSelected: boolean; item: string | undefined }): ReactNode {
  return (
    <div role="gridcell" className={styles.select} data-select="true">
      <span className={styles.box} data-checked={isSelected} aria-hidden="true">
        {isSelected && <Icon name="check" size={12} />}
      </span>
      <span className="unseen">{item === undefined ? '' : texts.run.list.selectRow(item)}</span>
    </div>
  );
}

function Blank({ count }: { count: number }): ReactNode {
  return Array.from({ length: count }, (_, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: places are all alike
    <div key={index} role="gridcell" className={styles.cell}>
      <span className={styles.blank} />
    </div>
  ));
}

/** Two lines of a phone. */
function CardCell({ line, context }: { line: Line; context: CellContext }): ReactNode {
  return (
    <div role="gridcell" className={styles.card}>
      <span className={styles.cardItem}>{columnOf('item').cell(line, context)}</span>
      <span className={styles.cardValue}>{columnOf('value').cell(line, context)}</span>
      <span className={styles.cardWhy}>
        {columnOf('cause').cell(line, context)}
        <span className="muted">{[line.site, line.category].join(' · ')}</span>
      </span>
      <span className={styles.cardNet}>{columnOf('net').cell(line, context)}</span>
    </div>
  );
}

function GroupCells({ group, isOpen, look }: { group: Group; isOpen: boolean; look: RowLook }): ReactNode {
  const { currency } = look.context;
  return (
    <div role="gridcell" className={styles.group} aria-colspan={look.columns.length + 1}>
      <span className={styles.turn} data-open={isOpen}>
        <Icon name="open" size={12} label={isOpen ? texts.run.list.collapse : texts.run.list.expand} />
      </span>
      <span className={styles.groupName}>{groupWords(look.group ?? 'cause', group.group)}</span>
      <span className="muted">{texts.run.list.groupLines(group.discrepancies)}</span>
      <span className={styles.groupShare} aria-hidden="true">
        <span style={{ width: `${Number(group.value_share) * 100}%` }} />
      </span>
      <span className={styles.groupFigure}>{formatShare(group.value_share)}</span>
      <span className={styles.groupFigure} data-wide="true">
        {texts.run.tooHigh(formatMoney(group.erp_overstated_value, currency, true))}
      </span>
      <span className={styles.groupFigure} data-wide="true">
        {texts.run.tooLow(formatMoney(group.erp_understated_value, currency, true))}
      </span>
      <strong className={styles.groupFigure}>{formatMoney(group.gross_variance_value, currency, true)}</strong>
    </div>
  );
}
