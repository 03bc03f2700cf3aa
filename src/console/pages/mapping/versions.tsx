/** Versions of the mapping with who and why, and the way back. Never removes one. */
import { Button, Modal, Textarea } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { useActorName } from '../../api/actors.ts';
import { ask, call } from '../../api/ask.ts';
import { useMay } from '../../api/session.ts';
import { Moment } from '../../parts/figures.tsx';
import { failureWords, Loaded } from '../../parts/loaded.tsx';
import { Panel } from '../../parts/page.tsx';
import table from '../../parts/table.module.css';
import { texts } from '../../texts/texts.ts';
import styles from './mapping.module.css';
import type { MappingVersion } from './mapping-answers.ts';
import { type MappingDocument, movesBetween, type Side } from './mapping-draft.ts';
import { placeWords } from './matrix-table.tsx';

interface VersionsProps {
  readonly current: MappingVersion;
  readonly version: number;
  readonly systems: Readonly<Record<string, Side>>;
}

const VERSIONS_SHOWN = 50;

export function Versions({ current, version, systems }: VersionsProps): ReactNode {
  const words = texts.mapping.versions;
  const query = useQuery(ask('GET /mappings/versions', { query: { limit: VERSIONS_SHOWN } }));
  const mayRollBack = useMay('approver');
  const nameOf = useActorName();
  const [wanted, setWanted] = useState<MappingVersion>();
  return (
    <Panel title={words.title} isFlush>
      <Loaded query={query}>
        {({ items }) => (
          <table className={table.table}>
            <thead>
              <tr>
                <th scope="col" className="number">
                  {words.columns.version}
                </th>
                {[words.columns.at, words.columns.author, words.columns.reason, words.columns.change].map((column) => (
                  <th key={column} scope="col">
                    {column}
                  </th>
                ))}
                <th scope="col">
                  <span className="unseen">{words.rollBack}</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {items.map((item, index) => (
                <tr key={item.version}>
                  <td className="number">{item.version}</td>
                  <td>
                    <Moment at={item.created_at} />
                  </td>
                  <td>{item.origin === 'file' ? words.file : nameOf(item.author)}</td>
                  <td>{item.reason}</td>
                  <td>{changeWords(items[index + 1], item, systems)}</td>
                  <td className="number">
                    {item.version === current.version ? (
                      <span className="muted">{words.inForce}</span>
                    ) : (
                      mayRollBack && (
                        <Button variant="default" onClick={() => setWanted(item)}>
                          {words.rollBack}
                        </Button>
                      )
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </Loaded>
      {wanted !== undefined && <RollBack wanted={wanted} version={version} onClose={() => setWanted(undefined)} />}
    </Panel>
  );
}

function changeWords(
  before: MappingVersion | undefined,
  after: MappingVersion,
  systems: VersionsProps['systems'],
): string {
  if (before === undefined) return after.version === 1 ? texts.mapping.versions.first : '…';
  const moves = movesBetween(before.document as MappingDocument, after.document as MappingDocument, systems);
  if (moves.length === 0) return texts.mapping.versions.same;
  return moves
    .map(({ row, from, to }) => texts.mapping.draft.moved(row.status, placeWords(from), placeWords(to)))
    .join(', ');
}

function RollBack({
  wanted,
  version,
  onClose,
}: {
  wanted: MappingVersion;
  version: number;
  onClose: () => void;
}): ReactNode {
  const words = texts.mapping.versions;
  const [reason, setReason] = useState('');
  const queries = useQueryClient();
  const { mutate, isPending, error } = useMutation({
    mutationFn: () => call('POST /mappings/roll-back', { version, body: { version: wanted.version, reason } }),
    onSuccess: async () => {
      await queries.invalidateQueries({ predicate: ({ queryKey: [name] }) => String(name).includes('/mappings') });
      onClose();
    },
  });
  return (
    <Modal opened onClose={onClose} title={words.rollBackTitle(wanted.version)}>
      <div className={styles.draft}>
        {error !== null && (
          <p role="alert" className={styles.failure}>
            {failureWords(error).detail}
          </p>
        )}
        <p>{words.rollBackHint}</p>
        <Textarea
          label={texts.mapping.draft.reason}
          data-autofocus
          autosize
          minRows={2}
          value={reason}
          onChange={({ target }) => setReason(target.value)}
        />
        <Button loading={isPending} disabled={reason.trim().length < 3} onClick={() => mutate()}>
          {words.rollBack}
        </Button>
      </div>
    </Modal>
  );
}
