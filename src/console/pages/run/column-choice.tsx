/**
 * Chooses the columns of the list and their order: by ticking them, by dragging, or by the buttons beside each. Never keeps
 * the choice itself.
 */
import { Popover } from '@mantine/core';
import { type DragEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import { Icon } from '../../parts/icon.tsx';
import { texts } from '../../texts/texts.ts';
import { movedBy, movedTo, turned } from './column-order.ts';
import { COLUMN_NAMES, COLUMNS_SHOWN, type ColumnName } from './columns.tsx';
import type { LayoutChoice } from './layout-choice.ts';
import styles from './run.module.css';

const words = texts.run.tools;

interface ChoiceProps {
  readonly layout: LayoutChoice;
  readonly onLayout: (change: Partial<LayoutChoice>) => void;
}

export function ColumnChoice(props: ChoiceProps): ReactNode {
  const [isOpen, setOpen] = useState(false);
  return (
    <Popover opened={isOpen} onChange={setOpen} position="bottom-end" trapFocus returnFocus shadow="md">
      <Popover.Target>
        <button
          type="button"
          className={styles.tool}
          aria-haspopup="dialog"
          aria-expanded={isOpen}
          title={words.columns}
          onClick={() => setOpen(!isOpen)}
        >
          <Icon name="columns" label={words.columns} />
        </button>
      </Popover.Target>
      <Popover.Dropdown className={styles.menu} aria-label={words.columnsTitle}>
        {isOpen && <Choices {...props} />}
      </Popover.Dropdown>
    </Popover>
  );
}

function Choices({ layout, onLayout }: ChoiceProps): ReactNode {
  const { columns, isComfortable } = layout;
  const hidden = COLUMN_NAMES.filter((name) => !columns.includes(name));
  return (
    <>
      <ShownColumns columns={columns} onColumns={(next) => onLayout({ columns: next })} />
      <ul className={`${styles.options} ${styles.apart}`} aria-label={words.columnsHidden}>
        {hidden.map((name) => (
          <li key={name}>
            <Tick name={name} columns={columns} onColumns={(next) => onLayout({ columns: next })} />
          </li>
        ))}
      </ul>
      <label className={`${styles.option} ${styles.apart}`}>
        <input
          type="checkbox"
          checked={isComfortable}
          onChange={({ target }) => onLayout({ isComfortable: target.checked })}
        />
        <span className={styles.optionName}>{words.density}</span>
      </label>
      <button
        type="button"
        className={styles.link}
        onClick={() => onLayout({ columns: COLUMNS_SHOWN, isComfortable: false })}
      >
        {words.columnsReset}
      </button>
    </>
  );
}

interface ColumnsProps {
  readonly columns: readonly ColumnName[];
  readonly onColumns: (columns: readonly ColumnName[]) => void;
}

function Tick({ name, columns, onColumns }: ColumnsProps & { name: ColumnName }): ReactNode {
  return (
    <label className={styles.option}>
      <input
        type="checkbox"
        checked={columns.includes(name)}
        disabled={name === 'item'}
        onChange={() => onColumns(turned(columns, name, COLUMN_NAMES))}
      />
      <span className={styles.optionName}>{texts.run.columns[name]}</span>
    </label>
  );
}

/** In their order. A button that was pressed keeps the focus, wherever its column went. */
function ShownColumns({ columns, onColumns }: ColumnsProps): ReactNode {
  const list = useRef<HTMLUListElement>(null);
  const pressed = useRef<string>(undefined);
  const [dragged, setDragged] = useState<ColumnName>();
  const [said, setSaid] = useState('');
  // biome-ignore lint/correctness/useExhaustiveDependencies: the order moves the buttons
  useEffect(() => {
    if (pressed.current === undefined) return;
    list.current?.querySelector<HTMLButtonElement>(`[data-move="${pressed.current}"]`)?.focus();
    pressed.current = undefined;
  }, [columns]);
  const place = (next: readonly ColumnName[], name: ColumnName): void => {
    onColumns(next);
    setSaid(words.columnPlace(texts.run.columns[name], next.indexOf(name) + 1, next.length));
  };
  const drag = (name: ColumnName) => ({
    draggable: true,
    'data-dragged': dragged === name,
    onDragStart: () => setDragged(name),
    onDragEnd: () => setDragged(undefined),
    onDragOver: (event: DragEvent) => {
      if (dragged === undefined) return;
      event.preventDefault();
      if (dragged !== name) onColumns(movedTo(columns, dragged, name));
    },
    onDrop: (event: DragEvent) => {
      event.preventDefault();
      if (dragged !== undefined) place(columns, dragged);
    },
  });
  return (
    <>
      <ul ref={list} className={styles.options} aria-label={words.columnsShown}>
        {columns.map((name) => (
          <li key={name} className={styles.moved} {...drag(name)}>
            <Tick name={name} columns={columns} onColumns={onColumns} />
            {([-1, 1] as const).map((step) => (
              <button
                key={step}
                type="button"
                className={styles.move}
                data-move={`${name}${step}`}
                aria-disabled={movedBy(columns, name, step) === columns}
                aria-label={(step < 0 ? words.columnUp : words.columnDown)(texts.run.columns[name])}
                onClick={() => {
                  const next = movedBy(columns, name, step);
                  if (next === columns) return;
                  pressed.current = `${name}${step}`;
                  place(next, name);
                }}
              >
                <span aria-hidden="true">{step < 0 ? '↑' : '↓'}</span>
              </button>
            ))}
          </li>
        ))}
      </ul>
      <p role="status" className="unseen">
        {said}
      </p>
    </>
  );
}
