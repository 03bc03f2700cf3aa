/** What goes between the systems: how much, how late, what was refused, who is silent; and the messages themselves. */
import { useQuery } from '@tanstack/react-query';
import { Link, useSearch } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { ask } from '../../api/ask.ts';
import { formatMoment } from '../../format/moments.ts';
import { Loaded, Notice, Skeleton } from '../../parts/loaded.tsx';
import { Page, Panel } from '../../parts/page.tsx';
import { texts } from '../../texts/texts.ts';
import type { Interface, Interfaces } from './interface-answers.ts';
import { InterfaceTable } from './interface-table.tsx';
import styles from './interfaces.module.css';
import { Messages } from './messages.tsx';

export function InterfacesPage(): ReactNode {
  const { site, run } = useSearch({ strict: false });
  const query = useQuery(
    ask('GET /interfaces', { query: { ...(site !== undefined && { site }), ...(run !== undefined && { run }) } }),
  );
  return (
    <Page title={texts.interfaces.title} lead={query.data !== undefined && leadWords(query.data)}>
      <Loaded query={query} skeleton={<Skeleton lines={6} height={28} />}>
        {(found) => (found.items.length === 0 ? <NoMessages /> : <Known found={found} />)}
      </Loaded>
    </Page>
  );
}

function leadWords({ items }: Interfaces): string {
  const words = texts.interfaces;
  if (items.length === 0) return '';
  const sum = (count: (each: Interface) => number): number => items.reduce((total, each) => total + count(each), 0);
  const silent = items.filter(({ silence }) => silence.is_silent).length;
  const troubles = words.troubles(
    sum(({ rejected }) => rejected),
    sum(({ late }) => late),
    silent,
  );
  const lead = words.lead(
    items.length,
    sum(({ lines }) => lines),
  );
  return `${lead} ${troubles === '' ? words.calm : `${troubles.replace(/^./, (first) => first.toUpperCase())}.`}`;
}

function NoMessages(): ReactNode {
  return (
    <Notice title={texts.interfaces.none}>
      <p>{texts.interfaces.noneHint}</p>
      <Link to="/sources">{texts.interfaces.openSources}</Link>
    </Notice>
  );
}

function Known({ found }: { found: Interfaces }): ReactNode {
  const words = texts.interfaces;
  const { files, unreadable_rows: unreadable, run_id: run, heartbeat_from: from } = found;
  return (
    <>
      {files
        .filter(({ state }) => state !== 'as-read')
        .map(({ file, state }) => (
          <p key={file} className={styles.warning}>
            {words.files[state === 'gone' ? 'gone' : 'changed'](file)}
          </p>
        ))}
      {unreadable > 0 && <p className={styles.warning}>{words.unreadable(unreadable)}</p>}
      <Panel isFlush>
        <InterfaceTable found={found} />
      </Panel>
      {from !== null && (
        <p className={`muted small ${styles.note}`}>{words.heartbeatFrom(formatMoment(from, Date.now()))}</p>
      )}
      {run !== null && <Messages run={run} interfaces={found.items.map((each) => each.interface)} />}
    </>
  );
}
