/**
 * Decides faults of a whole world that no document has: a native status that the map does not know, a snapshot that speaks of
 * another moment than it says, or that lacks what was picked.
 * Never changes what happened in either system.
 */
import type { FaultSide } from '../ledger.ts';
import type { WmsState } from '../stock-scheme.ts';
import type { WorldFaults } from '../truth-book.ts';
import type { WarehouseWorld } from '../warehouse-world.ts';
import type { Scene } from './scene.ts';
import type { SystemicRecord } from './systemic-faults.ts';

const SNAPSHOT_FAULTS = {
  stale: {
    cause: 'snapshot-stale',
    side: 'none',
    story: 'The WMS sent an old snapshot under the new name.',
  },
  'time-zone': {
    cause: 'cutoff-time-zone',
    side: 'map',
    story: 'The times of the WMS were taken for those of another time zone.',
  },
  scope: { cause: 'scope-mismatch', side: 'map', story: 'The extraction left out what was picked.' },
} as const;

/** Draws what is wrong with map and snapshot; each such fault adds a record. */
export function drawWorldFaults(
  scene: Scene,
  world: WarehouseWorld,
  isStatusUnmapped: boolean,
  records: SystemicRecord[],
): WorldFaults {
  const { options, habits, wmsSnapshotAt } = world;
  const unmapped = isStatusUnmapped ? drawUnmapped(scene, world, records) : undefined;
  const plain = { snapshot: undefined, scope: undefined, snapshotAt: wmsSnapshotAt, unmapped };
  if (options.snapshot === 'none') return plain;
  const { cause, side, story } = SNAPSHOT_FAULTS[options.snapshot];
  const { wmsCutOff } = world.moments;
  const isScope = options.snapshot === 'scope';
  const record: SystemicRecord = {
    id: `S${records.length + 1}`,
    cause,
    from: Math.min(wmsSnapshotAt, wmsCutOff),
    to: Math.max(wmsSnapshotAt, wmsCutOff),
    factor: isScope ? `status=${habits.scheme.wmsNames.picked}` : 'system=wms1',
    documents: 0,
  };
  records.push(record);
  const fault = note(scene, record, side, story);
  return isScope ? { ...plain, scope: fault } : { ...plain, snapshot: fault };
}

/** Most often the map does not know the status; else it takes it for sellable goods. */
function drawUnmapped(
  scene: Scene,
  { habits, moments }: WarehouseWorld,
  records: SystemicRecord[],
): WorldFaults['unmapped'] {
  const { random } = scene;
  const status = habits.scheme.wmsNames[random.pick<WmsState>(['hold', 'quality', 'damaged'])];
  const category = random.chance(0.3) ? 0 : undefined;
  const story =
    category === undefined ? `The map does not know ${status}.` : `The map takes ${status} for sellable goods.`;
  const record: SystemicRecord = {
    id: `S${records.length + 1}`,
    cause: 'status-unmapped',
    from: moments.openingAt,
    to: moments.erpCutOff,
    factor: `status=${status}`,
    documents: 0,
  };
  records.push(record);
  return { status, category, fault: note(scene, record, 'map', story) };
}

function note(
  scene: Scene,
  { id, cause, from }: SystemicRecord,
  side: FaultSide,
  story: string,
): WorldFaults['snapshot'] & object {
  scene.belongTo(id);
  const fault = scene.note(cause, side, from, [], story);
  scene.belongTo('');
  return fault;
}
