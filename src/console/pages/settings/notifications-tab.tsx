/** Who is told what: channels, rules, and what became of each message. Never shows a secret. */
import { Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { ask, call } from '../../api/ask.ts';
import { Moment } from '../../parts/figures.tsx';
import { FormFailure } from '../../parts/form-failure.tsx';
import { Icon } from '../../parts/icon.tsx';
import { Loaded, Notice } from '../../parts/loaded.tsx';
import { Panel } from '../../parts/page.tsx';
import table from '../../parts/table.module.css';
import { texts } from '../../texts/texts.ts';
import { ChannelForm } from './channel-form.tsx';
import { Channels } from './channels.tsx';
import { RuleForm } from './rule-form.tsx';
import { Rules } from './rules.tsx';
import styles from './settings.module.css';
import type { Channel, Rule } from './settings-answers.ts';

const DELIVERIES_SHOWN = 30;

export function NotificationsTab(): ReactNode {
  const words = texts.settings.notifications;
  const channels = useQuery(ask('GET /notifications/channels'));
  const rules = useQuery(ask('GET /notifications/rules'));
  const [channel, setChannel] = useState<Channel | 'new'>();
  const [rule, setRule] = useState<Rule | 'new'>();
  const known = channels.data?.items ?? [];
  return (
    <div className={styles.stack}>
      <p className={styles.leadLine}>{words.lead}</p>
      <Panel title={words.channels} actions={<Add label={words.addChannel} onAdd={() => setChannel('new')} />} isFlush>
        <Loaded query={channels}>
          {({ items }) =>
            items.length === 0 ? (
              <Notice title={words.noChannels}>
                <p>{words.noChannelsHint}</p>
              </Notice>
            ) : (
              <Channels channels={items} onEdit={setChannel} />
            )
          }
        </Loaded>
      </Panel>
      {known.length > 0 && (
        <Panel title={words.rules} actions={<Add label={words.addRule} onAdd={() => setRule('new')} />} isFlush>
          <Loaded query={rules}>
            {({ items }) =>
              items.length === 0 ? (
                <Notice title={words.noRules} />
              ) : (
                <Rules rules={items} channels={known} onEdit={setRule} />
              )
            }
          </Loaded>
        </Panel>
      )}
      {known.length > 0 && <Deliveries />}
      {channel !== undefined && (
        <ChannelForm channel={channel === 'new' ? undefined : channel} onClose={() => setChannel(undefined)} />
      )}
      {rule !== undefined && (
        <RuleForm rule={rule === 'new' ? undefined : rule} channels={known} onClose={() => setRule(undefined)} />
      )}
    </div>
  );
}

function Add({ label, onAdd }: { label: string; onAdd: () => void }): ReactNode {
  return (
    <Button variant="default" leftSection={<Icon name="add" />} onClick={onAdd}>
      {label}
    </Button>
  );
}

function Deliveries(): ReactNode {
  const words = texts.settings.notifications;
  const queries = useQueryClient();
  const query = useQuery({
    ...ask('GET /notifications/deliveries', { query: { limit: DELIVERIES_SHOWN } }),
    refetchInterval: 5_000,
  });
  const { mutate, error } = useMutation({
    mutationFn: (id: string) => call('POST /notifications/deliveries/{id}/retry', { path: { id } }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['GET /notifications/deliveries'] }),
  });
  const { columns } = words;
  return (
    <Panel title={words.deliveries} isFlush>
      <FormFailure error={error} />
      <Loaded query={query}>
        {({ items }) =>
          items.length === 0 ? (
            <Notice title={words.noDeliveries} />
          ) : (
            <table className={table.table}>
              <thead>
                <tr>
                  {[columns.at, columns.subject, columns.channels, columns.state, columns.answer].map((column) => (
                    <th key={column} scope="col">
                      {column}
                    </th>
                  ))}
                  <th scope="col">
                    <span className="unseen">{words.retry}</span>
                  </th>
                </tr>
              </thead>
              <tbody>
                {items.map(({ id, created_at, subject, channel_name, state, answer }) => (
                  <tr key={id}>
                    <td>
                      <Moment at={created_at} />
                    </td>
                    <td>{subject}</td>
                    <td>{channel_name}</td>
                    <td>{words.states[state] ?? state}</td>
                    <td>{answer}</td>
                    <td>
                      {state === 'dead' && (
                        <Button variant="default" onClick={() => mutate(id)}>
                          {words.retry}
                        </Button>
                      )}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          )
        }
      </Loaded>
    </Panel>
  );
}
