/** What the page "Interfaces" says. Never a sentence of another page. */
import { formatCount, plural } from '../../format/decimals.ts';

export const interfaces = {
  title: 'Interfaces',
  lead: (count: number, lines: number) =>
    `${plural(count, 'interface')} carried ${plural(lines, 'line')} of messages between the systems.`,
  troubles: (rejected: number, late: number, silent: number) =>
    [
      rejected > 0 && `${formatCount(rejected)} ${rejected === 1 ? 'was' : 'were'} rejected`,
      late > 0 && `${formatCount(late)} never arrived`,
      silent > 0 && `${plural(silent, 'interface')} ${silent === 1 ? 'is' : 'are'} silent`,
    ]
      .filter((part) => part !== false)
      .join(', '),
  calm: 'All of them arrived.',
  none: 'No messages between the systems are known',
  noneHint:
    'Give the log of your interface as a source of messages in evenstock.yaml, or send messages to POST /api/v1/messages: then lost, rejected and doubled ones are found by themselves.',
  openSources: 'Sources',
  columns: {
    name: 'Interface',
    heartbeat: 'Lines by the hour',
    lines: 'Lines',
    lag: 'Lag, median and 95%',
    rejected: 'Rejected',
    late: 'Never arrived',
    duplicates: 'Doubled',
    last: 'Last line',
    explains: 'Explains',
  },
  unnamed: 'without a name',
  within: (allowed: string) => `allowed: ${allowed}`,
  silent: (since: string) => `silent for ${since}`,
  explains: (discrepancies: number) => plural(discrepancies, 'discrepancy', 'discrepancies'),
  finding: (id: string) => `Finding ${id}`,
  heartbeatLabel: (name: string, hours: number, total: number, failed: number) =>
    `${name}, the last ${hours} hours: ${plural(total, 'line')}, ${failed} rejected or never arrived`,
  heartbeatFrom: (from: string) =>
    `Each bar is one hour, from ${from} on; the dark part was rejected or never arrived.`,
  errors: 'Commonest reasons of rejection',
  errorLines: (lines: number) => plural(lines, 'line'),
  files: {
    changed: (file: string) => `${file} changed since the run read it; what you see is what it says now.`,
    gone: (file: string) => `${file} is gone; its messages cannot be shown.`,
  },
  unreadable: (rows: number) => `${plural(rows, 'row')} could not be read as a message.`,
  messages: {
    title: 'Messages',
    search: 'Reference, message or item',
    interface: 'Interface',
    state: 'State',
    all: 'All',
    find: 'Find',
    columns: {
      at: 'Sent',
      interface: 'Interface',
      reference: 'Reference',
      item: 'Item',
      quantity: 'Quantity',
      state: 'State',
      error: 'What was said',
    },
    none: 'No message fits',
    noneHint: 'Search for less, or for another state.',
    more: 'Show more',
    open: (reference: string) => `Open ${reference}`,
  },
  states: {
    created: 'created',
    sent: 'sent',
    received: 'received',
    acknowledged: 'acknowledged',
    applied: 'applied',
    partial: 'applied in part',
    rejected: 'rejected',
    failed: 'failed',
    superseded: 'superseded',
    abandoned: 'given up',
  } as Readonly<Record<string, string>>,
  drawer: {
    title: (id: string) => `Message ${id}`,
    toItem: 'Open the item',
  },
} as const;
