/** A row of a file that the run read, beside the page: its text as it stands there, and what was made of it. Never edits it. */
import { Button, CopyButton, Drawer } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { Answer } from '../../api/ask.ts';
import { formatCount } from '../../format/decimals.ts';
import { Loaded, Notice } from '../../parts/loaded.tsx';
import tables from '../../parts/table.module.css';
import { texts } from '../../texts/texts.ts';
import styles from './document-drawer.module.css';
import { type DocumentAddress, documentQuery } from './item-queries.ts';

type SourceDocument = Answer<'GET /runs/{id}/document'>;
type SourceRow = SourceDocument['rows'][number];

interface DrawerProps {
  readonly run: string;
  readonly document: DocumentAddress | undefined;
  readonly onClose: () => void;
}

export function DocumentDrawer({ run, document, onClose }: DrawerProps): ReactNode {
  const title = document === undefined ? '' : texts.item.document.title(document.file, formatCount(document.row));
  return (
    <Drawer
      opened={document !== undefined}
      onClose={onClose}
      position="right"
      size="min(720px, 100%)"
      title={title}
      classNames={{ content: styles.panel, header: styles.panel }}
      closeButtonProps={{ 'aria-label': texts.actions.close }}
    >
      {document !== undefined && <Shown run={run} document={document} />}
    </Drawer>
  );
}

function Shown({ run, document }: { run: string; document: DocumentAddress }): ReactNode {
  const query = useQuery(documentQuery(run, document));
  return <Loaded query={query}>{(source) => <Source source={source} />}</Loaded>;
}

function Source({ source }: { source: SourceDocument }): ReactNode {
  const words = texts.item.document;
  const asked = source.rows.find(({ is_asked }) => is_asked);
  const isAsRead = source.state === 'as-read' || source.state === 'taken-in';
  return (
    <div className={styles.source}>
      {isAsRead ? (
        <p className="muted">
          {[source.system, source.kind, source.state === 'as-read' ? words.asRead : source.message]
            .filter((part) => part !== '')
            .join(' · ')}
        </p>
      ) : (
        <Notice title={source.message} tone="warn" />
      )}
      {asked === undefined ? isAsRead && <Notice title={words.none} /> : <Row row={asked} source={source} />}
      {source.rows.length > 1 && <Neighbours source={source} />}
    </div>
  );
}

function Row({ row, source }: { row: SourceRow; source: SourceDocument }): ReactNode {
  const words = texts.item.document;
  const columnOf = new Map(source.columns.map(({ canonical, column }) => [canonical, column]));
  return (
    <>
      {row.fault !== null && <Notice title={words.fault(row.fault)} tone="warn" />}
      <section>
        <header className={styles.head}>
          <h3>{words.raw}</h3>
          {row.raw !== null && (
            <CopyButton value={row.raw}>
              {({ copied, copy }) => (
                <Button variant="default" size="compact-xs" onClick={copy}>
                  {copied ? words.copied : words.copy}
                </Button>
              )}
            </CopyButton>
          )}
        </header>
        {row.raw === null ? (
          <p className="muted">{words.noText}</p>
        ) : (
          <pre className={`${styles.raw} ${styles.asked}`}>
            {source.raw_header !== null && <span className="muted">{`${source.raw_header}\n`}</span>}
            {row.raw}
          </pre>
        )}
      </section>
      <section>
        <h3>{words.parsed}</h3>
        <table className={tables['table']}>
          <tbody>
            {Object.entries(row.parsed).map(([name, value]) => (
              <tr key={name}>
                <th scope="row">
                  {name}
                  {(columnOf.get(name) ?? name) !== name && <span className={styles.column}>{columnOf.get(name)}</span>}
                </th>
                <td className={styles.value}>{value}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </>
  );
}

function Neighbours({ source }: { source: SourceDocument }): ReactNode {
  const words = texts.item.document;
  return (
    <section>
      <h3>{words.neighbours}</h3>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so keys must reach it */}
      <section className={styles.raw} tabIndex={0} aria-label={words.neighbours}>
        {source.rows.map(({ row, raw, cells, is_asked }) => (
          <span key={row} className={styles.neighbour} data-asked={is_asked}>
            <span className={styles.rowNumber}>{row}</span>
            {(raw ?? cells.join(' | ')).replace(/\r?\n$/, '')}
            {'\n'}
          </span>
        ))}
      </section>
    </section>
  );
}
