/**
 * Decides how a simulated company's master data, demand and configuration are written.
 * Never decides stock, and never says more than a company would know: a fault of the map stands here as it was made.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { formatFixed, formatScaled } from '../../src/core/model/decimal.ts';
import { COST_SCALE, QUANTITY_SCALE } from '../catalogue.ts';
import { describeItem } from '../descriptions.ts';
import { mixSeed, RandomStream } from '../random.ts';
import { LineFile, quoteText } from '../world-files.ts';
import { dateText, dayOf, timeText } from './calendar.ts';
import type { Scene } from './faults/scene.ts';
import type { Floor } from './floor.ts';
import { wmsCodeOf } from './item-codes.ts';
import { WMS_STATES } from './stock-scheme.ts';
import type { WorldFaults } from './truth-book.ts';
import { CURRENCY, type WarehouseWorld } from './warehouse-world.ts';

/** Items, packs, aliases, demand and promotions, block by block. */
export class MasterDataWriter {
  private readonly world: WarehouseWorld;
  private readonly random = new RandomStream();
  private readonly files: Readonly<Record<'items' | 'packs' | 'aliases' | 'demand' | 'promotions', LineFile>>;

  constructor(directory: string, world: WarehouseWorld) {
    this.world = world;
    const open = (name: string, columns: string): LineFile =>
      new LineFile(join(directory, `${name}.csv`), columns.split(','));
    this.files = {
      items: open('items', 'item,description,base_uom,unit_cost,currency,abc_class,family,special,margin'),
      packs: open('packs', 'item,uom,factor'),
      aliases: open('aliases', 'system,alias,item'),
      demand: open('demand', 'item,site,daily_demand,open_order_quantity,on_order_quantity,reorder_point'),
      promotions: open('promotions', 'item,site,starts_on,ends_on,uplift'),
    };
  }

  close(): void {
    for (const file of Object.values(this.files)) file.close();
  }

  writeBlock(scene: Scene, floor: Floor): void {
    const { files, random, world } = this;
    for (const item of scene.assortment.items) {
      random.reseed(mixSeed(world.options.seed, 61, item.index));
      const margin = Math.floor((item.unitCost * (15 + random.below(60))) / 100);
      const special = random.chance(0.02) ? 'true' : 'false';
      files.items.lines.push(
        `${item.code},${quoteText(describeItem(item.index))},${item.baseUom},${item.unitCostText},${CURRENCY},${item.abcClass},${item.family},${special},${formatScaled(margin, COST_SCALE)}\n`,
      );
      if (item.caseFactor > 0)
        files.packs.lines.push(`${item.code},CASE,${item.caseFactor}\n${item.code},PALLET,${item.palletFactor}\n`);
      const alias = wmsCodeOf(item, world.habits.writesBareCodes);
      if (alias !== item.code && !scene.aliasless.has(item.index))
        files.aliases.lines.push(`wms1,${alias},${item.code}\n`);
      this.writePromotion(item.code);
    }
    for (const [site, { stocked }] of scene.assortment.shelves.entries()) {
      const weights = stocked.reduce((sum, { weight }) => sum + weight, 0);
      for (const each of stocked) this.writeDemand(site, each, weights, stocked.length, floor);
    }
    for (const file of Object.values(files)) file.flush();
  }

  private writeDemand(
    site: number,
    stocked: Floor['assortment']['shelves'][0]['stocked'][0],
    weights: number,
    items: number,
    floor: Floor,
  ): void {
    // About two order lines for three items on a day, of four pieces each.
    const daily = Math.round((0.66 * items * floor.activity * stocked.weight * 4 * stocked.lineSize) / weights);
    const step = stocked.item.baseUom === 'KG' ? 1 : 1000;
    const text = (quantity: number): string =>
      formatScaled(Math.max(0, Math.round(quantity / step) * step), QUANTITY_SCALE);
    const { ordered, onOrder } = floor.openOrdersOf(stocked);
    this.files.demand.lines.push(
      `${stocked.item.code},${this.world.sites[site]!.wms},${formatFixed(Math.round(daily / 10), 2)},${text(ordered)},${text(onOrder)},${text(7 * daily)}\n`,
    );
  }

  private writePromotion(code: string): void {
    const { random, world } = this;
    if (!random.chance(0.015)) return;
    const from = dayOf(world.moments.erpCutOff) - 3 + random.below(14);
    const site = random.pick(world.sites).wms;
    const uplift = formatFixed(random.pick([120, 150, 200, 300]), 2);
    this.files.promotions.lines.push(
      `${code},${site},${dateText(from)},${dateText(from + 4 + random.below(10))},${uplift}\n`,
    );
  }
}

/** Writes evenstock.yaml; returns its path. */
export function writeWorldConfiguration(directory: string, world: WarehouseWorld, faults: WorldFaults): string {
  const { options, habits, moments, sites } = world;
  const path = join(directory, 'evenstock.yaml');
  const skew = options.clockSkewMinutes * 60;
  const snapshots = (
    name: string,
    erpAt: number,
    wmsAt: number,
  ): string => `  - { system: sap, format: csv, path: erp_${name}.csv, as_of: ${timeText(erpAt + skew)} }
  - { system: wms1, format: csv, path: wms_${name}.csv, as_of: ${timeText(wmsAt)} }
`;
  const opening = options.openings ? `opening:\n${snapshots('opening', moments.openingAt, moments.openingAt)}` : '';
  const messages = options.messages ? 'messages:\n  - { format: csv, path: messages.csv }\n' : '';
  const grain = ['site', 'item', ...(habits.owners.length > 1 ? ['owner'] : []), 'lot', 'category'].join(', ');
  writeFileSync(
    path,
    `version: 1
name: ${options.company}
currency: ${CURRENCY}
systems:
  sap:
    role: erp
    site_aliases:
${sites.map((site) => `      "${site.erp}": ${site.wms}`).join('\n')}
  wms1: { role: wms, sites: [${sites.map((site) => site.wms).join(', ')}] }
balances:
${snapshots('balances', moments.erpCutOff, moments.wmsCutOff)}${opening}movements:
  - { system: sap, format: csv, path: erp_movements.csv }
  - { system: wms1, format: csv, path: wms_movements.csv }
${messages}items:      { format: csv, path: items.csv }
packs:      { format: csv, path: packs.csv }
aliases:    { format: csv, path: aliases.csv }
demand:     { format: csv, path: demand.csv }
promotions: { format: csv, path: promotions.csv }
grain: [${grain}]
categories:
${categoryLines(world, faults)}
tolerance: { quantity: 0 }
lag: { default: ${habits.lagMinutes}m }
`,
  );
  return path;
}

function categoryLines({ habits: { scheme } }: WarehouseWorld, { unmapped }: WorldFaults): string {
  const list = (names: readonly string[]): string => [...new Set(names)].join(', ');
  return scheme.categories
    .map((category, index) => {
      const erp = WMS_STATES.filter((state) => scheme.categoryOf[state] === index).map(
        (state) => scheme.erpNames[state],
      );
      const wms = WMS_STATES.map((state) => ({ status: scheme.wmsNames[state], at: scheme.categoryOf[state] }))
        .map(({ status, at }) => ({ status, at: status === unmapped?.status ? unmapped.category : at }))
        .filter(({ at }) => at === index)
        .map(({ status }) => status);
      return `  ${category}: { erp: [${list(erp)}], wms: [${list(wms)}] }`;
    })
    .join('\n');
}
