/** How the list is looked at and handed on: groups, columns, height of rows, files, charts, keys. Never filters it. */
import { Menu, Popover } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { Icon } from '../../parts/icon.tsx';
import { texts } from '../../texts/texts.ts';
import { COLUMN_NAMES, COLUMNS_SHOWN } from './columns.tsx';
import type { LayoutChoice } from './layout-choice.ts';
import styles from './run.module.css';
import { exportAddress, GROUPS, queryOf, type RunView, SORTS, type SortName, sortParts } from './run-view.ts';
import { SavedViews } from './saved-views.tsx';

const words = texts.run.tools;

interface ToolsProps {
  readonly runId: string;
  readonly view: RunView;
  readonly layout: LayoutChoice;
  readonly isCard: boolean;
  readonly onLayout: (change: Partial<LayoutChoice>) => void;
  readonly onView: (change: Readonly<Record<string, string | undefined>>) => void;
  readonly onSort: (name: SortName) => void;
  readonly onKeys: () => void;
}

export function ListTools(props: ToolsProps): ReactNode {
  const { view, isCard, onView, onKeys } = props;
  return (
    <div className={styles.tools}>
      {isCard && <SortChoice {...props} />}
      <label className={styles.choice}>
        <span className="unseen">{words.group}</span>
        <select value={view.group ?? ''} onChange={({ target }) => onView({ group: target.value || undefined })}>
          <option value="">{words.groupNone}</option>
          {GROUPS.map((name) => (
            <option key={name} value={name}>
              {words.groupBy[name]}
            </option>
          ))}
        </select>
      </label>
      {!isCard && <ColumnChoice {...props} />}
      <SavedViews layout={props.layout} onLayout={props.onLayout} />
      <ExportMenu {...props} />
      <button
        type="button"
        className={styles.tool}
        title={words.charts}
        aria-pressed={view.chart !== undefined}
        onClick={() => onView({ chart: view.chart === undefined ? 'pareto' : undefined, line: undefined })}
      >
        <Icon name="measures" label={words.charts} />
      </button>
      {!isCard && (
        <button
          type="button"
          className={styles.tool}
          aria-label={words.keys}
          title={`${words.keys} (?)`}
          onClick={onKeys}
        >
          <kbd>?</kbd>
        </button>
      )}
    </div>
  );
}

/** Where there are no headers to press. */
function SortChoice({ view, onSort }: ToolsProps): ReactNode {
  const { name, isReversed } = sortParts(view.sort);
  return (
    <span className={styles.choice}>
      <label>
        <span className="unseen">{texts.run.list.sort}</span>
        <select value={name} onChange={({ target }) => onSort(target.value as SortName)}>
          {SORTS.map((each) => (
            <option key={each} value={each}>
              {texts.run.sorts[each]}
            </option>
          ))}
        </select>
      </label>
      <button type="button" className={styles.tool} aria-label={texts.run.list.turn} onClick={() => onSort(name)}>
        {isReversed ? '↑' : '↓'}
      </button>
    </span>
  );
}

function ColumnChoice({ layout, onLayout }: ToolsProps): ReactNode {
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
        <ul className={styles.options}>
          {COLUMN_NAMES.map((name) => (
            <li key={name}>
              <label className={styles.option}>
                <input
                  type="checkbox"
                  checked={layout.columns.includes(name)}
                  disabled={name === 'item'}
                  onChange={({ target }) =>
                    onLayout({
                      columns: COLUMN_NAMES.filter((each) =>
                        each === name ? target.checked : layout.columns.includes(each),
                      ),
                    })
                  }
                />
                <span className={styles.optionName}>{texts.run.columns[name]}</span>
              </label>
            </li>
          ))}
          <li className={styles.apart}>
            <label className={styles.option}>
              <input
                type="checkbox"
                checked={layout.isComfortable}
                onChange={({ target }) => onLayout({ isComfortable: target.checked })}
              />
              <span className={styles.optionName}>{words.density}</span>
            </label>
          </li>
          <li>
            <button
              type="button"
              className={styles.link}
              onClick={() => onLayout({ columns: COLUMNS_SHOWN, isComfortable: false })}
            >
              {words.columnsReset}
            </button>
          </li>
        </ul>
      </Popover.Dropdown>
    </Popover>
  );
}

function ExportMenu({ runId, view }: ToolsProps): ReactNode {
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <button type="button" className={styles.tool} title={words.export}>
          <Icon name="download" label={words.export} />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        {(['csv', 'xlsx'] as const).map((format) => (
          <Menu.Item key={format} component="a" href={exportAddress(runId, queryOf(view), view.sort, format)} download>
            {words.exportAs[format]}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
