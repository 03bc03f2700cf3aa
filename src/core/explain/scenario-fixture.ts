/** Reads scenarios written as text, and explains them as a run would: the worked examples of the causes, and tests. Never judges them. */
import type { MessageState } from '../compare/ledger-evidence.ts';
import { UNMAPPED } from '../model/balance.ts';
import { type Amendment, amend } from './amendment.ts';
import type {
  ExplainSettings,
  ItemEvidence,
  KeyFacts,
  KeyName,
  MessageLine,
  Posting,
  StatusBalance,
} from './evidence.ts';
import { explainAcross } from './explain-across.ts';
import { explainItem } from './explain-item.ts';
import type { KeyExplanation } from './explanation.ts';
import type { Habits, SystemicTraits, Traits } from './traits.ts';

const TYPES = [
  'receipt',
  'shipment',
  'return',
  'count',
  'adjustment',
  'scrap',
  'status-change',
  'transfer-in',
  'transfer-out',
];
const MINUTE_MS = 60_000;
const CATEGORIES = ['available', 'unavailable'];

/** `11-21 09:00` as epoch milliseconds, in 2026 and UTC. */
function at(date: string, clock: string): number {
  return Date.parse(`2026-${date}T${clock.length === 5 ? `${clock}:00` : clock}Z`);
}

export interface Scenario {
  readonly items: readonly ItemEvidence[];
  readonly traits: Traits;
  readonly settings: ExplainSettings;
}

interface Draft {
  keys: KeyFacts[];
  postings: Posting[];
  messages: MessageLine[];
  packFactors: number[];
  isWeighed: boolean;
}

/**
 * One line each, `#` begins a remark. Columns with a name may stand in any order behind the others; without `item=` it is item A,
 * without `site=` site DC1, without `category=` available.
 * `opening 11-20 00:00`, `cut-off 11-22 00:00 lag 30 945 240`: opening and closing snapshots of both sides; lags in minutes;
 * `wms-cut-off 11-22 01:00`: where it differs;
 * `balance erp 100>88 wms 100>100 lot=L1`: a key out of sync, each side at the opening and at the cut-off;
 * `status wms QHOLD 12`: units of one native status of the balance line before;
 * `packs 12 144`, `weighed`, `decimals 2`;
 * `wms 11-21 09:00 shipment -12 ref=SO1 msg=M1 id=W1`: a movement; `erp …` with `user=` where it is not the interface;
 * `message M1 11-21 09:01 sent -12 ref=SO1 interface=945 error=…`: a line of a message, `_` stands for a space;
 * `without messages|references|erp-ledger|wms-ledger`: evidence that is not given;
 * `habit summaries`: the ERP adds movements up; `habit ledgers-from 11-20 12:00`: both ledgers begin behind the opening;
 * `trait stale wms 11-21 18:00`, `trait hours erp 6`, `trait unmapped wms QHOLD category=unavailable`, `trait scope erp DOCK`.
 */
export function readScenario(text: string): Scenario {
  const reader = new ScenarioReader();
  for (const line of text.split('\n').map((written) => written.replace(/\s+#.*|^#.*/, '').trim())) {
    if (line !== '') reader.read(line);
  }
  return reader.scenario();
}

class ScenarioReader {
  private readonly items = new Map<string, Draft>();
  private readonly missing = new Set<string>();
  private readonly lags = new Map<string, number>([['', 30]]);
  private opening: number | undefined;
  private cutOff = 0;
  private wmsCutOff: number | undefined;
  private decimals = 0;
  private postsSummaries = false;
  private ledgersFrom: number | undefined;
  private row = 1;
  private lastKey: { draft: Draft; facts: KeyFacts } | undefined;
  private readonly systemic = {
    staleSnapshots: [] as SystemicTraits['staleSnapshots'][number][],
    timeZoneShifts: [] as SystemicTraits['timeZoneShifts'][number][],
    scopeGaps: [] as SystemicTraits['scopeGaps'][number][],
    unmappedStatuses: [] as SystemicTraits['unmappedStatuses'][number][],
  };

  read(line: string): void {
    const [kind = '', ...all] = line.split(/\s+/);
    const named = new Map(all.filter((word) => word.includes('=')).map((word) => word.split('=') as [string, string]));
    const words = all.filter((word) => !word.includes('='));
    const [first = '', second = ''] = words;
    if (kind === 'opening') this.opening = at(first, second);
    else if (kind === 'cut-off') this.readCutOff(words);
    else if (kind === 'wms-cut-off') this.wmsCutOff = at(first, second);
    else if (kind === 'decimals') this.decimals = Number(first);
    else if (kind === 'without') this.missing.add(first);
    else if (kind === 'packs') this.item(named).packFactors = words.map((word) => this.units(word));
    else if (kind === 'weighed') this.item(named).isWeighed = true;
    else if (kind === 'balance') this.readBalance(words, named);
    else if (kind === 'status') this.readStatus(words);
    else if (kind === 'erp' || kind === 'wms') this.readPosting(kind, words, named);
    else if (kind === 'message') this.readMessage(words, named);
    else if (kind === 'trait') this.readTrait(words, named);
    else if (kind === 'habit' && first === 'summaries') this.postsSummaries = true;
    else if (kind === 'habit') this.ledgersFrom = at(second, words[2] ?? '');
    else throw new Error(`a line of a scenario was expected, found: ${line}`);
  }

  private units(text: string): number {
    return Math.round(Number(text) * 10 ** this.decimals);
  }

  private item(named: ReadonlyMap<string, string>): Draft {
    const code = named.get('item') ?? 'A';
    const draft = this.items.get(code) ?? { keys: [], postings: [], messages: [], packFactors: [], isWeighed: false };
    this.items.set(code, draft);
    return draft;
  }

  private readCutOff([date = '', clock = '', , lag = '30', ...interfaces]: readonly string[]): void {
    this.cutOff = at(date, clock);
    this.lags.set('', Number(lag));
    for (let index = 0; index < interfaces.length; index += 2)
      this.lags.set(interfaces[index] as string, Number(interfaces[index + 1]));
  }

  private readBalance(words: readonly string[], named: ReadonlyMap<string, string>): void {
    const sides = { erp: [0, 0], wms: [0, 0] };
    let hasOpening = false;
    for (let index = 0; index + 1 < words.length; index += 2) {
      const [before, after] = (words[index + 1] as string).split('>') as [string, string | undefined];
      hasOpening ||= after !== undefined;
      sides[words[index] as 'erp' | 'wms'] = [this.units(before), this.units(after ?? before)];
    }
    const draft = this.item(named);
    const facts: KeyFacts = {
      ...placeOf(named),
      erp: sides.erp[1] as number,
      wms: sides.wms[1] as number,
      inFlight: this.units(named.get('in-flight') ?? '0'),
      erpPresent: words.includes('erp'),
      wmsPresent: words.includes('wms'),
      opening: hasOpening ? { erp: sides.erp[0] as number, wms: sides.wms[0] as number } : undefined,
      history: [],
      statuses: [],
    };
    draft.keys.push(facts);
    this.lastKey = { draft, facts };
  }

  private readStatus([role = '', status = '', quantity = '']: readonly string[]): void {
    if (this.lastKey === undefined) throw new Error('a status follows its balance');
    const { draft, facts } = this.lastKey;
    const statuses: StatusBalance[] = [
      ...facts.statuses,
      { role: role as 'erp' | 'wms', status, quantity: this.units(quantity) },
    ];
    const changed = { ...facts, statuses };
    draft.keys[draft.keys.length - 1] = changed;
    this.lastKey = { draft, facts: changed };
  }

  private readPosting(
    role: 'erp' | 'wms',
    [date = '', clock = '', type = '', quantity = '']: readonly string[],
    named: ReadonlyMap<string, string>,
  ): void {
    const row = ++this.row;
    this.item(named).postings.push({
      ...placeOf(named),
      role,
      system: role,
      quantity: this.units(quantity),
      postedAt: at(date, clock),
      eventAt: named.has('event') ? at(date, named.get('event') as string) : undefined,
      messageId: named.get('msg') ?? '',
      reference: this.missing.has('references') ? '' : (named.get('ref') ?? ''),
      movementId: named.get('id') ?? `${role.toUpperCase()}${row}`,
      status: named.get('status') ?? '',
      type,
      line: '',
      reason: named.get('reason') ?? '',
      user: named.get('user') ?? (role === 'erp' ? 'IFC' : 'PICKER'),
      batch: named.get('batch') ?? '',
      source: { file: `${role}_movements.csv`, row },
    });
  }

  private readMessage(
    [messageId = '', date = '', clock = '', state = '', quantity = '']: readonly string[],
    named: ReadonlyMap<string, string>,
  ): void {
    const place = placeOf(named);
    this.item(named).messages.push({
      messageId,
      sentAt: at(date, clock),
      receivedAt: undefined,
      appliedAt: undefined,
      state: state as MessageState,
      interfaceName: named.get('interface') ?? '945',
      reference: named.get('ref') ?? '',
      item: place.item,
      fromRole: 'wms',
      placed: quantity === '' ? undefined : { ...place, quantity: this.units(quantity) },
      error: (named.get('error') ?? '').replaceAll('_', ' '),
      type: named.get('type') ?? '',
      line: '',
      batch: named.get('batch') ?? '',
      source: { file: 'messages.csv', row: ++this.row },
    });
  }

  private readTrait(
    [kind = '', role = '', value = '', clock = '']: readonly string[],
    named: ReadonlyMap<string, string>,
  ): void {
    const side = role as 'erp' | 'wms';
    const { category } = placeOf(named);
    if (kind === 'stale') this.systemic.staleSnapshots.push({ role: side, sites: undefined, at: at(value, clock) });
    else if (kind === 'hours')
      this.systemic.timeZoneShifts.push({ role: side, sites: undefined, hours: Number(value) });
    else if (kind === 'unmapped')
      this.systemic.unmappedStatuses.push({ role: side, system: role, status: value, category });
    else this.systemic.scopeGaps.push({ role: side, heldBy: side === 'erp' ? 'wms' : 'erp', status: value, category });
  }

  scenario(): Scenario {
    const { missing, cutOff, opening } = this;
    const hasReferences = !missing.has('references');
    const hasMessages = !missing.has('messages');
    const habits: Habits = {
      delay: { low: 60_000, median: 5 * MINUTE_MS, high: 15 * MINUTE_MS },
      linksByMessage: hasMessages,
      linksByReference: hasReferences,
      foreignShapes: [],
      interfaceUsers: ['IFC'],
      types: Object.fromEntries(TYPES.map((type) => [type, [type]])),
      replays: { erp: this.ledgersFrom === undefined, wms: this.ledgersFrom === undefined },
      ledgersFrom: { erp: this.ledgersFrom ?? opening ?? 0, wms: this.ledgersFrom ?? opening ?? 0 },
      postsSummaries: this.postsSummaries,
    };
    return {
      items: [...this.items].map(([item, draft]) => ({
        item,
        keys: draft.keys,
        postings: draft.postings
          .filter(({ role }) => !missing.has(`${role}-ledger`))
          .sort((a, b) => a.postedAt - b.postedAt || a.source.row - b.source.row),
        messages: hasMessages ? draft.messages : [],
        packFactors: draft.packFactors,
        family: '',
        isWeighed: draft.isWeighed,
      })),
      traits: { habits, systemic: this.systemic, resolved: [] },
      settings: {
        cutOffs: {
          erp: cutOff,
          wmsOf: () => this.wmsCutOff ?? cutOff,
          lagOf: (name) => (this.lags.get(name) ?? (this.lags.get('') as number)) * MINUTE_MS,
        },
        openingAt: opening === undefined ? undefined : { erp: opening, wmsOf: () => opening },
        given: { erpLedger: !missing.has('erp-ledger'), wmsLedger: !missing.has('wms-ledger'), messages: hasMessages },
        categories: CATEGORIES,
        quantityDecimals: this.decimals,
      },
    };
  }
}

function placeOf(named: ReadonlyMap<string, string>): KeyName {
  const category = named.get('category') ?? 'available';
  return {
    site: named.get('site') ?? 'DC1',
    item: named.get('item') ?? 'A',
    owner: named.get('owner') ?? '',
    lot: named.get('lot') ?? '',
    category: category === 'none' ? UNMAPPED : CATEGORIES.indexOf(category),
  };
}

export interface Explained {
  readonly scenario: Scenario;
  readonly keys: readonly KeyExplanation[];
}

/** Explains each item by itself, and then all together. */
export function explainScenario(text: string): Explained {
  const scenario = readScenario(text);
  const { traits, settings } = scenario;
  const explanations = scenario.items.map((item) => explainItem(item, traits, settings));
  const amendments = explainAcross(
    explanations.flatMap(({ leftovers }) => leftovers),
    traits,
    settings,
  );
  const keys = explanations
    .flatMap((explanation) => explanation.keys)
    .map((key) =>
      amend(
        key,
        amendments.filter((one) => isOf(one, key)),
      ),
    );
  return { scenario, keys };
}

function isOf({ key }: Amendment, name: KeyName): boolean {
  return keyLabel(key) === keyLabel(name);
}

/** `A`, `A lot L1`, `A unavailable`, `A DC2`. */
export function keyLabel({ item, site, owner, lot, category }: KeyName): string {
  return [
    item,
    site === 'DC1' ? '' : site,
    owner,
    lot === '' ? '' : `lot ${lot}`,
    category === 0 ? '' : CATEGORIES[category],
  ]
    .filter((word) => word !== '')
    .join(' ');
}

/** One line for each contribution, by key: `A lot L1: unit-mismatch -132`. */
export function causesOf(text: string): string {
  const { keys, scenario } = explainScenario(text);
  const scale = 10 ** scenario.settings.quantityDecimals;
  return keys
    .flatMap((key) =>
      key.contributions.map(
        ({ cause, quantity }) => `${keyLabel(key)}: ${cause} ${quantity > 0 ? '+' : ''}${quantity / scale}`,
      ),
    )
    .sort()
    .join('\n');
}
