/** Makes samples of items for the tests of faults of the whole run, from lines of text. Never judges them. */
import { UNMAPPED } from '../../model/balance.ts';
import type { ItemEvidence, KeyFacts, MessageLine, Posting, StatusBalance } from '../evidence.ts';
import { findSystemicTraits, type SystemicResult, type SystemicSettings } from './find-systemic-traits.ts';

const MINUTE_MS = 60_000;
/** 21 November 2026, midnight UTC. */
const MIDNIGHT = Date.UTC(2026, 10, 21);

/** A time of the day as epoch milliseconds: `16:30`. */
export function at(clock: string): number {
  const [hours = '0', minutes = '0'] = clock.split(':');
  return MIDNIGHT + (Number(hours) * 60 + Number(minutes)) * MINUTE_MS;
}

/** Cut-offs of both sides at 18:00, an allowed lag of 30 minutes, categories 0 and 1. */
const SETTINGS: SystemicSettings = {
  cutOffs: { erp: at('18:00'), wmsOf: () => at('18:00'), lagOf: () => 30 * MINUTE_MS },
  openingAt: undefined,
  given: { erpLedger: true, wmsLedger: true, messages: true },
  categories: ['available', 'unavailable'],
  quantityDecimals: 0,
  systemOf: (role) => (role === 'erp' ? 'sap' : 'wms1'),
  earlierShifts: [],
};

/**
 * One item each `item` line, what it has on the lines below:
 * `key DC1 available wms PICKED 3 AVAILABLE 97 erp UNRESTRICTED 100`: a key with its units by native status;
 * `none` instead of a category: statuses that no category takes;
 * `wms 16:30 DC1 available -5 PICKED ref=SO1 move=T1`: a posting; `message 16:31 sent`: a message of the WMS.
 */
function readSample(text: string): ItemEvidence[] {
  const items: { item: string; keys: KeyFacts[]; postings: Posting[]; messages: MessageLine[] }[] = [];
  for (const line of text.split('\n').map((written) => written.trim())) {
    const [kind = '', ...words] = line.split(/\s+/);
    const last = items.at(-1);
    if (kind === 'item') items.push({ item: words[0] ?? '', keys: [], postings: [], messages: [] });
    else if (kind === '' || last === undefined) continue;
    else if (kind === 'key') last.keys.push(readKey(last.item, words));
    else if (kind === 'message') last.messages.push(readMessage(last.item, words));
    else last.postings.push(readPosting(last.item, kind === 'erp' ? 'erp' : 'wms', words));
  }
  return items.map((item) => ({ ...item, packFactors: [], family: '', isWeighed: false }));
}

function categoryOf(name: string): number {
  return name === 'none' ? UNMAPPED : SETTINGS.categories.indexOf(name);
}

function readKey(item: string, [site = '', category = '', ...words]: readonly string[]): KeyFacts {
  const statuses: StatusBalance[] = [];
  let role: 'erp' | 'wms' = 'wms';
  for (let index = 0; index < words.length; index++) {
    const word = words[index] as string;
    if (word === 'erp' || word === 'wms') role = word;
    else statuses.push({ role, status: word, quantity: Number(words[++index]) });
  }
  const sum = (of: 'erp' | 'wms'): number =>
    statuses.reduce((units, { role: side, quantity }) => (side === of ? units + quantity : units), 0);
  return {
    ...{ site, item, owner: '', lot: '', category: categoryOf(category), erp: sum('erp'), wms: sum('wms') },
    ...{ inFlight: 0, erpPresent: true, wmsPresent: true, opening: undefined, history: [], statuses },
  };
}

function readPosting(item: string, role: 'erp' | 'wms', words: readonly string[]): Posting {
  const [clock = '', site = '', category = '', quantity = '', status = ''] = words;
  const named = new Map(words.slice(5).map((word) => word.split('=') as [string, string]));
  return {
    ...{ role, system: SETTINGS.systemOf(role, site), site, item, owner: '', lot: '', category: categoryOf(category) },
    ...{ quantity: Number(quantity), postedAt: at(clock), eventAt: undefined, status, type: '', line: '' },
    ...{ messageId: '', reference: named.get('ref') ?? '', movementId: named.get('move') ?? '' },
    ...{ reason: '', user: '', batch: '', source: { file: `${role}.csv`, row: 1 } },
  };
}

function readMessage(item: string, [clock = '', state = '']: readonly string[]): MessageLine {
  return {
    ...{ messageId: '', sentAt: at(clock), receivedAt: undefined, appliedAt: undefined, interfaceName: '' },
    ...{ state: state as MessageLine['state'], reference: '', item, fromRole: 'wms', placed: undefined },
    ...{ error: '', type: '', line: '', batch: '', source: { file: 'messages.csv', row: 1 } },
  };
}

/** So many items of the same text, each with its number in place of `#` and that number of units in place of `%`. */
export function repeat(count: number, text: string, first = 1): string {
  return Array.from({ length: count }, (_, index) =>
    text.replaceAll('#', String(first + index)).replaceAll('%', String(3 + (((first + index) * 7) % 40))),
  ).join('\n');
}

export function traitsOf(text: string, settings: Partial<SystemicSettings> = {}): SystemicResult {
  return findSystemicTraits(readSample(text), { ...SETTINGS, ...settings });
}
