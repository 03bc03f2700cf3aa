/**
 * Decides which keys are out of sync now: the snapshots' balances carried forward by the movements since, compared, cleared of
 * what is in flight and judged as a run does it. Says also when time alone may change that. Never reads anything, a clock included.
 */
import { compareBalances, type PricedBalance } from '../compare/compare-balances.ts';
import { findInFlight, type LateMessage } from '../compare/in-flight.ts';
import type { CutOffs, Message } from '../compare/ledger-evidence.ts';
import type { Tolerance } from '../compare/tolerance.ts';
import { type JudgedVariance, judgeComparison } from '../measure/judge-comparison.ts';
import type { InFlightQuantity } from '../model/balance.ts';
import type { Plan } from '../normalize/plan.ts';
import type { LiveItem, LivePosting } from './live-evidence.ts';

/** What all items are judged by. */
export interface LiveFrame {
  readonly plan: Plan;
  readonly tolerance: Tolerance;
  readonly minorDecimals: number;
  readonly erpSystem: string;
  /** Moments of the snapshots, by system. */
  readonly snapshots: ReadonlyMap<string, number>;
  /** Systems whose movements are taken in: their balances are known up to now, the others' up to their snapshot. */
  readonly fed: ReadonlySet<string>;
  readonly partialSystems: ReadonlySet<string>;
  lagOf(interfaceName: string): number;
}

export interface LiveLine extends JudgedVariance {
  readonly state: 'discrepancy' | 'timing';
}

export interface LiveVerdict {
  readonly lines: readonly LiveLine[];
  readonly late: readonly LateMessage[];
  /** The first moment after `asOf` at which it may be another one though nothing arrives; undefined: it stays. */
  readonly dueAt: number | undefined;
}

/** In the order of the items. `asOf` is not before the receipt of any row. */
export function judgeLive(items: readonly LiveItem[], frame: LiveFrame, asOf: number): LiveVerdict[] {
  const cutOffs = cutOffsAt(frame, asOf);
  const balances: PricedBalance[] = [];
  const inFlight: InFlightQuantity[] = [];
  const late: LateMessage[][] = [];
  for (const item of items) {
    for (const balance of item.balances) balances.push(balance);
    for (const posting of item.postings) if (isSince(posting, frame)) balances.push(posting);
    const found = findInFlight(evidenceOf(item, frame), cutOffs);
    for (const quantity of found.quantities) inFlight.push(quantity);
    late.push(found.late.filter((message) => message.item === item.item));
  }
  const { plan, tolerance, minorDecimals, partialSystems, erpSystem } = frame;
  const options = { partialSystems, erpSystem, wmsOf: (site: string) => plan.wmsOf(site) };
  const judgement = judgeComparison(compareBalances(balances, inFlight, options), plan, { tolerance, minorDecimals });
  const lines = new Map<string, LiveLine[]>(items.map(({ item }) => [item, []]));
  for (const line of judgement.discrepancies) lines.get(line.item)?.push({ ...line, state: 'discrepancy' });
  for (const line of judgement.timing) lines.get(line.item)?.push({ ...line, state: 'timing' });
  return items.map((item, index) => ({
    lines: lines.get(item.item) as LiveLine[],
    late: late[index] as LateMessage[],
    dueAt: dueAfter(asOf, item, frame),
  }));
}

/** A message that names no item, with the movements that share its number or its document. */
export function judgeMessage(
  messages: readonly Message[],
  postings: readonly LivePosting[],
  frame: LiveFrame,
  asOf: number,
): Pick<LiveVerdict, 'late' | 'dueAt'> {
  const evidence = evidenceOf({ messages, postings }, frame);
  const late = findInFlight(evidence, cutOffsAt(frame, asOf)).late.filter((message) => {
    const { messageId, fromRole } = message;
    // Its lines are not tied to it by their items: the receiver's posting of any of them shows that it arrived.
    return !postings.some((posting) => posting.messageId === messageId && posting.role !== fromRole);
  });
  return { late, dueAt: dueAfter(asOf, { messages, postings: [] }, frame) };
}

function evidenceOf({ postings, messages }: Pick<LiveItem, 'postings' | 'messages'>, { fed, erpSystem }: LiveFrame) {
  return { movements: postings, messages, hasErpMovements: fed.has(erpSystem) };
}

/** Whether a snapshot cannot hold a movement yet. */
function isSince({ system, bookedAt }: LivePosting, { snapshots }: LiveFrame): boolean {
  return bookedAt > (snapshots.get(system) ?? Number.POSITIVE_INFINITY);
}

function cutOffsAt({ plan, snapshots, fed, erpSystem, lagOf }: LiveFrame, asOf: number): CutOffs {
  const of = (system: string): number => (fed.has(system) ? asOf : (snapshots.get(system) ?? asOf));
  return { erp: of(erpSystem), wmsOf: (site) => of(plan.wmsOf(site) ?? ''), lagOf, now: asOf };
}

/** A message's lag ends, or that of a movement of which no message tells the ERP. */
function dueAfter(
  asOf: number,
  { messages, postings }: Pick<LiveItem, 'messages' | 'postings'>,
  frame: LiveFrame,
): number | undefined {
  let due = Number.POSITIVE_INFINITY;
  const consider = (start: number, interfaceName: string): void => {
    const end = start + frame.lagOf(interfaceName) + 1;
    if (end > asOf && end < due) due = end;
  };
  for (const { sentAt, interfaceName } of messages) consider(sentAt, interfaceName);
  if (frame.fed.has(frame.erpSystem))
    for (const { role, postedAt } of postings) if (role === 'wms') consider(postedAt, '');
  return Number.isFinite(due) ? due : undefined;
}
