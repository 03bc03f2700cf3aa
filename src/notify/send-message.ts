/** Sends a message through a channel, in the channel's form and with its secret. Never decides whether it is sent again. */
import type { Environment } from '../config/secret-text.ts';
import { type NotifyMessage, SIGNING_CHARACTERS_MIN } from '../contract/notification.ts';
import type { Channel } from '../store/work/notification-channels.ts';
import { openSecret } from './channel-secret.ts';
import { slackForm, teamsForm } from './forms/chat-forms.ts';
import { mailForm } from './forms/mail-form.ts';
import { webhookForm } from './forms/webhook-form.ts';
import { postJson, type SendOptions, type Sent } from './post-json.ts';
import { sendMail } from './send-mail.ts';
import { SIGNATURE_HEADER, signatureOf } from './webhook-signature.ts';

export interface OutgoingMessage {
  /** Of the delivery: the same in each attempt. */
  readonly id: string;
  readonly createdAt: number;
  readonly ruleName: string;
  readonly message: NotifyMessage;
}

export interface SenderOptions extends SendOptions {
  readonly environment: Environment;
  /** Where people open the console; undefined: messages carry no links. */
  readonly consoleUrl: string | undefined;
  /** Milliseconds since 1970: receivers hold it against their clocks. */
  readonly now: () => number;
}

export async function sendMessage(
  { id: channelId, about, secret: kept }: Pick<Channel, 'id' | 'about' | 'secret'>,
  outgoing: OutgoingMessage,
  options: SenderOptions,
): Promise<Sent> {
  const { id, message } = outgoing;
  const { environment, consoleUrl, now } = options;
  const secret = kept === null ? undefined : openSecret(kept, channelId, environment);
  // Who starts the server mends it: it is tried again.
  if (secret?.ok === false) return { answer: { kind: 'none' }, says: secret.reason };
  const text = secret?.text ?? '';
  const names = { 'evenstock-delivery': id, 'evenstock-event': message.topic };
  switch (about.kind) {
    case 'email': {
      const domain = about.settings.from.split('@').at(-1) ?? 'evenstock';
      const mail = {
        ...mailForm(message, consoleUrl),
        messageId: `<${id}@${domain}>`,
        date: new Date(outgoing.createdAt),
      };
      return sendMail(about.settings, about.settings.user === null ? undefined : text, mail, options);
    }
    case 'slack':
      return postToSecret(text, slackForm(message, consoleUrl), options);
    case 'teams':
      return postToSecret(text, teamsForm(message, consoleUrl), options);
    case 'webhook': {
      const { url, key_id } = about.settings;
      if (text.length < SIGNING_CHARACTERS_MIN)
        return { answer: { kind: 'none' }, says: `the secret has fewer than ${SIGNING_CHARACTERS_MIN} characters` };
      const body = JSON.stringify(webhookForm(message, outgoing, consoleUrl));
      return postJson(url, body, { ...names, [SIGNATURE_HEADER]: signatureOf(body, text, key_id, now()) }, options);
    }
  }
}

/** The address is the secret: whoever knows it may write there. What it answers is told, the address is not. */
async function postToSecret(url: string, form: unknown, options: SendOptions): Promise<Sent> {
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))
    return { answer: { kind: 'impossible' }, says: 'the secret of this channel is no address of a webhook' };
  return postJson(url, JSON.stringify(form), {}, options);
}
