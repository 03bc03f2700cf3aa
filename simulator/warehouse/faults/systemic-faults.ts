/**
 * Decides faults with one common factor: an interface that was down, a file loaded twice, a pack factor lost for a family, a
 * type of document that the ERP refuses, a native status that nobody mapped.
 * Never spoils a document that something else has happened to.
 */
import { UNIT } from '../../catalogue.ts';
import { HOUR } from '../calendar.ts';
import { between, fraction } from '../dice.ts';
import type { SystemicFault } from '../fault-profile.ts';
import type { Delivery, Posting } from '../ledger.ts';
import { append } from '../lists.ts';
import type { WmsState } from '../stock-scheme.ts';
import { loseMessage, rejectMessage } from './missing-postings.ts';
import type { Scene } from './scene.ts';

/** A systemic fault as it was planted; the same for all blocks of a world. */
export interface SystemicRecord {
  readonly id: string;
  readonly kind: SystemicFault;
  /** Of most of its documents. */
  cause: string;
  readonly from: number;
  readonly to: number;
  readonly factor: string;
  documents: number;
  readonly causes: Map<string, number>;
  /** Which documents it hits. */
  readonly hits: (delivery: Delivery, scene: Scene) => boolean;
  readonly spoil: (scene: Scene, delivery: Delivery) => void;
  /** The state whose native status is missing in the map, or stands in the wrong category. */
  readonly unmapped?: WmsState;
}

/** Fewer documents are no pattern. */
const DOCUMENTS_MIN = 12;

/** Chooses what a systemic fault hits, by looking at the documents of the first block. undefined where there are too few. */
export function drawSystemicFault(scene: Scene, kind: SystemicFault, id: string): SystemicRecord | undefined {
  for (let attempt = 0; attempt < 40; attempt++) {
    const record = DRAWS[kind](scene, id);
    if (record === undefined) continue;
    const least = attempt < 30 ? DOCUMENTS_MIN : DOCUMENTS_MIN / 2;
    if (kind === 'status-unmapped' || soundOnes(scene, record).length >= least) return record;
  }
  return undefined;
}

/** Plants a systemic fault in the documents of one block. */
export function plantSystemicFault(scene: Scene, record: SystemicRecord): void {
  scene.belongTo(record.id);
  for (const delivery of soundOnes(scene, record)) {
    record.spoil(scene, delivery);
    if (delivery.fault === undefined) continue;
    record.documents++;
    const { cause } = delivery.fault;
    const count = (record.causes.get(cause) ?? 0) + 1;
    record.causes.set(cause, count);
    if (count > (record.causes.get(record.cause) ?? 0)) record.cause = cause;
    if (scene.random.chance(0.1)) scene.troubled.push(...scene.nets(delivery));
  }
  scene.belongTo('');
}

function soundOnes(scene: Scene, record: SystemicRecord): Delivery[] {
  return scene.deliveries.filter((delivery) => record.hits(delivery, scene) && scene.isSound(delivery));
}

type Draw = (scene: Scene, id: string) => SystemicRecord | undefined;

const DRAWS: Readonly<Record<SystemicFault, Draw>> = {
  outage: (scene, id) => {
    const { random } = scene;
    const some = someDelivery(scene);
    const interfaceName = some?.messages[0]?.interfaceName;
    if (some === undefined || interfaceName === undefined) return undefined;
    const site = scene.assortment.shelves.length > 1 && random.chance(0.35) ? some.site : undefined;
    const from = some.at - between(random, 0, HOUR);
    const to = from + between(random, 3, 20) * 900;
    const isRefused = random.chance(0.4);
    const error = 'Service WMS_INBOUND is not available';
    const siteName = site === undefined ? '' : ` site=${scene.siteNames[site]!.wms}`;
    return {
      id,
      kind: 'outage',
      cause: isRefused ? 'message-rejected' : 'message-lost',
      from,
      to,
      factor: `interface=${interfaceName}${siteName}`,
      documents: 0,
      causes: new Map(),
      hits: ({ messages: [message], site: at }) =>
        message !== undefined &&
        message.interfaceName === interfaceName &&
        message.sentAt >= from &&
        message.sentAt <= to &&
        (site === undefined || at === site),
      spoil: (at, delivery) => (isRefused ? rejectMessage(at, delivery, error) : loseMessage(at, delivery)),
    };
  },
  'file-loaded-twice': (scene, id) => {
    const batches = new Map<string, Delivery[]>();
    for (const delivery of scene.deliveries)
      if (delivery.messages[0] !== undefined && scene.isSound(delivery))
        append(batches, delivery.messages[0].batch, delivery);
    const large = [...batches].filter(([, files]) => files.length >= DOCUMENTS_MIN);
    if (large.length === 0) return undefined;
    const [batch, files] = scene.random.pick(large);
    const first = Math.max(...files.flatMap(({ erp }) => erp.map(({ at }) => at)));
    const again = first + between(scene.random, 1800, 20 * HOUR);
    if (again > scene.latest) return undefined;
    return {
      id,
      kind: 'file-loaded-twice',
      cause: 'file-loaded-twice',
      from: again,
      to: again + 600,
      factor: `batch=${batch}`,
      documents: 0,
      causes: new Map(),
      hits: ({ messages }) => messages[0]?.batch === batch,
      spoil: (at, delivery) => loadAgain(at, delivery, again),
    };
  },
  'pack-factor': (scene, id) => {
    const { random, earliest } = scene;
    const { family } = scene.someStocked().item;
    const from = earliest + between(random, 1, Math.max(2, Math.floor((scene.latest - earliest) / HOUR / 2))) * HOUR;
    const to = Math.min(scene.latest, from + between(random, 8, 60) * HOUR);
    return {
      id,
      kind: 'pack-factor',
      cause: 'unit-mismatch',
      from,
      to,
      factor: `family=${family}`,
      documents: 0,
      causes: new Map(),
      hits: ({ erp, kind }, at) => kind !== 'kit' && erp.some((posting) => isInCases(at, posting, family, from, to)),
      spoil: (at, delivery) => forgetFactor(at, delivery, (posting) => isInCases(at, posting, family, from, to)),
    };
  },
  'type-rejected': (scene, id) => {
    const { random } = scene;
    const some = someDelivery(scene);
    if (some === undefined || !['return', 'count', 'adjustment', 'scrap', 'transfer'].includes(some.kind))
      return undefined;
    const from = some.at;
    const to = Math.min(scene.latest, from + between(random, 8, 72) * HOUR);
    const error = `User ${scene.habits.erpUsers[0]} is not authorised for documents of type ${some.type}`;
    return {
      id,
      kind: 'type-rejected',
      cause: 'message-rejected',
      from,
      to,
      factor: `type=${some.type}`,
      documents: 0,
      causes: new Map(),
      hits: ({ type, at }) => type === some.type && at >= from && at <= to,
      spoil: (at, delivery) => rejectMessage(at, delivery, error),
    };
  },
  'status-unmapped': (scene, id) => {
    const { moments, habits, random } = scene;
    const unmapped = random.pick<WmsState>(['hold', 'quality', 'damaged']);
    return {
      id,
      kind: 'status-unmapped',
      cause: 'status-unmapped',
      from: moments.openingAt,
      to: moments.erpCutOff,
      factor: `status=${habits.scheme.wmsNames[unmapped]}`,
      documents: 0,
      causes: new Map(),
      hits: () => false,
      spoil: () => {},
      unmapped,
    };
  },
};

function someDelivery(scene: Scene): Delivery | undefined {
  const { random, deliveries } = scene;
  const delivery = deliveries[Math.floor(fraction(random) * deliveries.length)];
  return delivery !== undefined && scene.isSound(delivery) ? delivery : undefined;
}

/** All but a few documents of the file are posted again. */
function loadAgain(scene: Scene, delivery: Delivery, again: number): void {
  if (scene.random.chance(0.04)) return;
  const extra = delivery.erp.map((posting) => ({ ...posting, at: again + scene.random.below(600) }));
  delivery.erp = [...delivery.erp, ...extra];
  const story = `${delivery.reference} was posted again when its file was loaded a second time.`;
  delivery.fault = scene.note('file-loaded-twice', 'erp', extra[0]!.at, [delivery.reference], story);
}

/** Whether a posting was told in cases of a family's item. */
function isInCases({ habits }: Scene, { legs, at }: Posting, family: string, from: number, to: number): boolean {
  const { item } = legs[0]!;
  return (
    item.family === family &&
    habits.tellsInCases(item) &&
    at >= from &&
    at <= to &&
    legs.every(({ quantity }) => quantity % (item.caseFactor * UNIT) === 0)
  );
}

/** A case counts as one piece. */
function forgetFactor(scene: Scene, delivery: Delivery, isHit: (posting: Posting) => boolean): void {
  const at = delivery.erp.find(isHit)!.at;
  delivery.erp = delivery.erp.map((posting) =>
    isHit(posting)
      ? { ...posting, legs: posting.legs.map((leg) => ({ ...leg, quantity: leg.quantity / leg.item.caseFactor })) }
      : posting,
  );
  const story = `The cases of ${delivery.reference} were posted as pieces: the ERP had lost the family's pack factor.`;
  delivery.fault = scene.note('unit-mismatch', 'erp', at, [delivery.reference], story);
}
