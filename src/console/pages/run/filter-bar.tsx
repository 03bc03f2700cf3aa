/** How the list is narrowed down: a search, and for each filter what there is to choose with its lines and dollars. */
import { Popover } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, type RefObject, useEffect, useState } from 'react';
import { ask } from '../../api/ask.ts';
import { formatCount, formatMoney } from '../../format/decimals.ts';
import { Icon } from '../../parts/icon.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { texts } from '../../texts/texts.ts';
import { filterName, filterWords, NONE } from './filter-words.ts';
import { kept } from './kept.ts';
import styles from './run.module.css';
import {
  FILTERS,
  type Filter,
  type FilterName,
  queryOf,
  type RunView,
  toggled,
  valuesOf,
  without,
} from './run-view.ts';

/** Filters that are chosen from what there is. */
const CHOSEN = ['cause', 'site', 'category', 'age', 'priority', 'direction', 'finding'] as const;
type Chosen = (typeof CHOSEN)[number];
const OPTIONS_MAX = 100;
const TYPED_MS = 180;

export interface FilterProps {
  readonly runId: string;
  readonly view: RunView;
  readonly currency: string;
  readonly titleOf: (finding: string) => string | undefined;
  readonly onFilter: (change: Filter) => void;
}

export function FilterBar({
  search,
  ...props
}: FilterProps & { search: RefObject<HTMLInputElement | null> }): ReactNode {
  return (
    <search className={styles.filters} aria-label={texts.run.filters.label}>
      <SearchField search={search} view={props.view} onFilter={props.onFilter} />
      {CHOSEN.map((name) => (
        <FilterMenu key={name} name={name} {...props} />
      ))}
    </search>
  );
}

function SearchField({
  search,
  view,
  onFilter,
}: Pick<FilterProps, 'view' | 'onFilter'> & { search: RefObject<HTMLInputElement | null> }): ReactNode {
  const asked = view.filter.text ?? '';
  const [typed, setTyped] = useState(asked);
  const send = useDebouncedCallback((text: string) => onFilter({ text: text.trim() || undefined }), TYPED_MS);
  // The address may change by other means than this field.
  useEffect(() => setTyped((before) => (before.trim() === asked ? before : asked)), [asked]);
  return (
    <label className={styles.search}>
      <Icon name="search" />
      <input
        ref={search}
        type="search"
        value={typed}
        aria-label={texts.run.filters.search}
        placeholder={texts.run.filters.search}
        onChange={({ target }) => {
          setTyped(target.value);
          send(target.value);
        }}
        onKeyDown={(event) => {
          if (event.key === 'Escape' || event.key === 'Enter') event.currentTarget.blur();
        }}
      />
      <kbd>{texts.run.filters.searchKey}</kbd>
    </label>
  );
}

function FilterMenu({ name, ...props }: FilterProps & { name: Chosen }): ReactNode {
  const [isOpen, setOpen] = useState(false);
  const chosen = valuesOf(props.view.filter, name).length;
  return (
    <Popover opened={isOpen} onChange={setOpen} position="bottom-start" trapFocus returnFocus shadow="md">
      <Popover.Target>
        <button
          type="button"
          className={styles.tool}
          aria-haspopup="dialog"
          aria-expanded={isOpen}
          data-chosen={chosen > 0}
          onClick={() => setOpen(!isOpen)}
        >
          {filterName(name)}
          {chosen > 0 && <span className={styles.badge}>{formatCount(chosen)}</span>}
          <Icon name="down" size={12} />
        </button>
      </Popover.Target>
      <Popover.Dropdown className={styles.menu} aria-label={texts.run.filters.options(filterName(name))}>
        {isOpen && <Options name={name} {...props} />}
      </Popover.Dropdown>
    </Popover>
  );
}

function Options({ name, runId, view, currency, titleOf, onFilter }: FilterProps & { name: Chosen }): ReactNode {
  const query = { ...queryOf({ ...view, filter: without(view.filter, name) }), by: name, limit: OPTIONS_MAX };
  const groups = useQuery(kept(ask('GET /runs/{id}/groups', { path: { id: runId }, query })));
  const chosen = valuesOf(view.filter, name);
  // The site is that of the whole console: one, or all.
  const choose = (value: string): void =>
    onFilter({
      [name]: name === 'site' ? (chosen.includes(value) ? undefined : value) : toggled(view.filter, name, value),
    });
  return (
    <Loaded query={groups}>
      {({ groups: found, others }) => (
        <>
          {found.length === 0 && <p className="muted">{texts.run.filters.nothing}</p>}
          <ul className={styles.options}>
            {sorted(name, found).map(({ group, discrepancies, gross_variance_value: value }) => {
              const key = group === '' ? NONE : group;
              const title = name === 'finding' ? titleOf(group) : undefined;
              return (
                <li key={key}>
                  <label className={styles.option}>
                    <input type="checkbox" checked={chosen.includes(key)} onChange={() => choose(key)} />
                    <span className={styles.optionName}>
                      {filterWords(name, key)}
                      {title !== undefined && <span className="muted small">{title}</span>}
                    </span>
                    <span className="number">{formatCount(discrepancies)}</span>
                    <span className="number muted">{formatMoney(value, currency, true)}</span>
                  </label>
                </li>
              );
            })}
          </ul>
          {others > 0 && <p className="muted small">{texts.run.filters.more(others)}</p>}
        </>
      )}
    </Loaded>
  );
}

const AGES = ['0-1', '2-3', '4-7', '8-30', '30+', ''];
const PRIORITIES = ['critical', 'high', 'medium', 'low', ''];

/** What has an order of its own keeps it; all else comes with the most expensive first. */
function sorted<T extends { readonly group: string }>(name: Chosen, groups: readonly T[]): readonly T[] {
  const order = { age: AGES, priority: PRIORITIES }[name as string];
  if (order === undefined) return groups;
  return groups.toSorted((a, b) => order.indexOf(a.group) - order.indexOf(b.group));
}

/** What narrows the list now, each with a way out. */
export function ActiveFilters({ view, titleOf, onFilter }: Omit<FilterProps, 'runId' | 'currency'>): ReactNode {
  const active = FILTERS.flatMap((name) =>
    (isOneText(name) ? [view.filter[name] ?? ''] : valuesOf(view.filter, name))
      .filter((value) => value !== '')
      .map((value) => ({ name, value })),
  );
  if (active.length === 0) return null;
  const remove = (name: FilterName, value: string): void =>
    onFilter({ [name]: isOneText(name) ? undefined : toggled(view.filter, name, value) });
  return (
    <ul className={styles.active} aria-label={texts.run.filters.label}>
      {active.map(({ name, value }) => {
        const words = filterWords(name, value);
        return (
          <li key={`${name} ${value}`}>
            <button
              type="button"
              className={styles.chip}
              title={name === 'finding' ? titleOf(value) : undefined}
              aria-label={texts.run.filters.remove(filterName(name), words)}
              onClick={() => remove(name, value)}
            >
              <span className="muted">{filterName(name)}</span> {words}
              <Icon name="close" size={12} />
            </button>
          </li>
        );
      })}
      {active.length > 1 && (
        <li>
          <button
            type="button"
            className={styles.link}
            onClick={() => onFilter(Object.fromEntries(FILTERS.map((name) => [name, undefined])))}
          >
            {texts.run.filters.clear}
          </button>
        </li>
      )}
    </ul>
  );
}

const isOneText = (name: FilterName): boolean => name === 'text' || name === 'min_value';
