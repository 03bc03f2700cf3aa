/**
 * Decides faults with one common factor: an interface that was down, a file loaded twice, a pack factor lost for a family, a
 * type of document that the ERP refuses.
 * Never spoils a document that something else has happened to.
 */
import { UNIT } from '../../catalogue.ts';
import { HOUR } from '../calendar.ts';
import { between, fraction } from '../dice.ts';
import type { SystemicFault } from '../fault-profile.ts';
import type { Delivery, Posting } from '../ledger.ts';
import { append } from '../lists.ts';
import { loseMessage, rejectMessage } from './missing-postings.ts';
import type { Scene } from './scene.ts';

/** A systemic fault as the truth tells it. */
export interface SystemicRecord {
  readonly id: string;
  /** Of most of its documents. */
  cause: string;
  readonly from: number;
  readonly to: number;
  readonly factor: string;
  /** Documents that failed; for a fault of a snapshot or of the map, which has none, the keys. */
  documents: number;
}

/** Which documents a systemic fault hits, and how; the same for all blocks of a world. */
interface Blow {
  readonly cause: string;
  readonly from: number;
  readonly to: number;
  readonly factor: string;
  readonly hits: (delivery: Delivery, scene: Scene) => boolean;
  readonly spoil: (scene: Scene, delivery: Delivery) => void;
}

export interface SystemicPlan {
  readonly record: SystemicRecord;
  readonly blow: Blow;
  /** Documents so far, by the cause that the catalogue has for each. */
  readonly byCause: Map<string, number>;
}

/** Systemic faults of documents. */
export type DocumentSystemicFault = Exclude<SystemicFault, 'status-unmapped'>;

/** Fewer documents are no pattern; where there are no more in forty tries, half of it must do. */
const DOCUMENTS_MIN = 12;

/** Chooses what a systemic fault hits, by looking at the documents of the first block. undefined where there are too few. */
export function drawSystemicFault(scene: Scene, kind: DocumentSystemicFault, id: string): SystemicPlan | undefined {
  for (let attempt = 0; attempt < 40; attempt++) {
    const blow = DRAWS[kind](scene);
    const least = attempt < 30 ? DOCUMENTS_MIN : DOCUMENTS_MIN / 2;
    if (blow === undefined || soundOnes(scene, blow).length < least) continue;
    const { cause, from, to, factor } = blow;
    return { record: { id, cause, from, to, factor, documents: 0 }, blow, byCause: new Map() };
  }
  return undefined;
}

/** Plants a systemic fault in the documents of one block. */
export function plantSystemicFault(scene: Scene, { record, blow, byCause }: SystemicPlan): void {
  scene.belongTo(record.id);
  for (const delivery of soundOnes(scene, blow)) {
    blow.spoil(scene, delivery);
    if (delivery.fault === undefined) continue;
    record.documents++;
    const { cause } = delivery.fault;
    const count = (byCause.get(cause) ?? 0) + 1;
    byCause.set(cause, count);
    if (count > (byCause.get(record.cause) ?? 0)) record.cause = cause;
    // Its keys must not draw all other faults.
    if (scene.random.chance(0.1)) scene.troubled.push(...scene.nets(delivery));
  }
  scene.belongTo('');
}

function soundOnes(scene: Scene, blow: Blow): Delivery[] {
  return scene.deliveries.filter((delivery) => blow.hits(delivery, scene) && scene.isSound(delivery));
}

type Draw = (scene: Scene) => Blow | undefined;

const DRAWS: Readonly<Record<DocumentSystemicFault, Draw>> = {
  outage: (scene) => {
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
      cause: isRefused ? 'message-rejected' : 'message-lost',
      from,
      to,
      factor: `interface=${interfaceName}${siteName}`,
      hits: ({ messages: [message], site: at }) =>
        message !== undefined &&
        message.interfaceName === interfaceName &&
        message.sentAt >= from &&
        message.sentAt <= to &&
        (site === undefined || at === site),
      spoil: (at, delivery) => (isRefused ? rejectMessage(at, delivery, error) : loseMessage(at, delivery)),
    };
  },
  'file-loaded-twice': (scene) => {
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
      cause: 'file-loaded-twice',
      from: again,
      to: again + 600,
      factor: `batch=${batch}`,
      hits: ({ messages }) => messages[0]?.batch === batch,
      spoil: (at, delivery) => loadAgain(at, delivery, again),
    };
  },
  'pack-factor': (scene) => {
    const { random, earliest } = scene;
    const { family } = scene.someStocked().item;
    const from = earliest + between(random, 1, Math.max(2, Math.floor((scene.latest - earliest) / HOUR / 2))) * HOUR;
    const to = Math.min(scene.latest, from + between(random, 8, 60) * HOUR);
    return {
      cause: 'unit-mismatch',
      from,
      to,
      factor: `family=${family}`,
      hits: ({ erp, kind }, at) => kind !== 'kit' && erp.some((posting) => isInCases(at, posting, family, from, to)),
      spoil: (at, delivery) => forgetFactor(at, delivery, (posting) => isInCases(at, posting, family, from, to)),
    };
  },
  'type-rejected': (scene) => {
    const { random } = scene;
    const some = someDelivery(scene);
    if (some === undefined || !['return', 'count', 'adjustment', 'scrap', 'transfer'].includes(some.kind))
      return undefined;
    const from = some.at;
    const to = Math.min(scene.latest, from + between(random, 8, 72) * HOUR);
    const error = `User ${scene.habits.erpUsers[0]} is not authorised for documents of type ${some.type}`;
    return {
      cause: 'message-rejected',
      from,
      to,
      factor: `type=${some.type}`,
      hits: ({ type, at }) => type === some.type && at >= from && at <= to,
      spoil: (at, delivery) => rejectMessage(at, delivery, error),
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
