/** Keys of other systems: made, shown once, revoked. Never keeps a secret. */
import { Button, Modal } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { type Answer, ask, call } from '../../api/ask.ts';
import { Moment } from '../../parts/figures.tsx';
import { FormFailure } from '../../parts/form-failure.tsx';
import { Icon } from '../../parts/icon.tsx';
import { Loaded, Notice } from '../../parts/loaded.tsx';
import { Panel } from '../../parts/page.tsx';
import table from '../../parts/table.module.css';
import { texts } from '../../texts/texts.ts';
import { KeyForm } from './key-form.tsx';
import { sitesWords } from './rights-fields.tsx';
import styles from './settings.module.css';

type Key = Answer<'GET /api-keys'>['items'][number];
const KEYS_MAX = 1_000;

export function KeysTab(): ReactNode {
  const words = texts.settings.keys;
  const query = useQuery(ask('GET /api-keys', { query: { limit: KEYS_MAX } }));
  const [isMaking, setMaking] = useState(false);
  const [revoked, setRevoked] = useState<Key>();
  return (
    <>
      <div className={styles.head}>
        <p>{words.lead}</p>
        <Button leftSection={<Icon name="add" />} onClick={() => setMaking(true)}>
          {words.add}
        </Button>
      </div>
      <Loaded query={query}>
        {({ items }) =>
          items.length === 0 ? (
            <Notice title={words.none}>
              <p>{words.noneHint}</p>
            </Notice>
          ) : (
            <Panel isFlush>
              <KeysTable keys={items} onRevoke={setRevoked} />
            </Panel>
          )
        }
      </Loaded>
      {isMaking && <KeyForm onClose={() => setMaking(false)} />}
      {revoked !== undefined && <RevokeDialog apiKey={revoked} onClose={() => setRevoked(undefined)} />}
    </>
  );
}

function KeysTable({ keys, onRevoke }: { keys: readonly Key[]; onRevoke: (key: Key) => void }): ReactNode {
  const words = texts.settings.keys;
  return (
    <table className={table.table}>
      <thead>
        <tr>
          {Object.values(words.columns).map((column) => (
            <th key={column} scope="col">
              {column}
            </th>
          ))}
          <th scope="col">
            <span className="unseen">{words.revoke}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {keys.map((key) => {
          const state = stateOf(key);
          return (
            <tr key={key.id} className={state === 'active' ? undefined : styles.off}>
              <td>{key.name}</td>
              <td className="mono">{key.prefix}…</td>
              <td>{texts.roles[key.role]}</td>
              <td>{sitesWords(key.sites)}</td>
              <td>
                <Moment at={key.created_at} />
              </td>
              <td>{key.last_used_at === null ? words.never : <Moment at={key.last_used_at} />}</td>
              <td>{key.expires_at === null ? words.never : <Moment at={key.expires_at} />}</td>
              <td>{words[state]}</td>
              <td>
                {state === 'active' && (
                  <Button variant="default" onClick={() => onRevoke(key)} aria-label={words.revokeTitle(key.name)}>
                    {words.revoke}
                  </Button>
                )}
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

function stateOf({ revoked_at, expires_at }: Key): 'active' | 'revoked' | 'expired' {
  if (revoked_at !== null) return 'revoked';
  return expires_at !== null && Date.parse(expires_at) <= Date.now() ? 'expired' : 'active';
}

function RevokeDialog({ apiKey, onClose }: { apiKey: Key; onClose: () => void }): ReactNode {
  const words = texts.settings.keys;
  const queries = useQueryClient();
  const { mutate, isPending, error } = useMutation({
    mutationFn: () => call('DELETE /api-keys/{id}', { path: { id: apiKey.id } }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['GET /api-keys'] });
      onClose();
    },
  });
  return (
    <Modal opened onClose={onClose} title={words.revokeTitle(apiKey.name)}>
      <div className={styles.form}>
        <FormFailure error={error} />
        <p>{words.revokeHint}</p>
        <footer>
          <Button variant="default" data-autofocus onClick={onClose}>
            {texts.actions.cancel}
          </Button>
          <Button color="red.9" loading={isPending} onClick={() => mutate()}>
            {words.revoke}
          </Button>
        </footer>
      </div>
    </Modal>
  );
}
