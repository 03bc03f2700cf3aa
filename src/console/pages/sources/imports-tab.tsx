/** Files that were brought in, the ones that wait for a decision first. Never releases one without saying why it is held. */
import { Button, Modal, Select } from '@mantine/core';
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { ask, call } from '../../api/ask.ts';
import { useMay } from '../../api/session.ts';
import { FormFailure } from '../../parts/form-failure.tsx';
import { Loaded, Notice, Skeleton } from '../../parts/loaded.tsx';
import { Panel } from '../../parts/page.tsx';
import { texts } from '../../texts/texts.ts';
import { ImportTable } from './import-table.tsx';
import { RejectionsDrawer } from './rejections-drawer.tsx';
import type { Import } from './source.ts';
import styles from './sources.module.css';

type State = 'accepted' | 'held' | 'refused' | 'removed';
const PAGE = 50;
const HELD_SHOWN = 100;

export function ImportsTab(): ReactNode {
  const words = texts.sources.imports;
  const { source, state, rejections } = useSearch({ strict: false });
  const navigate = useNavigate();
  const set = (change: Record<string, string | undefined>): void =>
    void navigate({ to: '.', search: (before) => ({ ...before, ...change }), resetScroll: false });
  const mayBring = useMay('analyst');
  const isFiltered = source !== undefined || state !== undefined;
  const query = useImports(source, state);
  return (
    <div className={styles.stack}>
      {!isFiltered && <Held onRejections={(id) => set({ rejections: id })} />}
      <Panel isFlush>
        <Filters source={source} state={state} onChange={set} />
        <Loaded query={query} skeleton={<Skeleton lines={8} height={24} />}>
          {({ pages }) => {
            const items = pages.flatMap((page) => page.items);
            if (items.length === 0)
              return (
                <Notice title={isFiltered ? words.noneFits : words.none}>
                  <p>{isFiltered ? words.noneFitsHint : words.noneHint}</p>
                  {!isFiltered && (mayBring ? <ToSources /> : <p>{words.onlyAnalysts}</p>)}
                </Notice>
              );
            return <ImportTable imports={items} onRejections={(id) => set({ rejections: id })} />;
          }}
        </Loaded>
        {query.hasNextPage && (
          <div className={styles.more}>
            <Button variant="default" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
              {words.more}
            </Button>
          </div>
        )}
      </Panel>
      <RejectionsDrawer id={rejections} onClose={() => set({ rejections: undefined })} />
    </div>
  );
}

function useImports(source: string | undefined, state: string | undefined) {
  const asked = {
    limit: PAGE,
    ...(source !== undefined && { source }),
    ...(state !== undefined && { state: state as State }),
  };
  return useInfiniteQuery({
    queryKey: ['GET /imports', asked],
    initialPageParam: undefined as string | undefined,
    queryFn: async ({ pageParam: cursor, signal }) => {
      const question = { query: { ...asked, ...(cursor !== undefined && { cursor }) } };
      return (await call('GET /imports', question, { signal })).body;
    },
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });
}

function ToSources(): ReactNode {
  return (
    <Link to="/sources" search={({ site }) => ({ site })}>
      {texts.sources.imports.toSources}
    </Link>
  );
}

interface FiltersProps {
  readonly source: string | undefined;
  readonly state: string | undefined;
  readonly onChange: (change: Record<string, string | undefined>) => void;
}

function Filters({ source, state, onChange }: FiltersProps): ReactNode {
  const words = texts.sources.imports;
  const { data } = useQuery(ask('GET /sources'));
  const names = [
    ...new Set([...(data?.items.map(({ name }) => name) ?? []), ...(source === undefined ? [] : [source])]),
  ];
  const all = { value: '', label: words.all };
  return (
    <div className={styles.filters}>
      <Select
        label={words.source}
        data={[all, ...names.map((name) => ({ value: name, label: name }))]}
        value={source ?? ''}
        onChange={(name) => onChange({ source: name || undefined })}
      />
      <Select
        label={words.state}
        data={[all, ...Object.entries(words.states).map(([value, label]) => ({ value, label }))]}
        value={state ?? ''}
        onChange={(name) => onChange({ state: name || undefined })}
      />
    </div>
  );
}

function Held({ onRejections }: { onRejections: (id: string) => void }): ReactNode {
  const words = texts.sources.imports;
  const { data } = useQuery(ask('GET /imports', { query: { state: 'held', limit: HELD_SHOWN } }));
  const mayRelease = useMay('approver');
  const [wanted, setWanted] = useState<Import>();
  if (data === undefined || data.items.length === 0) return null;
  return (
    <Panel title={words.heldTitle} isFlush>
      <div className={styles.filters}>
        <p className={styles.hint}>
          {words.heldHint} {!mayRelease && words.needsApprover}
        </p>
      </div>
      <ImportTable imports={data.items} onRejections={onRejections} {...(mayRelease && { onRelease: setWanted })} />
      {wanted !== undefined && <ReleaseDialog held={wanted} onClose={() => setWanted(undefined)} />}
    </Panel>
  );
}

function ReleaseDialog({ held, onClose }: { held: Import; onClose: () => void }): ReactNode {
  const words = texts.sources.imports;
  const queries = useQueryClient();
  const { mutate, isPending, error } = useMutation({
    mutationFn: () => call('POST /imports/{id}/release', { path: { id: held.id } }),
    onSuccess: async () => {
      await Promise.all(
        ['GET /imports', 'GET /sources'].map((name) => queries.invalidateQueries({ queryKey: [name] })),
      );
      onClose();
    },
  });
  return (
    <Modal opened onClose={onClose} title={words.releaseLabel(held.file_name)}>
      <div className={styles.form}>
        <FormFailure error={error} />
        <p>{words.releaseHint(held.failure ?? '')}</p>
        <footer>
          <Button variant="default" data-autofocus onClick={onClose}>
            {texts.actions.cancel}
          </Button>
          <Button loading={isPending} onClick={() => mutate()}>
            {words.release}
          </Button>
        </footer>
      </div>
    </Modal>
  );
}
