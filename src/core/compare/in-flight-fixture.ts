/** Reads scenarios of ledgers and messages written as text, for the tests of what is in flight. Never judges them. */
import {
  type CutOffs,
  findInFlight,
  type InFlightEvidence,
  type InFlightResult,
  type Message,
  type Movement,
} from './in-flight.ts';

const MINUTE_MS = 60_000;

/** Minutes of a day as epoch milliseconds: `11:50`; the day before is `-1:30` hours from midnight. */
function at(clock: string): number {
  const [, sign, hours = '0', minutes = '0'] = /^(-?)(\d+):(\d+)$/.exec(clock) ?? [];
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * MINUTE_MS;
}

/**
 * One line each, times of one day:
 * `cut-off erp 12:00 wms 14:00 lag 30 945 240`: the cut-offs, the default lag and those of interfaces, in minutes;
 * `wms 11:50 -5 ref=SO1 msg=M1 event=… item=A lot=L category=1`: a movement, posted at that time;
 * `message M1 11:51 sent qty=-5 ref=SO1 interface=945 applied=12:10 from=erp item=A category=1`: a line of a message;
 * without `item` it speaks of item A, with `item=` of none.
 */
export function readScenario(text: string): { evidence: InFlightEvidence; cutOffs: CutOffs } {
  const movements: Movement[] = [];
  const messages: Message[] = [];
  let cutOffs: CutOffs | undefined;
  let hasErpMovements = false;
  for (const line of text.split('\n').map((written) => written.replace(/\s+#.*/, '').trim())) {
    if (line === '') continue;
    const [kind = '', ...words] = line.split(/\s+/);
    const named = new Map(
      words.filter((word) => word.includes('=')).map((word) => word.split('=') as [string, string]),
    );
    if (kind === 'cut-off') cutOffs = readCutOffs(words);
    else if (kind === 'message') messages.push(readMessage(words, named));
    else if (kind === 'erp' && words[0] === 'ledger') hasErpMovements = true;
    else if (kind === 'erp' || kind === 'wms') movements.push(readMovement(kind, words, named));
    else throw new Error(`a line of a scenario was expected, found: ${line}`);
  }
  if (cutOffs === undefined) throw new Error('a scenario needs its cut-offs');
  return {
    evidence: { movements, messages, hasErpMovements: hasErpMovements || movements.some(({ role }) => role === 'erp') },
    cutOffs,
  };
}

function readCutOffs([, erp = '', , wms = '', , lag = '30', ...interfaces]: readonly string[]): CutOffs {
  const lags = new Map<string, number>();
  for (let index = 0; index < interfaces.length; index += 2)
    lags.set(interfaces[index] as string, Number(interfaces[index + 1]) * MINUTE_MS);
  return { erp: at(erp), wmsOf: () => at(wms), lagOf: (name) => lags.get(name) ?? Number(lag) * MINUTE_MS };
}

function place(named: ReadonlyMap<string, string>): Pick<Movement, 'site' | 'item' | 'owner' | 'lot' | 'category'> {
  return {
    site: 'DC1',
    item: named.get('item') ?? 'A',
    owner: '',
    lot: named.get('lot') ?? '',
    category: Number(named.get('category') ?? 0),
  };
}

function readMovement(
  role: 'erp' | 'wms',
  [clock = '', quantity = '']: readonly string[],
  named: ReadonlyMap<string, string>,
): Movement {
  const event = named.get('event');
  return {
    ...place(named),
    role,
    system: role,
    quantity: Number(quantity),
    postedAt: at(clock),
    eventAt: event === undefined ? undefined : at(event),
    messageId: named.get('msg') ?? '',
    reference: named.get('ref') ?? '',
  };
}

function readMessage(
  [messageId = '', clock = '', state = '']: readonly string[],
  named: ReadonlyMap<string, string>,
): Message {
  const quantity = named.get('qty');
  const applied = named.get('applied');
  return {
    messageId,
    sentAt: at(clock),
    appliedAt: applied === undefined ? undefined : at(applied),
    state: state as Message['state'],
    interfaceName: named.get('interface') ?? '',
    reference: named.get('ref') ?? '',
    item: named.get('item') ?? 'A',
    fromRole: named.get('from') === 'erp' ? 'erp' : 'wms',
    placed: quantity === undefined ? undefined : { ...place(named), quantity: Number(quantity) },
  };
}

/** What is in flight, summed by key: `A`, `A lot L`, `A category 1`. Keys whose sum is 0 are left out. */
export function inFlightOf(text: string): Record<string, number> {
  const { evidence, cutOffs } = readScenario(text);
  return byKey(findInFlight(evidence, cutOffs));
}

function byKey({ quantities }: InFlightResult): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const { item, lot, category, quantity } of quantities) {
    const name = `${item}${lot === '' ? '' : ` lot ${lot}`}${category === 0 ? '' : ` category ${category}`}`;
    sums[name] = (sums[name] ?? 0) + quantity;
  }
  return Object.fromEntries(Object.entries(sums).filter(([, sum]) => sum !== 0));
}
