/**
 * The list of discrepancies: as many rows as fit are drawn, of however many there are. Never asks for lines itself, and never
 * changes the address.
 */
// biome-ignore-all lint/a11y/useSemanticElements: a table cannot be drawn in part, at any place of its scroll bar
// biome-ignore-all lint/a11y/noStaticElementInteractions lint/a11y/useAriaPropsSupportedByRole: it is a grid or a tree of groups
// biome-ignore-all lint/a11y/useFocusableInteractive: the list is focused as a whole, and names the row that is active
import {
  type DragEvent,
  type MouseEvent,
  type ReactNode,
  type RefObject,
  useEffect,
  useImperativeHandle,
  useState,
} from 'react';
import { texts } from '../../texts/texts.ts';
import { type ColumnName, columnOf } from './columns.tsx';
import styles from './grid.module.css';
import { GridRow, type RowLook } from './grid-row.tsx';
import type { ListRows } from './list-rows.ts';
import { type Sort, type SortName, sortParts } from './run-view.ts';
import { useScrollWindow } from './use-scroll-window.ts';

export interface GridHandle {
  readonly focus: () => void;
  readonly showRow: (row: number) => void;
  readonly toTop: () => void;
  /** Rows that fit into the window. */
  readonly page: () => number;
}

interface GridProps {
  readonly rows: ListRows;
  /** Names the rows and what is loaded of them: another one, and they are drawn anew. */
  readonly version: number;
  readonly look: RowLook;
  readonly rowHeight: number;
  readonly sort: Sort;
  readonly active: number;
  readonly isSelected: (row: number) => boolean;
  readonly handle: RefObject<GridHandle | null>;
  readonly onSort: (name: SortName) => void;
  /** The first column is dragged onto the second; undefined: they stand as they do. */
  readonly onMove: ((name: ColumnName, onto: ColumnName) => void) | undefined;
  readonly onPress: (row: number, how: { isSelect: boolean; isRange: boolean }) => void;
}

const HEAD_HEIGHT = 32;

export function Grid(props: GridProps): ReactNode {
  const { rows, look, rowHeight, active, handle, onPress, version } = props;
  const headHeight = look.isCard ? 0 : HEAD_HEIGHT;
  const scroll = useScrollWindow(rows.count, rowHeight, headHeight);
  const { shown, base, viewHeight } = scroll;
  // biome-ignore lint/correctness/useExhaustiveDependencies: what was loaded may have made room for more
  useEffect(() => rows.show(shown.first, Math.max(shown.first, shown.last)), [rows, shown, version]);
  useImperativeHandle(
    handle,
    (): GridHandle => ({
      focus: () => scroll.scroller.current?.focus({ preventScroll: true }),
      showRow: scroll.showRow,
      toTop: scroll.toTop,
      page: () => Math.max(1, Math.floor(viewHeight / rowHeight) - 1),
    }),
  );
  const isActiveShown = active >= shown.first && active <= shown.last;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: keys are heard for the whole page, see use-list-keys
    <div
      ref={scroll.scroller}
      role={look.group === undefined ? 'grid' : 'treegrid'}
      aria-label={texts.run.list.label}
      aria-rowcount={rows.count + 1}
      aria-colcount={look.columns.length + 1}
      aria-multiselectable="true"
      aria-activedescendant={isActiveShown ? `row-${active}` : undefined}
      tabIndex={0}
      className={styles.grid}
      data-card={look.isCard}
      style={{ '--columns': templateOf(look), '--row-height': `${rowHeight}px` } as React.CSSProperties}
      onClick={(event) => pressed(event, onPress)}
    >
      <Head {...props} />
      <div role="presentation" className={styles.bar} style={{ height: scroll.barHeight }}>
        <div role="rowgroup" className={styles.window} style={{ height: viewHeight, top: headHeight }}>
          <div role="presentation" ref={scroll.slide} className={styles.slide}>
            <DrawnRows {...props} first={shown.first} last={shown.last} base={base} viewHeight={viewHeight} />
          </div>
        </div>
      </div>
    </div>
  );
}

/** Elements are used again for the rows that come into the window: new texts cost less than new elements. */
function DrawnRows({
  rows,
  look,
  rowHeight,
  active,
  isSelected,
  first,
  last,
  base,
  viewHeight,
}: GridProps & { first: number; last: number; base: number; viewHeight: number }): ReactNode {
  const elements = Math.ceil(viewHeight / rowHeight) + 2;
  const drawn: ReactNode[] = [];
  for (let index = first; index <= Math.min(last, rows.count - 1); index++) {
    const row = rows.rowAt(index);
    drawn.push(
      <GridRow
        key={index % elements}
        index={index}
        top={(index - base) * rowHeight}
        line={row.kind === 'line' ? row.line : undefined}
        group={row.kind === 'group' ? row.group : undefined}
        isOpen={row.kind === 'group' && row.isOpen}
        look={look}
        isActive={index === active}
        isSelected={isSelected(index)}
      />,
    );
  }
  return drawn;
}

function pressed({ target, shiftKey }: MouseEvent, onPress: GridProps['onPress']): void {
  const row = (target as HTMLElement).closest<HTMLElement>('[data-index]');
  if (row === null) return;
  const isSelect = (target as HTMLElement).closest('[data-select]') !== null;
  onPress(Number(row.dataset['index']), { isSelect: isSelect || shiftKey, isRange: shiftKey });
}

function templateOf({ columns, isCard }: RowLook): string {
  if (isCard) return '36px minmax(0, 1fr)';
  // On a wide screen all columns get some of the room: figures stay near what they are of.
  const widths = columns.map((name) => columnOf(name).width.replace(/^\d+px$/, 'calc($& * var(--wide, 1))'));
  return `36px ${widths.join(' ')}`;
}

function Head({ look, sort, onSort, onMove }: GridProps): ReactNode {
  const drag = useColumnDrag(look.columns, onMove);
  return (
    <div role="rowgroup" className={styles.head} data-unseen={look.isCard}>
      <div role="row" aria-rowindex={1} className={styles.headRow}>
        <div role="columnheader" className={styles.select}>
          <span className="unseen">{texts.run.columns.select}</span>
        </div>
        {look.isCard ? (
          <div role="columnheader">{texts.run.columns.item}</div>
        ) : (
          look.columns.map((name) => (
            <HeadCell key={name} name={name} sort={sort} onSort={onSort} drag={drag?.(name)} />
          ))
        )}
      </div>
    </div>
  );
}

/** By the pointer; keys and fingers have the buttons of the choice of columns. */
function useColumnDrag(columns: readonly ColumnName[], onMove: GridProps['onMove']) {
  const [dragged, setDragged] = useState<ColumnName>();
  const [onto, setOnto] = useState<ColumnName>();
  if (onMove === undefined) return undefined;
  const end = (): void => {
    setDragged(undefined);
    setOnto(undefined);
  };
  return (name: ColumnName) => ({
    draggable: true,
    'data-dragged': name === dragged,
    'data-onto':
      dragged === undefined || name !== onto || name === dragged
        ? undefined
        : columns.indexOf(dragged) < columns.indexOf(name)
          ? 'after'
          : 'before',
    onDragStart: () => setDragged(name),
    onDragEnd: end,
    onDragOver: (event: DragEvent) => {
      if (dragged === undefined) return;
      event.preventDefault();
      setOnto(name);
    },
    onDrop: (event: DragEvent) => {
      event.preventDefault();
      if (dragged !== undefined) onMove(dragged, name);
      end();
    },
  });
}

interface HeadCellProps {
  readonly name: ColumnName;
  readonly sort: Sort;
  readonly onSort: (name: SortName) => void;
  readonly drag: object | undefined;
}

function HeadCell({ name, sort, onSort, drag }: HeadCellProps): ReactNode {
  const { sort: by, isNumber } = columnOf(name);
  const { name: sorted, isReversed } = sortParts(sort);
  const isSorted = by !== undefined && by === sorted;
  const isDown = isSorted && isFromLarge(sorted) !== isReversed;
  const words = texts.run.columns[name];
  return (
    <div
      role="columnheader"
      className={styles.headCell}
      data-number={isNumber}
      data-column={name}
      {...drag}
      aria-sort={by === undefined ? undefined : isSorted ? (isDown ? 'descending' : 'ascending') : 'none'}
    >
      {by === undefined ? (
        words
      ) : (
        <button type="button" className={styles.sort} title={texts.run.list.sortBy(words)} onClick={() => onSort(by)}>
          {words}
          <span aria-hidden="true" className={styles.sortArrow}>
            {isSorted ? (isDown ? '↓' : '↑') : ''}
          </span>
        </button>
      )}
    </div>
  );
}

/** Texts and ranks begin with the first, all others with the largest. */
function isFromLarge(name: SortName): boolean {
  return name !== 'item' && name !== 'site' && name !== 'rank';
}
