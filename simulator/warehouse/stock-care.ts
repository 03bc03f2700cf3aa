/**
 * Decides what happens to goods between coming and going: counts and recounts, corrections, damage, holds, scrap, new labels.
 * Never decides what the ERP makes of it.
 */
import { UNIT } from '../catalogue.ts';
import type { StockedItem } from './assortment.ts';
import { HOUR } from './calendar.ts';
import { between, pickWeighted } from './dice.ts';
import type { Floor } from './floor.ts';
import type { Leg } from './ledger.ts';
import type { Cell } from './stock-book.ts';
import type { WmsState } from './stock-scheme.ts';

/** A cell in one of the states that holds something, as a leg that takes all of it. */
function someStock(floor: Floor, site: number, states: readonly WmsState[]): Leg | undefined {
  const stocked = floor.drawItem(site);
  if (stocked === undefined) return undefined;
  const names = states.map((state) => floor.name(state));
  const cells = floor.book
    .at(site, stocked.item.index)
    .filter(({ quantity, status }) => quantity > 0 && names.includes(status));
  return cells.length === 0 ? undefined : takeAll(stocked, floor.random.pick(cells));
}

function takeAll({ site, item }: StockedItem, { owner, lot, status, quantity }: Cell): Leg {
  return { site, item, owner, lot, status, quantity: -quantity };
}

/** Some thousandths up to `most`, whole pieces where goods are counted. */
function someOf({ random }: Floor, { item, quantity }: Leg, most: number): number {
  if (item.baseUom === 'KG') return Math.min(-quantity, between(random, 50, most * 400));
  return Math.min(-quantity, UNIT * between(random, 1, most));
}

/** One bin counted. One count in four finds another amount; one correction in twelve is taken back by a recount. */
export function count(floor: Floor, site: number): void {
  const { random, numbering, queue } = floor;
  const bin = someStock(floor, site, ['available', 'available', 'damaged']);
  if (bin === undefined || !random.chance(0.25)) return;
  const amount = someOf(floor, bin, 6);
  const reference = numbering.document('count');
  const quantity = random.chance(0.6) ? -amount : amount;
  const book = (reason: string, change: number, own: string): void =>
    floor.finish('count', [
      floor.post({ type: 'count', reference: own, line: 1, legs: [{ ...bin, quantity: change }], reason }),
    ]);
  book('COUNT', quantity, reference);
  if (!random.chance(0.08)) return;
  queue.schedule(floor.now + between(random, 1, 8) * HOUR, () => {
    if (quantity < 0 || floor.taken(bin, quantity)[0]?.quantity === -quantity)
      book('RECOUNT', -quantity, numbering.document('count'));
  });
}

/** A supervisor corrects what a scanner got wrong. */
export function adjust(floor: Floor, site: number): void {
  const bin = someStock(floor, site, ['available']);
  if (bin === undefined) return;
  const amount = someOf(floor, bin, 9);
  const quantity = floor.random.chance(0.5) ? -amount : amount;
  const reason = floor.random.pick(['FOUND', 'LOST', 'MISSHIP', 'SAMPLE']);
  const reference = floor.numbering.document('adjustment');
  floor.finish('adjustment', [
    floor.post({ type: 'adjustment', reference, line: 1, legs: [{ ...bin, quantity }], reason }),
  ]);
}

/** Something breaks, or is found broken. */
export function damage(floor: Floor, site: number): void {
  const bin = someStock(floor, site, ['available', 'available', 'available', 'quality']);
  if (bin !== undefined) move(floor, { ...bin, quantity: -someOf(floor, bin, 8) }, 'damaged', 'DAMAGED');
}

/** A whole lot, or all of a bin, is blocked; most of it is free again within three days. */
export function hold(floor: Floor, site: number): void {
  const { random, queue } = floor;
  const bin = someStock(floor, site, ['available']);
  if (bin === undefined) return;
  const part = random.chance(0.4) ? -bin.quantity : someOf(floor, bin, 24);
  const held = { ...bin, quantity: -part };
  move(floor, held, 'hold', 'HOLD');
  if (!random.chance(0.7)) return;
  queue.schedule(floor.now + between(random, 4, 70) * HOUR, () => {
    for (const leg of floor.taken({ ...held, status: floor.name('hold') }, part))
      move(floor, leg, 'available', 'RELEASE');
  });
}

function move(floor: Floor, leg: Leg, state: WmsState, reason: string): void {
  const reference = floor.numbering.document('status');
  const legs = floor.moved([leg], state);
  floor.finish('status', [floor.post({ type: 'status-change', reference, line: 1, legs, reason })]);
}

/** Broken goods are thrown away, or come out of inspection. */
export function scrapOrMend(floor: Floor, site: number): void {
  const { random, numbering } = floor;
  const bin = someStock(floor, site, ['damaged', 'quality']);
  if (bin === undefined) return;
  const part = { ...bin, quantity: -someOf(floor, bin, 12) };
  if (
    pickWeighted(random, [
      [true, 6],
      [false, 4],
    ] as const)
  ) {
    const reference = numbering.document('scrap');
    floor.finish('scrap', [floor.post({ type: 'scrap', reference, line: 1, legs: [part], reason: 'SCRAP' })]);
  } else move(floor, part, 'available', 'MENDED');
}

/** Goods stood under the wrong lot. */
export function relabel(floor: Floor, site: number): void {
  const bin = someStock(floor, site, ['available']);
  if (bin === undefined || !bin.item.lotControlled) return;
  const other = floor.book.at(site, bin.item.index).find(({ lot, owner }) => lot !== bin.lot && owner === bin.owner);
  if (other === undefined) return;
  const leg = { ...bin, quantity: -someOf(floor, bin, 10) };
  const legs = [leg, { ...leg, lot: other.lot, quantity: -leg.quantity }];
  const reference = floor.numbering.document('relabel');
  floor.finish('relabel', [floor.post({ type: 'lot-change', reference, line: 1, legs, reason: 'RELABEL' })]);
}
