/** What the API needs to do with channels: keep their secrets, and try them. Never gives a secret back. */
import type { NotifyMessage } from '../contract/notification.ts';
import type { Channel } from '../store/work/notification-channels.ts';
import { keepSecret } from './channel-secret.ts';
import { textOf } from './forms/mail-form.ts';
import { testMessage } from './messages/test-message.ts';
import type { NotifyContext } from './notify-context.ts';
import { sendMessage } from './send-message.ts';

export interface ChannelTrial {
  readonly isDelivered: boolean;
  /** What the receiver said, or why there was no answer. */
  readonly says: string;
  readonly ms: number;
}

export interface ChannelTools {
  /** As it goes into the store. Throws a Failure where it cannot be kept. */
  keepSecret(secret: string, channelId: string): string;
  /** Sends one message now, whether or not the channel is switched on. */
  test(channel: Channel, signal: AbortSignal): Promise<ChannelTrial>;
  /** A message as people get it by mail. */
  textOf(message: NotifyMessage): string;
}

type Given = Pick<
  NotifyContext,
  'configuration' | 'environment' | 'now' | 'newId' | 'randomBytes' | 'consoleUrl' | 'authorities' | 'sendMsMax'
>;

export function channelTools(given: Given): ChannelTools {
  const { configuration, environment, now, newId, randomBytes, consoleUrl, authorities, sendMsMax } = given;
  return {
    textOf: (message) => textOf(message, consoleUrl),
    keepSecret: (secret, channelId) => keepSecret(secret, channelId, environment, randomBytes),
    test: async (channel, signal) => {
      const started = performance.now();
      const message = testMessage(channel.name);
      const { answer, says } = await sendMessage(
        channel,
        { id: newId(), createdAt: now(), ruleName: '', message },
        {
          allowed: configuration().configuration.notifications?.allow ?? [],
          ...{ signal, environment, consoleUrl, now },
          ...(authorities !== undefined && { authorities }),
          ...(sendMsMax !== undefined && { msMax: sendMsMax }),
        },
      );
      const code = answer.kind === 'http' ? answer.status : answer.kind === 'smtp' ? answer.code : 0;
      return { isDelivered: code >= 200 && code < 300, says, ms: Math.round(performance.now() - started) };
    },
  };
}
