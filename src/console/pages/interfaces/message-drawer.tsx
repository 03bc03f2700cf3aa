/** A message: its row as it stands in the file, beside what was understood of it. Never edits it. */
import { Button, CopyButton, Drawer } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { ask } from '../../api/ask.ts';
import { formatCount } from '../../format/decimals.ts';
import { Loaded, Notice } from '../../parts/loaded.tsx';
import table from '../../parts/table.module.css';
import { texts } from '../../texts/texts.ts';
import type { RunMessage } from './interface-answers.ts';
import styles from './interfaces.module.css';

interface DrawerProps {
  readonly run: string;
  readonly message: RunMessage | undefined;
  readonly onClose: () => void;
}

export function MessageDrawer({ run, message, onClose }: DrawerProps): ReactNode {
  const id = message?.message['message_id'] ?? '';
  return (
    <Drawer
      opened={message !== undefined}
      onClose={onClose}
      size="min(720px, 100%)"
      title={texts.interfaces.drawer.title(id)}
    >
      {message !== undefined && <Shown run={run} message={message} />}
    </Drawer>
  );
}

function Shown({ run, message }: { run: string; message: RunMessage }): ReactNode {
  const words = texts.interfaces.drawer;
  const { item, site, file, row } = message;
  return (
    <div className={styles.drawer}>
      {message.message['error'] !== undefined && <Notice title={message.message['error']} tone="over" />}
      {file !== '' && row !== null ? <Raw run={run} file={file} row={row} /> : <p className="muted">{words.takenIn}</p>}
      <section>
        <h3>{words.parsed}</h3>
        <table className={table.table}>
          <tbody>
            {Object.entries(message.message).map(([name, value]) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                <td className={styles.value}>{value}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      {item !== '' && (
        <Link to="/items/$item" params={{ item }} search={site === '' ? {} : { site }}>
          {words.toItem}
        </Link>
      )}
    </div>
  );
}

function Raw({ run, file, row }: { run: string; file: string; row: number }): ReactNode {
  const words = texts.interfaces.drawer;
  const query = useQuery(ask('GET /runs/{id}/document', { path: { id: run }, query: { file, row, around: 0 } }));
  return (
    <section>
      <h3>{words.raw}</h3>
      <Loaded query={query}>
        {({ rows, raw_header: header, message, state }) => {
          const [asked] = rows;
          if (asked === undefined) return <Notice title={message} tone="warn" />;
          return (
            <>
              {state === 'changed' && <Notice title={message} tone="warn" />}
              <p className="muted small">{words.place(file, formatCount(row))}</p>
              <pre className={styles.raw}>
                {header !== null && <span className="muted">{`${header}\n`}</span>}
                {asked.raw ?? asked.cells.join(' | ')}
              </pre>
              <CopyButton value={asked.raw ?? asked.cells.join('\t')}>
                {({ copied, copy }) => (
                  <Button variant="default" onClick={copy}>
                    {copied ? words.copied : words.copy}
                  </Button>
                )}
              </CopyButton>
            </>
          );
        }}
      </Loaded>
    </section>
  );
}
