/** Views that people keep of the list: filters, order, groups and columns under a name. Never keeps what a view shows. */
import { Button, Checkbox, Popover, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { type Answer, ask, call } from '../../api/ask.ts';
import { useMay } from '../../api/session.ts';
import { Icon } from '../../parts/icon.tsx';
import { FailureNotice, Loaded } from '../../parts/loaded.tsx';
import { texts } from '../../texts/texts.ts';
import { type LayoutChoice, readLayout } from './layout-choice.ts';
import styles from './run.module.css';
import { savedQuery } from './run-view.ts';

type View = Answer<'GET /views'>['items'][number];
const PAGE = 'run';
const words = texts.run.views;

interface ViewsProps {
  readonly layout: LayoutChoice;
  readonly onLayout: (change: Partial<LayoutChoice>) => void;
}

export function SavedViews(props: ViewsProps): ReactNode {
  const [isOpen, setOpen] = useState(false);
  return (
    <Popover opened={isOpen} onChange={setOpen} position="bottom-end" trapFocus returnFocus shadow="md">
      <Popover.Target>
        <button
          type="button"
          className={styles.tool}
          aria-haspopup="dialog"
          aria-expanded={isOpen}
          title={words.title}
          onClick={() => setOpen(!isOpen)}
        >
          <Icon name="save" label={words.title} />
        </button>
      </Popover.Target>
      <Popover.Dropdown className={styles.menu} aria-label={words.title}>
        {isOpen && <ViewList {...props} onClose={() => setOpen(false)} />}
      </Popover.Dropdown>
    </Popover>
  );
}

function ViewList({ layout, onLayout, onClose }: ViewsProps & { onClose: () => void }): ReactNode {
  const views = useQuery(ask('GET /views', { query: { page: PAGE } }));
  const search = useSearch({ strict: false });
  const navigate = useNavigate();
  const now = savedQuery(search);
  const show = ({ query, columns }: View): void => {
    if (columns.length > 0) onLayout({ columns: readLayout({ columns }).columns });
    // A view of all sites leaves the site that was chosen.
    const wanted = { site: undefined, ...Object.fromEntries(new URLSearchParams(query)) };
    void navigate({ to: '.', search: () => wanted, resetScroll: false });
    onClose();
  };
  return (
    <Loaded query={views}>
      {({ items }) => (
        <>
          {items.length === 0 && <p className={styles.quiet}>{words.empty}</p>}
          <ul className={styles.options}>
            {items.map((view) => (
              <li key={view.id} className={styles.view}>
                <button
                  type="button"
                  className={styles.viewName}
                  aria-current={view.query === now ? 'true' : undefined}
                  onClick={() => show(view)}
                >
                  {view.name}
                  {view.is_shared && (
                    <span className="muted small">{view.is_mine ? words.sharedMine : words.shared}</span>
                  )}
                </button>
                {view.is_mine && <RemoveView view={view} />}
              </li>
            ))}
          </ul>
          <SaveView query={now} columns={layout.columns} mine={items.filter(({ is_mine: isMine }) => isMine)} />
        </>
      )}
    </Loaded>
  );
}

function useViewChange<T>(change: (given: T) => Promise<unknown>) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSettled: () => queries.invalidateQueries({ queryKey: ['GET /views'] }),
  });
}

function RemoveView({ view: { id, name, version } }: { view: View }): ReactNode {
  const remove = useViewChange(() => call('DELETE /views/{id}', { path: { id }, version }));
  return (
    <>
      <button
        type="button"
        className={styles.tool}
        aria-label={words.remove(name)}
        title={words.remove(name)}
        disabled={remove.isPending}
        onClick={() => remove.mutate(undefined)}
      >
        <Icon name="close" size={12} />
      </button>
      {remove.error !== null && <FailureNotice error={remove.error} />}
    </>
  );
}

/** Under a name that one has already, the view takes the place of that one. */
function SaveView({
  query,
  columns,
  mine,
}: {
  query: string;
  columns: readonly string[];
  mine: readonly View[];
}): ReactNode {
  const mayShare = useMay('analyst');
  const [typed, setTyped] = useState('');
  const [isShared, setShared] = useState(false);
  const name = typed.trim();
  const same = mine.find((view) => view.name === name);
  const save = useViewChange(async () => {
    const body = { page: PAGE, name, query, columns: [...columns], is_shared: isShared };
    if (same === undefined) await call('POST /views', { body });
    else await call('PUT /views/{id}', { path: { id: same.id }, body, version: same.version });
    setTyped('');
  });
  return (
    <form
      className={styles.saveView}
      onSubmit={(event) => {
        event.preventDefault();
        if (name !== '') save.mutate(undefined);
      }}
    >
      <TextInput label={words.saveAs} maxLength={100} value={typed} onChange={({ target }) => setTyped(target.value)} />
      {mayShare && (
        <Checkbox label={words.share} checked={isShared} onChange={({ target }) => setShared(target.checked)} />
      )}
      {save.error !== null && <FailureNotice error={save.error} />}
      <Button type="submit" loading={save.isPending} disabled={name === ''}>
        {same === undefined ? words.save : words.replace}
      </Button>
    </form>
  );
}
