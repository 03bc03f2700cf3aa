/** What is sent to try a channel. Never holds data of the business. */
import type { NotifyMessage } from '../../contract/notification.ts';

export function testMessage(channelName: string): NotifyMessage {
  return {
    topic: 'test',
    subject: `Evenstock reaches “${channelName}”`,
    opening: [
      'This is a test. An administrator sent it to see whether messages arrive here.',
      'From now on Evenstock tells you here what the rules say: what runs found, what is newly off, what was refused or fell silent.',
    ],
    sections: [],
    action: '',
    link: { label: 'Open Evenstock', path: '/' },
    footer: `Sent to the channel “${channelName}” by hand.`,
    data: { channel: channelName },
  };
}
