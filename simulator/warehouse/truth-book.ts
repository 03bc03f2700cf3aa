/**
 * Decides what is true of a world: which fault made which units of each key's variance, and since when.
 * Never trusts itself: what it says is held against both books, key by key.
 */
import { dayOf } from './calendar.ts';
import type { Scene } from './faults/scene.ts';
import type { Net } from './interface.ts';
import { bareCode } from './item-codes.ts';
import type { Delivery, Fault, Leg } from './ledger.ts';
import { append } from './lists.ts';
import type { StockBook } from './stock-book.ts';
import { categoryOfStatus } from './stock-scheme.ts';

/** Part of the variance of a key, WMS − ERP. `fault` is undefined for what is in flight. */
export interface Contribution {
  readonly fault: Fault | undefined;
  quantity: number;
}

export interface TrueKey {
  readonly site: number;
  /** As the comparison will know it. */
  readonly itemCode: string;
  readonly owner: string;
  readonly lot: string;
  readonly category: number;
  readonly contributions: Contribution[];
  /** When the variance changed by how much, in flight aside: by local day. */
  readonly steps: { readonly day: number; readonly quantity: number }[];
  erp: number;
  wms: number;
}

/** Faults of the whole world, where there are any. */
export interface WorldFaults {
  /** The closing snapshot of the WMS is from another moment than it says. */
  readonly snapshot: Fault | undefined;
  readonly snapshotAt: number;
  /** Picked stock is not in it. */
  readonly scope: Fault | undefined;
  /** A status of the WMS stands in another category than it should (undefined: in none). */
  readonly unmapped:
    | { readonly status: string; readonly category: number | undefined; readonly fault: Fault }
    | undefined;
}

export class TruthBook {
  /** Keys that either side holds something of. */
  keyCount = 0;
  private readonly scene: Scene;
  private readonly world: WorldFaults;
  private readonly keys = new Map<string, TrueKey>();

  constructor(scene: Scene, world: WorldFaults) {
    this.scene = scene;
    this.world = world;
    for (const delivery of scene.deliveries) this.addDelivery(delivery);
    if (world.snapshot !== undefined) this.addLateMovements(world.snapshot);
  }

  /** The keys whose variance is not 0. Throws where a key's contributions do not add up to what the books say. */
  close(erp: StockBook, wms: StockBook): TrueKey[] {
    for (const [item, fault] of this.scene.aliasless) this.addAliasless(item, fault, erp, wms);
    this.addByStatus(wms);
    this.compare(erp, wms);
    const different = [...this.keys.values()].filter(({ contributions }) => contributions.length > 0);
    for (const key of different) {
      const sum = key.contributions.reduce((total, { quantity }) => total + quantity, 0);
      if (sum !== key.wms - key.erp)
        throw new Error(
          `the truth about ${key.itemCode} at site ${key.site} is ${sum}, the books say ${key.wms - key.erp}`,
        );
    }
    return different.filter((key) => key.erp !== key.wms || inFlight(key) !== 0);
  }

  private addDelivery(delivery: Delivery): void {
    const { moments, rounded } = this.scene;
    const isSettled = delivery.fault === undefined && isBefore(delivery, moments.erpCutOff, moments.wmsCutOff);
    if (!isSettled && delivery.fault === undefined) this.moveUnseen(delivery);
    if (isSettled && rounded.size === 0 && delivery.healed === undefined) return;
    for (const net of this.scene.nets(delivery)) {
      if (this.scene.aliasless.has(net.item.index)) continue;
      const rounding = isSettled ? rounded.get(this.scene.place(net.site, net.item.index)) : undefined;
      const fault = delivery.fault ?? rounding;
      this.add(
        net,
        fault,
        fault === undefined ? undefined : dayOf(rounding === undefined ? fault.at : delivery.erp[0]!.at),
      );
    }
    if (delivery.healed !== undefined) this.addHealed(delivery, delivery.healed);
  }

  /** What is in flight is seen through the map: a status that the map does not know cannot be in flight. */
  private moveUnseen({ wms }: Delivery): void {
    const { unmapped } = this.world;
    if (unmapped === undefined) return;
    for (const { at, legs } of wms) {
      if (at > this.scene.moments.wmsCutOff) continue;
      for (const leg of legs) {
        if (leg.status !== unmapped.status || this.scene.aliasless.has(leg.item.index)) continue;
        const net = this.net(leg, leg.quantity);
        for (const [category, sign] of [
          [net.category, 1],
          [unmapped.category, -1],
        ] as const) {
          if (category === undefined) continue;
          this.add({ ...net, category, quantity: sign * leg.quantity }, unmapped.fault, undefined);
          this.add({ ...net, category, quantity: -sign * leg.quantity }, undefined, undefined);
        }
      }
    }
  }

  /** A key was out of sync for some days that another fault may have made one run with today. */
  private addHealed({ wms, erp }: Delivery, { from, to }: { from: number; to: number }): void {
    for (const net of this.scene.nets({ wms, erp: erp.filter(({ at }) => at < to) })) {
      const { steps } = this.key(net, net.item.code);
      steps.push({ day: dayOf(from), quantity: net.quantity }, { day: dayOf(to), quantity: -net.quantity });
    }
  }

  /** What the WMS booked between the moment that its snapshot speaks of and the one that it claims. */
  private addLateMovements(fault: Fault): void {
    const { wmsCutOff } = this.scene.moments;
    const { snapshotAt } = this.world;
    const sign = snapshotAt < wmsCutOff ? -1 : 1;
    const [from, to] = [Math.min(snapshotAt, wmsCutOff), Math.max(snapshotAt, wmsCutOff)];
    for (const { at, legs } of this.scene.wmsPostings)
      if (at > from && at <= to)
        for (const leg of legs)
          if (!this.scene.aliasless.has(leg.item.index))
            this.add(this.net(leg, sign * leg.quantity), fault, dayOf(wmsCutOff));
  }

  private net({ site, item, owner, lot, status }: Leg, quantity: number): Net {
    return { site, item, owner, lot, category: categoryOfStatus(this.scene.habits.scheme, status), quantity };
  }

  /** Both sides hold the item under a name of their own: all of it is variance. */
  private addAliasless(itemIndex: number, fault: Fault, erp: StockBook, wms: StockBook): void {
    const item = this.scene.assortment.items[itemIndex - this.scene.assortment.firstItem]!;
    const day = dayOf(this.scene.moments.openingAt);
    for (let site = 0; site < erp.sites; site++)
      for (const [book, sign, code] of [
        [erp, -1, item.code],
        [wms, 1, bareCode(item.code)],
      ] as const)
        for (const { owner, lot, status, quantity } of book.at(site, itemIndex)) {
          const category =
            book === erp ? categoryOfStatus(this.scene.habits.scheme, status) : this.writtenCategory(status);
          if (category !== undefined && quantity !== 0)
            this.add({ site, item, owner, lot, category, quantity: sign * quantity }, fault, day, code);
        }
  }

  /** The category that evenstock.yaml gives a status of the WMS; undefined where it gives none, or the snapshot lacks it. */
  private writtenCategory(status: string): number | undefined {
    const { scheme } = this.scene.habits;
    const { unmapped, scope } = this.world;
    if (scope !== undefined && status === scheme.wmsNames.picked) return undefined;
    return unmapped?.status === status ? unmapped.category : categoryOfStatus(scheme, status);
  }

  /** Stock in a status that the map or the snapshot does not know. */
  private addByStatus(wms: StockBook): void {
    const { unmapped, scope } = this.world;
    const { scheme } = this.scene.habits;
    if (unmapped === undefined && scope === undefined) return;
    for (const item of this.scene.assortment.items) {
      if (this.scene.aliasless.has(item.index)) continue;
      for (let site = 0; site < wms.sites; site++)
        for (const { owner, lot, status, quantity } of wms.at(site, item.index)) {
          if (quantity === 0) continue;
          const place = { site, item, owner, lot };
          if (scope !== undefined && status === scheme.wmsNames.picked)
            this.add(
              { ...place, category: categoryOfStatus(scheme, status), quantity: -quantity },
              scope,
              dayOf(this.scene.moments.wmsCutOff),
            );
          if (unmapped?.status !== status) continue;
          const leg = { ...place, status, quantity };
          this.add(this.net(leg, -quantity), unmapped.fault, undefined);
          if (unmapped.category !== undefined)
            this.add({ ...leg, category: unmapped.category }, unmapped.fault, undefined);
        }
    }
    if (unmapped !== undefined) this.addStepsOfStatus(unmapped);
  }

  /** A key is out of sync for as long as it holds something in a status that is not mapped. */
  private addStepsOfStatus({ status, category }: NonNullable<WorldFaults['unmapped']>): void {
    const step = (leg: Leg, day: number): void => {
      if (leg.status !== status) return;
      const net = this.net(leg, -leg.quantity);
      this.keys.get(nameOf(net, net.item.code))?.steps.push({ day, quantity: -leg.quantity });
      if (category === undefined) return;
      this.keys.get(nameOf({ ...net, category }, net.item.code))?.steps.push({ day, quantity: leg.quantity });
    };
    const { startingStock, wmsPostings, moments } = this.scene;
    for (const leg of startingStock) step(leg, dayOf(moments.startsAt));
    for (const { at, legs } of wmsPostings)
      if (at <= this.world.snapshotAt) for (const leg of legs) step(leg, dayOf(at));
  }

  private add(net: Net, fault: Fault | undefined, day: number | undefined, code = net.item.code): void {
    const key = this.key(net, code);
    const same = key.contributions.find((each) => each.fault === fault);
    if (same === undefined) key.contributions.push({ fault, quantity: net.quantity });
    else same.quantity += net.quantity;
    if (day !== undefined) key.steps.push({ day, quantity: net.quantity });
  }

  private key(net: Net, itemCode: string): TrueKey {
    const name = nameOf(net, itemCode);
    const known = this.keys.get(name);
    if (known !== undefined) return known;
    const { site, owner, lot, category } = net;
    const key: TrueKey = { site, itemCode, owner, lot, category, contributions: [], steps: [], erp: 0, wms: 0 };
    this.keys.set(name, key);
    return key;
  }

  /** Puts both books' quantities to the keys. A key that differs and of which no fault is known throws. */
  private compare(erp: StockBook, wms: StockBook): void {
    for (const item of this.scene.assortment.items) {
      const wmsCode = this.scene.aliasless.has(item.index) ? bareCode(item.code) : item.code;
      for (let site = 0; site < erp.sites; site++) {
        const sums = new Map<string, { erp: number; wms: number }>();
        const sum = (
          side: 'erp' | 'wms',
          code: string,
          owner: string,
          lot: string,
          category: number | undefined,
          quantity: number,
        ): void => {
          if (category === undefined || quantity === 0) return;
          const name = nameOf({ site, owner, lot, category }, code);
          const known = sums.get(name);
          if (known === undefined) sums.set(name, { erp: 0, wms: 0, [side]: quantity });
          else known[side] += quantity;
        };
        for (const { owner, lot, status, quantity } of erp.at(site, item.index))
          sum('erp', item.code, owner, lot, categoryOfStatus(this.scene.habits.scheme, status), quantity);
        for (const { owner, lot, status, quantity } of wms.at(site, item.index))
          sum('wms', wmsCode, owner, lot, this.writtenCategory(status), quantity);
        this.keyCount += sums.size;
        for (const [name, both] of sums) {
          const key = this.keys.get(name);
          if (key !== undefined) Object.assign(key, both);
          else if (both.erp !== both.wms)
            throw new Error(`no fault is known of ${name}: ERP ${both.erp}, WMS ${both.wms}`);
        }
      }
    }
  }
}

/** Units that are only on their way: a key may agree and yet be wrong behind them. */
function inFlight({ contributions }: TrueKey): number {
  return contributions.find(({ fault }) => fault === undefined)?.quantity ?? 0;
}

function nameOf(
  { site, owner, lot, category }: Pick<Net, 'site' | 'owner' | 'lot' | 'category'>,
  code: string,
): string {
  return `${site}|${code}|${owner}|${lot}|${category}`;
}

function isBefore({ wms, erp }: Delivery, erpCutOff: number, wmsCutOff: number): boolean {
  return erp.every(({ at }) => at <= erpCutOff) && wms.every(({ at }) => at <= wmsCutOff);
}

/** First local day of the run of days, up to the last one, at whose end the variance was not 0; undefined where it is 0. */
export function onsetOf(steps: TrueKey['steps'], lastDay: number): number | undefined {
  const byDay = new Map<number, number[]>();
  for (const { day, quantity } of steps) append(byDay, day, quantity);
  const days = [...byDay.keys()].filter((day) => day <= lastDay).sort((a, b) => a - b);
  let variance = 0;
  let onset: number | undefined;
  for (const day of days) {
    variance += byDay.get(day)!.reduce((sum, quantity) => sum + quantity, 0);
    if (variance === 0) onset = undefined;
    else onset ??= day;
  }
  return onset;
}
