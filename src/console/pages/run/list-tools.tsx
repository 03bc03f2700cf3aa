/** How the list is looked at and handed on: groups, columns, height of rows, files, charts, keys. Never filters it. */
import { Menu } from '@mantine/core';
import type { ReactNode } from 'react';
import { Icon } from '../../parts/icon.tsx';
import { texts } from '../../texts/texts.ts';
import { ColumnChoice } from './column-choice.tsx';
import { exportedColumns } from './exported-columns.ts';
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

function ExportMenu({ runId, view, layout }: ToolsProps): ReactNode {
  const seen = { ...queryOf(view), columns: exportedColumns(layout.columns) };
  const files = [
    { name: words.exportAs.csv, query: seen, format: 'csv' },
    { name: words.exportAs.xlsx, query: seen, format: 'xlsx' },
    { name: words.exportAll.csv, query: queryOf(view), format: 'csv' },
    { name: words.exportAll.xlsx, query: queryOf(view), format: 'xlsx' },
  ] as const;
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <button type="button" className={styles.tool} title={words.export}>
          <Icon name="download" label={words.export} />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        {files.map(({ name, query, format }) => (
          <Menu.Item key={name} component="a" href={exportAddress(runId, query, view.sort, format)} download>
            {name}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
