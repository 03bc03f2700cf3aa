/**
 * Decides which entries of both ledgers are the same event, the strongest evidence first: message, document, then key,
 * quantity and time. Each entry is claimed once. Only what agrees exactly is matched here; what is left over is judged by others.
 */
import { append } from '../compare/ledger-evidence.ts';
import { alignInTime, type DelayScale } from './align-in-time.ts';
import type { ItemCase } from './item-case.ts';
import { claim, type Entry, hasSameParts, isBalanced, isOpen, signatureOf } from './ledger-entry.ts';
import { kindOf, matchSummaries, matchSums, sumMatches } from './match-sums.ts';
import type { EvidenceGrade } from './priors.ts';
import { shapeOf } from './traits.ts';

/** Matches entries that a message or a document ties. */
export function matchDocuments(item: ItemCase): void {
  const { habits } = item.traits;
  if (habits.linksByMessage) matchByLink(item, ({ first }) => first.messageId, 'message');
  if (habits.linksByReference) matchByLink(item, ({ reference }) => reference, 'reference');
  if (!item.messages.isGiven || !item.wms.some(isOpen) || !item.erp.some(isOpen)) return;
  matchByLink(item, (entry) => item.messageOf(entry), 'message');
  if (!item.messages.hasBatches) return;
  for (const entry of [...item.wms, ...item.erp]) if (!entry.isTied) entry.batch = item.batchOf(entry);
  matchByLink(item, ({ batch }) => batch, 'message');
}

/** Matches what is still open: partly referenced documents are completed here, and what no document ties is matched in time. */
export function matchOthers(item: ItemCase): void {
  const scale = item.delays;
  cancelRepetitions(item);
  if (item.traits.habits.postsSummaries) matchSummaries(item, scale);
  matchInTime(item, scale);
  matchSums(item, scale);
  cancelOpposites(item.wms, item);
  cancelOpposites(item.erp, item);
}

interface Group {
  readonly wms: Entry[];
  readonly erp: Entry[];
}

function matchByLink(item: ItemCase, linkOf: (entry: Entry) => string, grade: EvidenceGrade): void {
  const groups = new Map<string, Group>();
  for (const entry of item.erp) {
    const link = isOpen(entry) ? linkOf(entry) : '';
    if (link === '') continue;
    const group = groups.get(link);
    if (group === undefined) groups.set(link, { wms: [], erp: [entry] });
    else group.erp.push(entry);
  }
  for (const entry of item.wms) {
    const link = linkOf(entry);
    if (link !== '') groups.get(link)?.wms.push(entry);
  }
  for (const { wms, erp } of groups.values()) {
    if (wms.length === 0) continue;
    for (const entry of erp) entry.isTied = true;
    for (const entry of wms) entry.isTied = true;
    settle(wms.filter(isOpen), erp, grade);
  }
}

/** Entries of one document: equal ones in the order of time, then what adds up to the same. */
function settle(wms: readonly Entry[], erp: readonly Entry[], grade: EvidenceGrade): void {
  const [event, posting] = [wms[0], erp[0]];
  if (event === undefined || posting === undefined) return;
  if (wms.length === 1 && erp.length === 1) {
    if (hasSameParts(event, posting)) claim(wms, erp, grade);
    return;
  }
  for (const equal of bySignature(wms, erp)) {
    for (const [one, other] of alignInTime(equal.wms, equal.erp, distance)) claim([one], [other], grade);
  }
  const left = { wms: wms.filter(isOpen), erp: erp.filter(isOpen) };
  if (left.wms.length === 0 || left.erp.length === 0) return;
  if (isBalanced(left.wms, left.erp)) claim(left.wms, left.erp, grade);
  else settleKinds(left, grade);
}

/** What raises or lowers the same keys is held against each other, so that one line's fault does not spoil the others. */
function settleKinds({ wms, erp }: Group, grade: EvidenceGrade): void {
  const kinds = new Map<string, Group>();
  for (const entry of [...wms, ...erp]) {
    const kind = kindOf(entry);
    const group = kinds.get(kind) ?? { wms: [], erp: [] };
    kinds.set(kind, group);
    group[entry.first.role].push(entry);
  }
  for (const group of kinds.values()) {
    if (group.wms.length === 0 || group.erp.length === 0) continue;
    if (isBalanced(group.wms, group.erp)) claim(group.wms, group.erp, grade);
    else sumMatches(group.wms, group.erp, grade);
  }
}

/** Within one document no delay is too long, the nearest is only the likeliest. */
function distance(wms: Entry, erp: Entry): number {
  const hours = (erp.at - wms.at) / 3_600_000;
  return Math.min(3, Math.log1p(Math.abs(hours)) * (hours < 0 ? 0.6 : 0.3));
}

function bySignature(wms: readonly Entry[], erp: readonly Entry[]): Iterable<Group> {
  const groups = new Map<string, Group>();
  for (const entry of erp) {
    const name = signatureOf(entry);
    const group = groups.get(name);
    if (group === undefined) groups.set(name, { wms: [], erp: [entry] });
    else group.erp.push(entry);
  }
  for (const entry of wms) groups.get(signatureOf(entry))?.wms.push(entry);
  return groups.values();
}

/** What no document ties: equal entries of the same key by time. */
function matchInTime(item: ItemCase, scale: DelayScale): void {
  const erp = item.erp.filter(isOpen);
  if (erp.length === 0) return;
  for (const equal of bySignature(item.wms.filter(isOpen), erp)) {
    for (const [one, other] of alignInTime(equal.wms, equal.erp, (a, b) =>
      mayBeSame(item, a, b) ? scale.costOf(a, b) : Number.POSITIVE_INFINITY,
    )) {
      claim([one], [other], 'time');
    }
  }
}

/** Whether nothing speaks against two entries being the same event. */
export function mayBeSame(item: ItemCase, wms: Entry, erp: Entry): boolean {
  if (wms.isTied && erp.isTied) return false;
  if (!item.isOneKind(wms.first.type, erp.first.type)) return false;
  // The posting names another document of the WMS.
  if (erp.isTied && wms.reference !== '') return false;
  return !areTwoDocuments(wms.reference, erp.reference);
}

/** Two numbers of one series: `SO1004` and `SO1007`, but not `SO1004` and `4900012345`. */
function areTwoDocuments(reference: string, other: string): boolean {
  if (reference === '' || other === '' || reference === other) return false;
  return shapeOf(reference) === shapeOf(other);
}

/** A booking and what takes it back on the same side, of which the other side knows neither. */
function cancelOpposites(entries: readonly Entry[], item: ItemCase): void {
  const open = entries.filter(isOpen);
  if (open.length < 2) return;
  const bySize = new Map<string, Entry[]>();
  for (const entry of open) append(bySize, sizeOf(entry), entry);
  for (const group of bySize.values()) {
    for (const isLinked of [true, false]) {
      for (const later of group) {
        if (!isOpen(later)) continue;
        const original = group.findLast(
          (entry) =>
            isOpen(entry) &&
            isOpposite(entry, later) &&
            mayTakeBack(entry, later, item) &&
            (!isLinked || isOfOneDocument(entry, later)),
        );
        if (original === undefined) continue;
        const both = [original, later];
        if (later.first.role === 'wms') claim(both, [], 'reference');
        else claim([], both, 'reference');
      }
    }
  }
}

/**
 * A document that the ERP posted twice and took back once: the second posting and its reversal are settled before time could
 * tie either to another document's movement.
 */
function cancelRepetitions(item: ItemCase): void {
  const bySize = new Map<string, Entry[]>();
  for (const entry of item.erp) if (entry.first.reference !== '') append(bySize, sizeOf(entry), entry);
  for (const group of bySize.values()) {
    for (const later of group) {
      if (!isOpen(later)) continue;
      const taken = group.filter(
        (entry) => isOpposite(entry, later) && isOfOneDocument(entry, later) && mayTakeBack(entry, later, item),
      );
      const repetition = taken.findLast(isOpen);
      if (taken.length > 1 && repetition !== undefined) claim([], [repetition, later], 'reference');
    }
  }
}

const TAKEN_BACK_MS = 7 * 86_400_000;

function sizeOf({ parts }: Entry): string {
  return parts.map(({ key, quantity }) => `${key}:${Math.abs(quantity)}`).join(' ');
}

function isOpposite(a: Entry, b: Entry): boolean {
  return a !== b && a.parts.every(({ quantity }, at) => b.parts[at]?.quantity === -quantity);
}

function isOfOneDocument({ first }: Entry, { first: other }: Entry): boolean {
  return first.reference !== '' && first.reference === other.reference;
}

/** Without a common document only a reversal that says so takes a booking back, or in the ERP somebody else's posting. */
function mayTakeBack(original: Entry, later: Entry, item: ItemCase): boolean {
  const delay = later.at - original.at;
  if (delay < 0 || delay > TAKEN_BACK_MS) return false;
  if (isOfOneDocument(original, later)) return true;
  if (areTwoDocuments(original.reference, later.reference)) return false;
  if (later.first.type === 'reversal' && original.first.type !== 'reversal') return true;
  if (later.first.role === 'wms') return false;
  return later.first.user !== original.first.user || !item.traits.habits.interfaceUsers.includes(later.first.user);
}
