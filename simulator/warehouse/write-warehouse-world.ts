/**
 * Decides in which order a world is made: the work of the warehouses, its way to the ERP, the faults, the files, the truth.
 * Works block by block of items, so that ten million movements need no more memory than one block.
 */
import { mkdirSync } from 'node:fs';
import { mixSeed, RandomStream } from '../random.ts';
import { Assortment } from './assortment.ts';
import { closeBooks } from './close-books.ts';
import { type EarlierCutOff, writeEarlierSnapshots } from './earlier-snapshots.ts';
import { systemicFaultsOf } from './fault-profile.ts';
import { plantSingleFaults } from './faults/plan-faults.ts';
import { Scene } from './faults/scene.ts';
import {
  drawSystemicFault,
  plantSystemicFault,
  type SystemicPlan,
  type SystemicRecord,
} from './faults/systemic-faults.ts';
import { drawWorldFaults } from './faults/world-faults.ts';
import { Floor } from './floor.ts';
import type { Numbering } from './habits.ts';
import { Healing } from './healing.ts';
import { Interface } from './interface.ts';
import { runWarehouse } from './run-warehouse.ts';
import { type TrueKey, TruthBook, type WorldFaults } from './truth-book.ts';
import { TruthFiles } from './truth-files.ts';
import { drawWorld, type WarehouseWorld } from './warehouse-world.ts';
import { MasterDataWriter, writeWorldConfiguration } from './world-configuration.ts';
import { completeOptions, type WarehouseOptions } from './world-options.ts';
import { WorldWriter } from './world-writer.ts';

/** Items × sites × days that are simulated at a time: some 500,000 movements, below 1 GB. */
const BLOCK = 100_000;

export interface WrittenWorld {
  readonly directory: string;
  readonly configuration: string;
  readonly keys: number;
  readonly erpMovements: number;
  readonly wmsMovements: number;
  readonly messages: number;
  readonly discrepantKeys: number;
  readonly faults: number;
}

/**
 * Writes a simulated company with its faults and the truth about them, the same bytes for the same options. `earlier`: what
 * the same company sent before, of a world that is one block.
 */
export function writeWarehouseWorld(
  directory: string,
  given: WarehouseOptions = {},
  onKeys: (keys: readonly TrueKey[]) => void = () => {},
  earlier: readonly EarlierCutOff[] = [],
): WrittenWorld {
  const options = completeOptions(given);
  const world = drawWorld(options);
  mkdirSync(directory, { recursive: true });
  const writers = {
    world: new WorldWriter(directory, world),
    masterData: new MasterDataWriter(directory, world),
    truth: new TruthFiles(directory, world),
  };
  const blockItems = Math.max(100, Math.floor(BLOCK / (options.sites * options.days * options.activity)));
  const systemic: Systemic = { plans: [], records: [] };
  let faults: WorldFaults | undefined;
  let keys = 0;
  for (let first = 0; first < options.items; first += blockItems) {
    const { scene, floor } = simulateBlock(world, first, Math.min(options.items, first + blockItems));
    faults ??= drawFaults(scene, world, systemic);
    const numbering = earlier.length > 0 ? world.numbering.copy() : undefined;
    const block = writeBlock(scene, floor, world, faults, systemic, writers);
    for (const cutOff of earlier)
      writeEarlierSnapshots(cutOff, scene, { ...world, numbering: (numbering as Numbering).copy() }, faults);
    keys += block.keys;
    onKeys(block.different);
  }
  for (const writer of [writers.world, writers.masterData]) writer.close();
  const configuration = writeWorldConfiguration(directory, world, faults!);
  const counts = {
    keys,
    erp_movements: writers.world.movements.erp,
    wms_movements: writers.world.movements.wms,
    messages: writers.world.messages,
    ...writers.truth.counts,
    contributions_by_cause: writers.truth.byCause,
  };
  const { faults: profile, habits: _habits, siteNames: _names, ...plain } = options;
  writers.truth.close(systemic.records, { seed: options.seed, options: { ...plain, faults: profile.name }, counts });
  return {
    directory,
    configuration,
    keys,
    erpMovements: counts.erp_movements,
    wmsMovements: counts.wms_movements,
    messages: counts.messages,
    discrepantKeys: counts.discrepant_keys,
    faults: counts.faults,
  };
}

/** What the sites do with a block of items, and how the ERP hears of it, without a fault so far. */
function simulateBlock(world: WarehouseWorld, first: number, end: number): { scene: Scene; floor: Floor } {
  const { options, habits, numbering, moments, sites, catalogue } = world;
  const { seed } = options;
  const assortment = new Assortment(seed, catalogue, first, end, sites.length, habits);
  const floor = new Floor(mixSeed(seed, 2, first), habits, numbering, moments, assortment, options.activity);
  runWarehouse(floor, seed);
  const interfaces = new Interface(new RandomStream(mixSeed(seed, 3, first)), habits, numbering);
  const deliveries = interfaces.deliverAll(floor.documents, options.hourlySummary);
  new Healing(new RandomStream(mixSeed(seed, 4, first)), habits, numbering, moments).stumble(deliveries);
  const startingStock = assortment.shelves.flatMap(({ stocked }) =>
    stocked.flatMap((each) => assortment.startingStock(each)),
  );
  const scene = new Scene({
    random: new RandomStream(mixSeed(seed, 5, first)),
    options,
    habits,
    numbering,
    moments,
    assortment,
    interfaces,
    deliveries,
    wmsPostings: floor.postings,
    startingStock,
    cancelled: floor.cancelled,
    book: floor.book,
    siteNames: sites,
  });
  return { scene, floor };
}

/** Systemic faults: those of documents with what they hit, and what the truth tells of all. */
interface Systemic {
  readonly plans: SystemicPlan[];
  readonly records: SystemicRecord[];
}

/** Draws the faults of the whole world, looking at its first block. */
function drawFaults(scene: Scene, world: WarehouseWorld, { plans, records }: Systemic): WorldFaults {
  const kinds = systemicFaultsOf(world.options.faults, (limit) => scene.random.below(limit));
  for (const kind of kinds) {
    const plan = kind === 'status-unmapped' ? undefined : drawSystemicFault(scene, kind, `S${records.length + 1}`);
    if (plan === undefined) continue;
    plans.push(plan);
    records.push(plan.record);
  }
  return drawWorldFaults(scene, world, kinds.includes('status-unmapped'), records);
}

interface Writers {
  readonly world: WorldWriter;
  readonly masterData: MasterDataWriter;
  readonly truth: TruthFiles;
}

/** Plants the faults of a block and writes it. Returns how many keys it has, and those that differ. */
function writeBlock(
  scene: Scene,
  floor: Floor,
  world: WarehouseWorld,
  faults: WorldFaults,
  { plans, records }: Systemic,
  writers: Writers,
): { keys: number; different: readonly TrueKey[] } {
  scene.unseenStatus = faults.unmapped?.status ?? '';
  for (const plan of plans) plantSystemicFault(scene, plan);
  plantSingleFaults(scene, world.options.faults, keysOf(scene, floor));
  loseHeaders(scene);
  const books = closeBooks(scene, world);
  const truth = new TruthBook(scene, faults);
  const different = truth.close(books.erp.closing, books.wms.closing);
  for (const side of ['erp', 'wms'] as const) {
    writers.world.writeBalances(side, 'balances', books[side].closing, scene);
    if (world.options.openings) writers.world.writeBalances(side, 'opening', books[side].opening, scene);
  }
  writers.world.writeLedgers(scene);
  writers.world.writeMessages(scene);
  writers.masterData.writeBlock(scene, floor);
  countKeys(faults, records, different);
  writers.truth.writeBlock(different, scene.faults);
  return { keys: truth.keyCount, different };
}

/** A fault of a snapshot or of the map has no documents: what it fails is keys. */
function countKeys(
  { snapshot, scope, unmapped }: WorldFaults,
  records: readonly SystemicRecord[],
  keys: readonly TrueKey[],
): void {
  for (const fault of [snapshot, scope, unmapped?.fault]) {
    const record = records.find(({ id }) => id === fault?.systemicId);
    if (record === undefined) continue;
    const isHit = ({ contributions }: TrueKey): boolean =>
      contributions.some((each) => each.fault === fault && each.quantity !== 0);
    record.documents += keys.filter(isHit).length;
  }
}

/** Keys that the WMS holds something of; the ERP's are about the same. */
function keysOf(scene: Scene, { book }: Floor): number {
  let keys = 0;
  for (const item of scene.assortment.items)
    for (let site = 0; site < book.sites; site++)
      keys += new Set(
        book
          .at(site, item.index)
          .filter(({ quantity }) => quantity !== 0)
          .map(({ owner, lot, status }) => `${owner}|${lot}|${scene.category({ status })}`),
      ).size;
  return keys;
}

/** Some of the ERP's documents lose their header: what they are about stands nowhere. */
function loseHeaders({ deliveries, random, options: { references } }: Scene): void {
  if (references >= 1) return;
  for (const delivery of deliveries)
    if (!random.chance(references)) for (const posting of delivery.erp) posting.isBare = true;
}
