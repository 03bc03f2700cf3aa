/** What a source sees when its newest file is opened now. Never brings anything in. */
import { Button, Drawer } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { type Answer, call } from '../../api/ask.ts';
import { Moment } from '../../parts/figures.tsx';
import { Loaded, Notice, Skeleton } from '../../parts/loaded.tsx';
import { texts } from '../../texts/texts.ts';
import { JudgedRows } from './judged-rows.tsx';
import styles from './sources.module.css';

export function CheckDrawer({ name, onClose }: { name: string | undefined; onClose: () => void }): ReactNode {
  return (
    <Drawer
      opened={name !== undefined}
      onClose={onClose}
      size="min(960px, 100%)"
      title={texts.sources.checked.title(name ?? '')}
    >
      {name !== undefined && <Check name={name} />}
    </Drawer>
  );
}

function Check({ name }: { name: string }): ReactNode {
  const query = useQuery({
    queryKey: ['POST /sources/{name}/check', name],
    // Each time anew: a check is of now.
    staleTime: 0,
    gcTime: 0,
    refetchOnWindowFocus: false,
    queryFn: async ({ signal }) => (await call('POST /sources/{name}/check', { path: { name } }, { signal })).body,
  });
  return (
    <Loaded query={query} skeleton={<Skeleton lines={10} height={24} />}>
      {(found) => (
        <div className={styles.stack}>
          {found.problem !== null && (
            <Notice title={found.problem.message} tone="over" role="alert">
              <p>{found.problem.action}</p>
            </Notice>
          )}
          <Facts found={found} />
          {found.problem === null && <JudgedRows shown={found} columns={found.columns} />}
          <div>
            <Button variant="default" loading={query.isFetching} onClick={() => void query.refetch()}>
              {texts.sources.checked.again}
            </Button>
          </div>
        </div>
      )}
    </Loaded>
  );
}

function Facts({ found }: { found: Answer<'POST /sources/{name}/check'> }): ReactNode {
  const words = texts.sources.checked;
  const { file, bytes, modified_at: modified, as_of: asOf, columns } = found;
  return (
    <dl className={styles.facts}>
      <dt>{words.file}</dt>
      <dd>{file ?? words.noFile}</dd>
      {bytes !== null && (
        <>
          <dt>{words.size}</dt>
          <dd>{words.bytes(bytes)}</dd>
        </>
      )}
      {modified !== null && (
        <>
          <dt>{words.modified}</dt>
          <dd>
            <Moment at={modified} />
          </dd>
        </>
      )}
      {asOf !== null && (
        <>
          <dt>{words.asOf}</dt>
          <dd>
            <Moment at={asOf} />
          </dd>
        </>
      )}
      {columns.length > 0 && (
        <>
          <dt>{words.columns}</dt>
          <dd>{columns.map(({ canonical, column }) => words.column(canonical, column)).join(', ')}</dd>
        </>
      )}
    </dl>
  );
}
