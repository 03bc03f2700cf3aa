/** Rows of a file that a run would reject: why, as CSV, and the way back once they are corrected. Never corrects one itself. */
import { Button, Drawer } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { type Answer, ask, call } from '../../api/ask.ts';
import { useMay } from '../../api/session.ts';
import { Icon } from '../../parts/icon.tsx';
import { Loaded, Notice } from '../../parts/loaded.tsx';
import table from '../../parts/table.module.css';
import { texts } from '../../texts/texts.ts';
import type { Import } from './source.ts';
import { isSnapshot, mayHaveSeveral } from './source-draft.ts';
import styles from './sources.module.css';
import { UploadDialog } from './upload-dialog.tsx';

type Rejection = Answer<'GET /imports/{id}/rejections'>['items'][number];
const PAGE = 50;

export function RejectionsDrawer({ id, onClose }: { id: string | undefined; onClose: () => void }): ReactNode {
  const query = useQuery({ ...ask('GET /imports/{id}', { path: { id: id ?? '' } }), enabled: id !== undefined });
  return (
    <Drawer
      opened={id !== undefined}
      onClose={onClose}
      size="min(960px, 100%)"
      title={texts.sources.imports.rejections.title(query.data?.file_name ?? '')}
    >
      {id !== undefined && <Loaded query={query}>{(file) => <Rejections file={file} />}</Loaded>}
    </Drawer>
  );
}

function Rejections({ file }: { file: Import }): ReactNode {
  const words = texts.sources.imports.rejections;
  const { id } = file;
  const query = useInfiniteQuery({
    queryKey: ['GET /imports/{id}/rejections', id],
    initialPageParam: undefined as string | undefined,
    queryFn: async ({ pageParam: cursor, signal }) => {
      const question = { path: { id }, query: { limit: PAGE, ...(cursor !== undefined && { cursor }) } };
      return (await call('GET /imports/{id}/rejections', question, { signal })).body;
    },
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });
  return (
    <Loaded query={query}>
      {({ pages }) => {
        const rows = pages.flatMap((page) => page.items);
        if (rows.length === 0)
          return (
            <Notice title={words.none} tone="good">
              <p>{words.noneHint}</p>
            </Notice>
          );
        return (
          <div className={styles.stack}>
            <p className={styles.warning}>{words.lead(rows.length, query.hasNextPage)}</p>
            <WayBack file={file} />
            <RejectedTable rows={rows} header={pages[0]?.header ?? []} />
            {query.hasNextPage && (
              <Button variant="default" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
                {words.more}
              </Button>
            )}
          </div>
        );
      }}
    </Loaded>
  );
}

function WayBack({ file: { id, kind, system, source } }: { file: Import }): ReactNode {
  const words = texts.sources.imports.rejections;
  const mayBring = useMay('analyst');
  const [isSending, setSending] = useState(false);
  const hint = isSnapshot(kind) ? words.snapshotHint : mayHaveSeveral(kind) ? words.correctHint : words.tableHint;
  return (
    <div className={styles.form}>
      <p className="muted">{hint}</p>
      <div className={styles.left}>
        <Button
          component="a"
          variant="default"
          href={`/api/v1/imports/${id}/rejections.csv`}
          download
          leftSection={<Icon name="download" />}
        >
          {words.download}
        </Button>
        {mayBring && (
          <Button leftSection={<Icon name="upload" />} onClick={() => setSending(true)}>
            {words.correct}
          </Button>
        )}
      </div>
      {isSending && <UploadDialog address={{ kind, system, source }} onClose={() => setSending(false)} />}
    </div>
  );
}

function RejectedTable({ rows, header }: { rows: readonly Rejection[]; header: readonly string[] }): ReactNode {
  const words = texts.sources.imports.rejections;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what can be scrolled sideways can be reached by keys
    <section className={styles.rows} tabIndex={0} aria-label={words.title('')}>
      <table className={table.table}>
        <thead>
          <tr>
            <th scope="col" className="number">
              {words.row}
            </th>
            <th scope="col">{words.why}</th>
            {header.map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ row, column, value, reason, cells }) => (
            <tr key={row}>
              <th scope="row" className="number">
                {row}
              </th>
              <td>
                {reason}
                <span className={styles.sub}>{value === '' ? words.isEmpty(column) : words.says(column, value)}</span>
              </td>
              {header.map((name, at) => (
                <td key={name} data-wrong={name === column}>
                  {cells[at] ?? ''}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
