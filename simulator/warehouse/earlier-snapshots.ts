/**
 * Decides what a company's systems had sent by an earlier cut-off: their balances then, the ledgers and the message log as far
 * as they went, beside the openings. Never changes the world, and tells no truth about it.
 */
import { mkdirSync } from 'node:fs';
import { HOUR } from './calendar.ts';
import { closeBooks } from './close-books.ts';
import type { Scene } from './faults/scene.ts';
import type { WorldFaults } from './truth-book.ts';
import type { WarehouseWorld } from './warehouse-world.ts';
import { writeWorldConfiguration } from './world-configuration.ts';
import { WorldWriter } from './world-writer.ts';

export interface EarlierCutOff {
  readonly directory: string;
  /** Before the cut-off of the world. */
  readonly hours: number;
}

/** Without master data: the configuration names it, and whoever reads this puts it there. The scene is one whole world. */
export function writeEarlierSnapshots(
  { directory, hours }: EarlierCutOff,
  scene: Scene,
  world: WarehouseWorld,
  faults: WorldFaults,
): void {
  const { moments } = world;
  const [erpCutOff, wmsCutOff] = [moments.erpCutOff - hours * HOUR, moments.wmsCutOff - hours * HOUR];
  const then: WarehouseWorld = {
    ...world,
    wmsSnapshotAt: wmsCutOff,
    moments: { ...moments, erpCutOff, wmsCutOff, extractedAt: Math.max(erpCutOff, wmsCutOff) },
  };
  mkdirSync(directory, { recursive: true });
  const books = closeBooks(scene, then);
  const writer = new WorldWriter(directory, then);
  for (const side of ['erp', 'wms'] as const) {
    writer.writeBalances(side, 'balances', books[side].closing, scene);
    if (world.options.openings) writer.writeBalances(side, 'opening', books[side].opening, scene);
  }
  writer.writeLedgers(scene);
  writer.writeMessages(scene);
  writer.close();
  writeWorldConfiguration(directory, then, faults);
}
