/** The channels with a test of each. Never shows a secret, nor the address that is one. */
import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { call } from '../../api/ask.ts';
import { FormFailure } from '../../parts/form-failure.tsx';
import table from '../../parts/table.module.css';
import { texts } from '../../texts/texts.ts';
import styles from './settings.module.css';
import type { Channel } from './settings-answers.ts';

interface ChannelsProps {
  readonly channels: readonly Channel[];
  readonly onEdit: (channel: Channel) => void;
}

export function Channels({ channels, onEdit }: ChannelsProps): ReactNode {
  const words = texts.settings.notifications;
  const test = useMutation({
    mutationFn: async ({ id, name }: Channel) => {
      const { body } = await call('POST /notifications/channels/{id}/test', { path: { id } });
      return { name, ...body };
    },
  });
  return (
    <>
      <FormFailure error={test.error} />
      {test.data !== undefined && (
        <p role="status" className={test.data.is_delivered ? styles.done : styles.failure}>
          {test.data.is_delivered
            ? words.delivered(test.data.name, String(test.data.ms))
            : words.notDelivered(test.data.name, test.data.answer)}
        </p>
      )}
      <table className={table.table}>
        <thead>
          <tr>
            {[words.columns.name, words.columns.kind, words.columns.to, words.columns.state].map((column) => (
              <th key={column} scope="col">
                {column}
              </th>
            ))}
            <th scope="col">
              <span className="unseen">{words.test}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {channels.map((channel) => (
            <tr key={channel.id} className={channel.is_enabled ? undefined : styles.off}>
              <td>
                <button type="button" className={styles.asButton} onClick={() => onEdit(channel)}>
                  {channel.name}
                </button>
              </td>
              <td>{words.kinds[channel.about.kind]}</td>
              <td>{receiverOf(channel)}</td>
              <td>{channel.is_enabled ? words.on : words.off}</td>
              <td>
                <Button
                  variant="default"
                  loading={test.isPending && test.variables.id === channel.id}
                  onClick={() => test.mutate(channel)}
                  aria-label={words.testOf(channel.name)}
                >
                  {words.test}
                </Button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}

function receiverOf({ about: { settings } }: Channel): string {
  const { to, url } = settings as { to?: readonly string[]; url?: string };
  return to?.join(', ') ?? url ?? '–';
}
