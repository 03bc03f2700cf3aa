/** Finds messages by reference, item, interface or state, and opens them. Never loads more than what is looked at. */
import { Button, Select, TextInput } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { type FormEvent, type ReactNode, useState } from 'react';
import { call } from '../../api/ask.ts';
import { formatSigned } from '../../format/decimals.ts';
import { Moment } from '../../parts/figures.tsx';
import { Icon } from '../../parts/icon.tsx';
import { Loaded, Notice, Skeleton } from '../../parts/loaded.tsx';
import { Panel } from '../../parts/page.tsx';
import { type SourceAddress, SourceDrawer } from '../../parts/source-drawer.tsx';
import table from '../../parts/table.module.css';
import { texts } from '../../texts/texts.ts';
import type { RunMessage } from './interface-answers.ts';
import styles from './interfaces.module.css';

const PAGE = 50;

export function Messages({ run, interfaces }: { run: string; interfaces: readonly string[] }): ReactNode {
  const words = texts.interfaces.messages;
  const { site, interface: chosen, state, text } = useSearch({ strict: false });
  const asked = {
    limit: PAGE,
    ...(site !== undefined && { site }),
    ...(chosen !== undefined && { interface: chosen }),
    ...(state !== undefined && { state }),
    ...(text !== undefined && { text }),
  };
  const query = useInfiniteQuery({
    queryKey: ['GET /runs/{id}/messages', run, asked],
    initialPageParam: undefined as string | undefined,
    queryFn: async ({ pageParam: cursor, signal }) => {
      const question = { path: { id: run }, query: { ...asked, ...(cursor !== undefined && { cursor }) } };
      return (await call('GET /runs/{id}/messages', question, { signal })).body;
    },
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });
  const [opened, setOpened] = useState<RunMessage>();
  return (
    <Panel title={words.title} isFlush>
      <SearchForm interfaces={interfaces} />
      <Loaded query={query} skeleton={<Skeleton lines={8} height={24} />}>
        {({ pages }) => {
          const messages = pages.flatMap(({ items }) => items);
          if (messages.length === 0) return <Notice title={words.none}>{words.noneHint}</Notice>;
          return (
            <>
              <MessageTable messages={messages} onOpen={setOpened} />
              {query.hasNextPage && (
                <div className={styles.more}>
                  <Button
                    variant="default"
                    loading={query.isFetchingNextPage}
                    onClick={() => void query.fetchNextPage()}
                  >
                    {words.more}
                  </Button>
                </div>
              )}
            </>
          );
        }}
      </Loaded>
      <OpenedMessage run={run} opened={opened} onClose={() => setOpened(undefined)} />
    </Panel>
  );
}

/** A message beside the list, as it stands in the log and as it was understood. */
function OpenedMessage({
  run,
  opened,
  onClose,
}: {
  run: string;
  opened: RunMessage | undefined;
  onClose: () => void;
}): ReactNode {
  const words = texts.interfaces.drawer;
  const error = opened?.message['error'];
  return (
    <SourceDrawer
      run={run}
      source={opened && sourceOf(opened)}
      title={words.title(opened?.message['message_id'] ?? '')}
      note={error !== undefined && <Notice title={error} tone="over" />}
      onClose={onClose}
    >
      {opened !== undefined && opened.item !== '' && (
        <Link to="/items/$item" params={{ item: opened.item }} search={opened.site === '' ? {} : { site: opened.site }}>
          {words.toItem}
        </Link>
      )}
    </SourceDrawer>
  );
}

function sourceOf({ file, row, batch, line }: RunMessage): SourceAddress {
  return batch !== null && line !== null ? { kind: 'messages', batch, line } : { file, row: row ?? 0 };
}

/** The address holds what was searched for; the text is searched with Enter. */
function SearchForm({ interfaces }: { interfaces: readonly string[] }): ReactNode {
  const words = texts.interfaces.messages;
  const navigate = useNavigate();
  const { interface: chosen, state, text } = useSearch({ strict: false });
  const [typed, setTyped] = useState(text ?? '');
  const set = (change: Record<string, string | undefined>): void =>
    void navigate({ to: '.', search: (before) => ({ ...before, ...change }), resetScroll: false });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    set({ text: typed.trim() || undefined });
  };
  return (
    <form className={styles.search} onSubmit={submit}>
      <TextInput
        label={words.search}
        leftSection={<Icon name="search" />}
        value={typed}
        onChange={({ target }) => setTyped(target.value)}
      />
      <Select
        label={words.interface}
        data={[{ value: '', label: words.all }, ...interfaces.filter((name) => name !== '')]}
        value={chosen ?? ''}
        onChange={(name) => set({ interface: name || undefined })}
      />
      <Select
        label={words.state}
        data={[
          { value: '', label: words.all },
          ...Object.entries(texts.interfaces.states).map(([value, label]) => ({ value, label })),
        ]}
        value={state ?? ''}
        onChange={(name) => set({ state: name || undefined })}
      />
      <Button type="submit" variant="default">
        {words.find}
      </Button>
    </form>
  );
}

function MessageTable({
  messages,
  onOpen,
}: {
  messages: readonly RunMessage[];
  onOpen: (message: RunMessage) => void;
}): ReactNode {
  const { columns, open } = texts.interfaces.messages;
  return (
    <table className={table.table}>
      <thead>
        <tr>
          {[columns.at, columns.interface, columns.reference, columns.item].map((column) => (
            <th key={column} scope="col">
              {column}
            </th>
          ))}
          <th scope="col" className="number">
            {columns.quantity}
          </th>
          <th scope="col">{columns.state}</th>
          <th scope="col">{columns.error}</th>
        </tr>
      </thead>
      <tbody>
        {messages.map((each) => {
          const { message } = each;
          const state = message['state'] ?? '';
          const reference = message['reference'] ?? message['message_id'] ?? '';
          return (
            <tr key={`${each.file} ${each.row} ${each.batch} ${each.line}`}>
              <td>
                <Moment at={message['sent_at'] ?? each.sent_at} />
              </td>
              <td>{message['interface']}</td>
              <td>
                <button
                  type="button"
                  className={styles.asButton}
                  aria-label={open(reference)}
                  onClick={() => onOpen(each)}
                >
                  {reference}
                </button>
              </td>
              <td>
                {each.item} <span className="muted small">{each.site}</span>
              </td>
              <td className="number">{formatSigned(message['quantity'] ?? '')}</td>
              <td data-bad={state === 'rejected' || state === 'failed'} className={styles.state}>
                {texts.interfaces.states[state] ?? state}
              </td>
              <td className={styles.error}>{message['error'] ?? ''}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
