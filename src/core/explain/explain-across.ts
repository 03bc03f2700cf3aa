/**
 * Decides what needs several items at once: a document posted on another item, a file loaded twice, kits, two codes of one item.
 * Works on leftovers only, and says what to change in the explanations of single items; never changes a sum.
 */

import { append } from '../compare/ledger-evidence.ts';
import { type Amendment, amendmentOf } from './amendment.ts';
import type { ExplainSettings } from './evidence.ts';
import { findAliases } from './find-aliases.ts';
import { findCrossPostings } from './find-cross-postings.ts';
import type { Leftover } from './leftover.ts';
import { confidenceOf } from './priors.ts';
import { leftoverProof } from './proof.ts';
import type { Traits } from './traits.ts';

/** At least so many documents of one batch make a file of them, and not a few resends. */
const FILE_DOCUMENTS_MIN = 3;
/** Where no batch is named, so many that were posted without a pause. */
const NAMELESS_DOCUMENTS_MIN = 5;
const LOAD_GAP_MS = 180_000;
const LOAD_LAG_MS = 1_800_000;

/** Amendments of any item, from the leftovers of all. `documentsOf`: how many documents the ERP booked of a batch, where it is known. */
export function explainAcross(
  leftovers: readonly Leftover[],
  traits: Traits,
  settings: ExplainSettings,
  documentsOf: (batch: string) => number | undefined = () => undefined,
): Amendment[] {
  const aliases = findAliases(leftovers, traits);
  const aliased = new Set(aliases.map(({ key }) => key.item));
  const others = leftovers.filter(({ key, kind }) => kind !== 'one-sided' && !aliased.has(key.item));
  return [
    ...aliases,
    ...findCrossPostings(others, traits, settings),
    ...findFiles(others, traits, documentsOf),
    ...findKits(others, traits),
  ];
}

function findFiles(
  leftovers: readonly Leftover[],
  { resolved, habits }: Traits,
  documentsOf: (batch: string) => number | undefined,
): Amendment[] {
  const repeated = leftovers.filter(({ cause }) => cause === 'posted-twice');
  // The documents of one file were posted as far apart as postings usually are, and repeated within minutes.
  const spread = habits.delay === undefined ? 0 : habits.delay.high - habits.delay.low;
  const lagMs = Math.max(LOAD_LAG_MS, 2 * spread);
  const batches = new Map<string, Leftover[]>();
  for (const leftover of repeated) if (leftover.batch !== '') append(batches, leftover.batch, leftover);
  const loads = [...batches].filter(([batch, load]) => {
    const all = documentsOf(batch);
    return countDocuments(load) >= FILE_DOCUMENTS_MIN && (all === undefined || 2 * countDocuments(load) >= all);
  });
  const nameless = repeated.filter(({ batch }) => batch === '').sort((a, b) => a.at - b.at);
  const isOfLoad = (leftover: Leftover): boolean =>
    loads.some(([, load]) => {
      const near = load.find((one) => Math.abs(one.at - leftover.at) <= LOAD_GAP_MS && lagGap(one, leftover) <= lagMs);
      if (near !== undefined) load.push(leftover);
      return near !== undefined;
    });
  for (const load of loadsOf(
    nameless.filter((leftover) => !isOfLoad(leftover)),
    lagMs,
  ))
    loads.push(['', load]);
  return loads.flatMap(([batch, load]) => {
    const confidence = confidenceOf('file-loaded-twice', batch === '' ? 'time' : 'reference', resolved);
    const [from, to] = [load[0]?.at ?? 0, load.at(-1)?.at ?? 0].map((at) => new Date(at).toISOString());
    const name = batch === '' ? `the file of ${from} to ${to}` : `batch ${batch}`;
    const says = `posted again with ${countDocuments(load) - 1} other documents of ${name}`;
    return load.map((leftover) =>
      amendmentOf(
        leftover,
        'file-loaded-twice',
        confidence,
        [leftoverProof(leftover, says)],
        `Reverse the second load of ${name} as a whole, once.`,
      ),
    );
  });
}

/**
 * Documents by their reference; where they have none, lines that were posted in one second are one document. A document that was
 * posted three times is still one.
 */
function countDocuments(load: readonly Leftover[]): number {
  const lines = new Set<string>();
  const documents = new Set<string>();
  for (const { key, quantity, reference, at } of load) {
    const line = JSON.stringify([key.site, key.item, key.owner, key.lot, key.category, quantity]);
    if (reference !== '' || !lines.has(line)) documents.add(reference || String(Math.floor(at / 1000)));
    lines.add(line);
  }
  return documents.size;
}

/** Runs of repeated postings that were made one after the other, of originals that were made one after the other too. */
function loadsOf(repeated: readonly Leftover[], lagMs: number): Leftover[][] {
  const loads: Leftover[][] = [];
  let load: Leftover[] = [];
  for (const leftover of repeated) {
    const last = load.at(-1);
    const isSame = last !== undefined && leftover.at - last.at <= LOAD_GAP_MS && lagGap(leftover, last) <= lagMs;
    if (isSame) load.push(leftover);
    else {
      load = [leftover];
      loads.push(load);
    }
  }
  return loads.filter((one) => countDocuments(one) >= NAMELESS_DOCUMENTS_MIN);
}

/** By how much the delay behind the original differs between two repeated postings; 0 where an original is not known. */
function lagGap(a: Leftover, b: Leftover): number {
  if (a.originalAt === undefined || b.originalAt === undefined) return 0;
  return Math.abs(a.at - a.originalAt - (b.at - b.originalAt));
}

/** Consumption and production of one kit order, in a whole ratio. */
function findKits(leftovers: readonly Leftover[], { resolved }: Traits): Amendment[] {
  const orders = new Map<string, Leftover[]>();
  for (const leftover of leftovers) {
    if (leftover.kind !== 'missing' || !leftover.type.startsWith('kit-')) continue;
    const order = leftover.movementId || leftover.reference;
    if (order !== '' && leftover.cause === 'kit-not-posted') append(orders, order, leftover);
  }
  return [...orders.values()].flatMap((order) => {
    const kits = order.filter(({ quantity }) => quantity > 0).reduce((sum, { quantity }) => sum + quantity, 0);
    const consumed = order.filter(({ quantity }) => quantity < 0);
    if (kits === 0 || consumed.length === 0 || consumed.some(({ quantity }) => quantity % kits !== 0)) return [];
    const confidence = confidenceOf('kit-not-posted', 'message', resolved);
    return order.map((leftover) =>
      amendmentOf(
        leftover,
        'kit-not-posted',
        confidence,
        order
          .slice(0, 6)
          .map((one) => leftoverProof(one, `item ${one.key.item} of the same kit order, not in the ERP`)),
        `Post kit order ${leftover.document} in the ERP: its components and its kits together.`,
      ),
    );
  });
}
