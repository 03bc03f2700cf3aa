/**
 * Decides, from a sample of items, how both systems usually write down one event: how late the ERP posts, which numbers they share,
 * which users are the interface. Never looks at what went wrong.
 */
import type { Role } from '../model/balance.ts';
import type { ExplainSettings, ItemEvidence } from './evidence.ts';
import { ItemCase } from './item-case.ts';
import { type KeyAccount, readAccounts } from './key-account.ts';
import { type Entry, signatureOf } from './ledger-entry.ts';
import { matchDocuments, matchOthers } from './match-entries.ts';
import { settleSystemic } from './settle-systemic.ts';
import { type Habits, NO_SYSTEMIC_TRAITS, shapeOf } from './traits.ts';

/** Links are a habit from this share of the numbered postings on; below it equal numbers are chance. */
const LINKED_SHARE_MIN = 0.1;
const LINKED_MIN = 5;
/** From this share of the postings on, those that a number ties speak for all. */
const LINKED_USUAL_SHARE = 0.5;
/** Most postings of the interface have a movement, most of a person have none. */
const INTERFACE_SHARE_MIN = 0.75;
const INTERFACE_VOLUME_MIN = 0.01;
const SUMMARY_SHARE_MIN = 0.02;
const TYPE_PAIRS_MIN = 20;
const TYPE_SHARE_MIN = 0.02;
const PAIRS_MIN = 5;
/** What lies this far from the median is another event, or one that was late. */
const UNUSUAL_MS = 12 * 3_600_000;

const FIRST_GUESS: Habits = {
  delay: undefined,
  linksByMessage: true,
  linksByReference: true,
  foreignShapes: [],
  interfaceUsers: [],
  types: {},
  replays: { erp: true, wms: true },
  ledgersFrom: { erp: Number.NEGATIVE_INFINITY, wms: Number.NEGATIVE_INFINITY },
  postsSummaries: false,
};

/** The sample is a few hundred items drawn without a look at their variances, or all there are. */
export function estimateHabits(sample: readonly ItemEvidence[], settings: ExplainSettings): Habits {
  const links = linksOf(sample);
  const delay = delayOf(matched(sample, { ...FIRST_GUESS, ...links }, settings));
  const guess = { ...FIRST_GUESS, ...links, delay };
  const cases = matched(sample, guess, settings);
  const postsSummaries = postSummaries(cases);
  return {
    ...guess,
    postsSummaries,
    interfaceUsers: interfaceUsersOf(cases),
    types: typesOf(cases),
    replays: replaysOf(cases),
    ledgersFrom: { erp: firstOf(sample, 'erp'), wms: firstOf(sample, 'wms') },
  };
}

function matched(sample: readonly ItemEvidence[], habits: Habits, settings: ExplainSettings): ItemCase[] {
  return sample.map((evidence) => {
    const item = new ItemCase(evidence, { habits, systemic: NO_SYSTEMIC_TRAITS, resolved: [] }, settings);
    matchDocuments(item);
    matchOthers(item);
    return item;
  });
}

/** Numbers are held against each other by their shape: an ERP that numbers its summaries itself still names other documents. */
function linksOf(
  sample: readonly ItemEvidence[],
): Pick<Habits, 'linksByMessage' | 'linksByReference' | 'foreignShapes'> {
  const messages = shapesOf(sample, 'messageId');
  const references = shapesOf(sample, 'reference');
  return {
    linksByMessage: [...messages.values()].some(isLinked),
    linksByReference: [...references.values()].some(isLinked),
    foreignShapes: [...references].flatMap(([shape, counts]) =>
      counts.all >= LINKED_MIN && !isLinked(counts) ? [shape] : [],
    ),
  };
}

interface LinkCounts {
  all: number;
  linked: number;
}

function isLinked({ all, linked }: LinkCounts): boolean {
  return linked >= LINKED_MIN && linked > LINKED_SHARE_MIN * all;
}

/** How many of the ERP's numbers the WMS knows for the same item, by shape. */
function shapesOf(sample: readonly ItemEvidence[], column: 'messageId' | 'reference'): Map<string, LinkCounts> {
  const shapes = new Map<string, LinkCounts>();
  for (const { postings } of sample) {
    const known = new Set(postings.flatMap((posting) => (posting.role === 'wms' ? [posting[column]] : [])));
    for (const posting of postings) {
      if (posting.role === 'wms' || posting[column] === '') continue;
      const shape = shapeOf(posting[column]);
      const counts = shapes.get(shape) ?? { all: 0, linked: 0 };
      shapes.set(shape, counts);
      counts.all++;
      if (known.has(posting[column])) counts.linked++;
    }
  }
  return shapes;
}

/**
 * From pairs that a number ties; where these are too few to speak for all postings, also from quantities that occur once in
 * either ledger of a key: summaries without numbers come later than the few documents that have them.
 */
function delayOf(cases: readonly ItemCase[]): Habits['delay'] {
  const linked: number[] = [];
  const unique: number[] = [];
  let postings = 0;
  for (const item of cases) {
    postings += item.erp.length;
    for (const { match } of item.erp) {
      const [[wms], [erp]] = [match?.wms ?? [], match?.erp ?? []];
      if (wms === undefined || erp === undefined || match?.wms.length !== 1 || match.erp.length !== 1) continue;
      if (match.grade !== 'time') linked.push(erp.at - wms.at);
    }
    unique.push(...uniqueDelays(item));
  }
  const isLinked = linked.length >= PAIRS_MIN && linked.length >= LINKED_USUAL_SHARE * postings;
  const delays = isLinked ? linked : [...linked, ...unique];
  if (delays.length < PAIRS_MIN) return undefined;
  const middle = delays.sort((a, b) => a - b)[delays.length >> 1] as number;
  const usual = delays.filter((delay) => Math.abs(delay - middle) <= UNUSUAL_MS);
  const at = (share: number): number => usual[Math.floor(share * (usual.length - 1))] as number;
  return { low: at(0.05), median: at(0.5), high: at(0.95) };
}

function uniqueDelays(item: ItemCase): number[] {
  const wms = onlyOnes(item.wms);
  const erp = onlyOnes(item.erp);
  return [...erp].flatMap(([signature, posting]) => {
    const event = wms.get(signature);
    return event === undefined ? [] : [posting.at - event.at];
  });
}

function onlyOnes(entries: readonly Entry[]): Map<string, Entry> {
  const first = new Map<string, Entry>();
  const repeated = new Set<string>();
  for (const entry of entries) {
    const signature = signatureOf(entry);
    if (first.has(signature)) repeated.add(signature);
    first.set(signature, entry);
  }
  for (const signature of repeated) first.delete(signature);
  return first;
}

/** Whether enough postings add up several movements, of different documents as far as they name them. */
function postSummaries(cases: readonly ItemCase[]): boolean {
  const postings = cases.flatMap((item) => item.erp);
  const sums = postings.filter(({ match }) => {
    if (match === undefined || match.erp.length > 1 || match.wms.length < 2) return false;
    const references = new Set(match.wms.map(({ first }) => first.reference));
    return references.size > 1 || references.has('');
  });
  return sums.length >= SUMMARY_SHARE_MIN * postings.length && sums.length >= PAIRS_MIN;
}

/** Users who post often and whose postings mostly have a movement: a person who keys a receipt now and then is not among them. */
function interfaceUsersOf(cases: readonly ItemCase[]): string[] {
  const users = new Map<string, { all: number; matched: number }>();
  let postings = 0;
  for (const { erp } of cases) {
    for (const { first, match, period } of erp) {
      if (period !== 'within') continue;
      const counts = users.get(first.user) ?? { all: 0, matched: 0 };
      users.set(first.user, counts);
      counts.all++;
      postings++;
      if (match !== undefined && match.wms.length > 0) counts.matched++;
    }
  }
  return [...users]
    .filter(
      ([, { all, matched: found }]) => all >= INTERFACE_VOLUME_MIN * postings && found >= INTERFACE_SHARE_MIN * all,
    )
    .map(([user]) => user)
    .sort();
}

/** For each type of the WMS with enough pairs, the ERP's types for it; a rare one is a pair that chance has made. */
function typesOf(cases: readonly ItemCase[]): Habits['types'] {
  const pairs = new Map<string, Map<string, number>>();
  for (const { erp } of cases) {
    for (const { match, first } of erp) {
      const [event, ...more] = match?.wms ?? [];
      if (event === undefined || more.length > 0 || first.type === '') continue;
      const counts = pairs.get(event.first.type) ?? new Map<string, number>();
      pairs.set(event.first.type, counts);
      counts.set(first.type, (counts.get(first.type) ?? 0) + 1);
    }
  }
  return Object.fromEntries(
    [...pairs].flatMap(([wmsType, counts]) => {
      const all = [...counts.values()].reduce((sum, count) => sum + count, 0);
      const usual = [...counts].filter(([, count]) => count >= TYPE_SHARE_MIN * all).map(([type]) => type);
      return all < TYPE_PAIRS_MIN ? [] : [[wmsType, usual.sort()]];
    }),
  );
}

function firstOf(sample: readonly ItemEvidence[], role: Role): number {
  let first = Number.POSITIVE_INFINITY;
  for (const { postings } of sample) {
    for (const posting of postings) if (posting.role === role && posting.postedAt < first) first = posting.postedAt;
  }
  return Number.isFinite(first) ? first : Number.NEGATIVE_INFINITY;
}

/** A ledger that starts too late fails for nearly every key that it names; a complete one for few. */
function replaysOf(cases: readonly ItemCase[]): Habits['replays'] {
  const holds = (role: Role, breakOf: (account: KeyAccount) => number | undefined): boolean => {
    let all = 0;
    let sound = 0;
    for (const item of cases) {
      const touched = new Set(item[role].flatMap(({ parts }) => parts.map(({ key }) => key)));
      readAccounts(item, settleSystemic(item)).forEach((account, key) => {
        const found = account && breakOf(account);
        if (found === undefined || (found === 0 && !touched.has(key))) return;
        all++;
        if (found === 0) sound++;
      });
    }
    return 2 * sound >= all;
  };
  return { erp: holds('erp', ({ erpBreak }) => erpBreak), wms: holds('wms', ({ wmsBreak }) => wmsBreak) };
}
