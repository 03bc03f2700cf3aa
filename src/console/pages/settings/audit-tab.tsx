/** Who changed what. Never changes anything: the trail only grows. */
import { Button, Select, TextInput } from '@mantine/core';
import { useInfiniteQuery, useMutation } from '@tanstack/react-query';
import { Fragment, type ReactNode, useState } from 'react';
import { useActorName } from '../../api/actors.ts';
import { type Answer, call } from '../../api/ask.ts';
import { Moment } from '../../parts/figures.tsx';
import { FormFailure } from '../../parts/form-failure.tsx';
import { Icon } from '../../parts/icon.tsx';
import { Loaded, Notice } from '../../parts/loaded.tsx';
import { Panel } from '../../parts/page.tsx';
import table from '../../parts/table.module.css';
import { texts } from '../../texts/texts.ts';
import styles from './settings.module.css';

type Entry = Answer<'GET /audit'>['items'][number];
interface Filter {
  readonly entity?: string;
  readonly from?: string;
  readonly to?: string;
}
const PAGE = 50;

export function AuditTab(): ReactNode {
  const words = texts.settings.audit;
  const [filter, setFilter] = useState<Filter>({});
  const query = useInfiniteQuery({
    queryKey: ['GET /audit', filter],
    initialPageParam: undefined as string | undefined,
    queryFn: async ({ pageParam: cursor, signal }) =>
      (
        await call(
          'GET /audit',
          { query: { ...filter, limit: PAGE, ...(cursor !== undefined && { cursor }) } },
          { signal },
        )
      ).body,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });
  return (
    <>
      <div className={styles.head}>
        <p>{words.lead}</p>
        <Button
          component="a"
          variant="default"
          leftSection={<Icon name="download" />}
          href={`/api/v1/audit/export?${new URLSearchParams({ ...filter })}`}
          download
        >
          {words.export}
        </Button>
      </div>
      <Verification />
      <Filters filter={filter} onChange={setFilter} />
      <Loaded query={{ ...query, data: query.data }}>
        {({ pages }) => {
          const entries = pages.flatMap(({ items }) => items);
          if (entries.length === 0) return <Notice title={words.none}>{words.noneHint}</Notice>;
          return (
            <Panel isFlush>
              <AuditTable entries={entries} />
              {query.hasNextPage && (
                <div className={styles.more}>
                  <Button
                    variant="default"
                    loading={query.isFetchingNextPage}
                    onClick={() => void query.fetchNextPage()}
                  >
                    {texts.settings.more}
                  </Button>
                </div>
              )}
            </Panel>
          );
        }}
      </Loaded>
    </>
  );
}

function Filters({ filter, onChange }: { filter: Filter; onChange: (filter: Filter) => void }): ReactNode {
  const { filters, entities } = texts.settings.audit;
  const day = (text: string | undefined): string => text?.slice(0, 10) ?? '';
  const moment = (text: string): string | undefined => (text === '' ? undefined : `${text}T00:00:00Z`);
  return (
    <div className={styles.filters}>
      <Select
        label={filters.entity}
        data={[
          { value: '', label: filters.all },
          ...Object.entries(entities).map(([value, label]) => ({ value, label })),
        ]}
        value={filter.entity ?? ''}
        onChange={(entity) => onChange(without({ ...filter, entity: entity || undefined }))}
      />
      <TextInput
        type="date"
        label={filters.from}
        value={day(filter.from)}
        onChange={({ target }) => onChange(without({ ...filter, from: moment(target.value) }))}
      />
      <TextInput
        type="date"
        label={filters.until}
        value={day(filter.to)}
        onChange={({ target }) => onChange(without({ ...filter, to: moment(target.value) }))}
      />
    </div>
  );
}

/** Without what is not said: the question goes to the server as it stands. */
function without(filter: { [name in keyof Filter]: Filter[name] | undefined }): Filter {
  return Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined));
}

function AuditTable({ entries }: { entries: readonly Entry[] }): ReactNode {
  const { columns, showChange, before, after } = texts.settings.audit;
  const nameOf = useActorName();
  const [opened, setOpened] = useState<number>();
  return (
    <table className={table.table}>
      <thead>
        <tr>
          <th scope="col" className="number">
            {columns.number}
          </th>
          {[columns.at, columns.actor, columns.action, columns.entity, columns.change].map((column) => (
            <th key={column} scope="col">
              {column}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {entries.map((entry) => (
          <Fragment key={entry.number}>
            <tr>
              <td className="number">{entry.number}</td>
              <td>
                <Moment at={entry.at} />
              </td>
              <td>{nameOf(entry.actor)}</td>
              <td>{entry.action}</td>
              <td>{entry.entity_id}</td>
              <td>
                <button
                  type="button"
                  className={styles.asButton}
                  aria-expanded={opened === entry.number}
                  onClick={() => setOpened(opened === entry.number ? undefined : entry.number)}
                >
                  <span className="unseen">{showChange(entry.number)}: </span>
                  {changeWords(entry)}
                </button>
              </td>
            </tr>
            {opened === entry.number && (
              <tr>
                <td colSpan={6}>
                  <div className={styles.change}>
                    <Side name={before} value={entry.before} />
                    <Side name={after} value={entry.after} />
                  </div>
                </td>
              </tr>
            )}
          </Fragment>
        ))}
      </tbody>
    </table>
  );
}

function Side({ name, value }: { name: string; value: unknown }): ReactNode {
  return (
    <div>
      <p className="muted small">{name}</p>
      <pre>{value === null || value === undefined ? '–' : JSON.stringify(value, null, 2)}</pre>
    </div>
  );
}

/** The names of what differs, or what it is now where it was not before. */
function changeWords({ before, after }: Entry): string {
  const [old, now] = [fieldsOf(before), fieldsOf(after)];
  const names = [...new Set([...Object.keys(old), ...Object.keys(now)])];
  const changed = names.filter((name) => JSON.stringify(old[name]) !== JSON.stringify(now[name]));
  return changed.slice(0, 4).join(', ') + (changed.length > 4 ? ' …' : '') || '–';
}

function fieldsOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function Verification(): ReactNode {
  const words = texts.settings.audit;
  const { mutate, isPending, data, error } = useMutation({
    mutationFn: async () => (await call('GET /audit/verify')).body,
  });
  return (
    <div className={styles.form}>
      <div>
        <Button variant="default" leftSection={<Icon name="check" />} loading={isPending} onClick={() => mutate()}>
          {words.verify}
        </Button>
      </div>
      <FormFailure error={error} />
      {data !== undefined && (
        <p role="status" className={data.is_whole ? styles.done : styles.failure}>
          {verdictOf(data)}
        </p>
      )}
    </div>
  );
}

function verdictOf({ is_whole, head, number, reason }: Answer<'GET /audit/verify'>): string {
  const words = texts.settings.audit;
  if (!is_whole) return words.broken(number ?? 0, reason ?? '');
  return head === undefined ? words.empty : words.whole(head.number, head.hash.slice(0, 16));
}
