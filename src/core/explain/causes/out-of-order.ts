/** The cause `out-of-order`: the ERP took messages in another order than they happened. Never a deficit that still lasts. */
import { tellAltered } from '../altered-posting.ts';
import type { Cause, Fit } from '../cause.ts';
import type { ItemCase } from '../item-case.ts';
import type { Entry, Part } from '../ledger-entry.ts';
import { tellMissing } from '../missing-posting.ts';
import { entryProof, entryProofs } from '../proof.ts';
import type { Altered, Extra, Missing } from '../residual.ts';

const DEFICIT = /deficit|insufficient|negative|below zero|not enough|exceeds (the )?(available|stock|on.?hand)/i;
/** A message that sets the balance overwrites what was posted between its making and its posting, never more than a day. */
const OVERWRITTEN_MS = 86_400_000;
const OVERWRITTEN_MAX = 40;

export const outOfOrder: Cause = {
  code: 'out-of-order',
  title: 'Out of order',
  meaning:
    'The ERP processed messages in another order than the movements happened: an issue was refused because its receipt came later, or a message that sets the balance overwrote movements that were newer.',
  clue: 'A deficit error beside a receipt that posted soon after; or a posting that undoes exactly what was posted just before it.',
  test: 'A message was rejected for a deficit, and a posting that fills it came later: v = q. Or an absolute message overwrote later movements: v = their sum.',
  side: 'erp',
  refines: 'message-rejected',
  isLate: true,
  resolution: 'Replay the messages of the item in the order of their movements.',
  example: {
    story: 'An issue was refused for a deficit at 09:02; the receipt that would have filled it was posted at 09:20.',
    scenario: `
opening 11-20 00:00
cut-off 11-22 00:00
balance erp 0>50 wms 0>30
wms 11-21 08:50 receipt +50 ref=PO1 msg=M1
wms 11-21 09:00 shipment -20 ref=SO1 msg=M2
message M2 11-21 09:02 rejected -20 ref=SO1 error=deficit_of_20
message M1 11-21 08:51 applied +50 ref=PO1
erp 11-21 09:20 receipt +50 ref=PO1 msg=M1
`,
    expected: `
A: out-of-order -20
`,
  },
  judge(residual, item) {
    if (residual.kind === 'missing') return judgeDeficit(residual, item);
    return residual.kind === 'extra' ? judgeOverwriting(residual, item) : judgeLateCount(residual, item);
  },
};

function judgeDeficit(residual: Missing, item: ItemCase): Fit | undefined {
  const { wms, verdict } = residual;
  const [part] = wms.parts;
  if (verdict?.fate !== 'rejected' || !DEFICIT.test(verdict.line.error) || part === undefined || part.quantity >= 0)
    return undefined;
  const refusedAt = verdict.line.receivedAt ?? verdict.line.sentAt;
  const prerequisite = item.erp.find(
    ({ at, parts, period, match }) =>
      at >= refusedAt &&
      at - refusedAt <= OVERWRITTEN_MS &&
      period === 'within' &&
      match?.wms.some((event) => event.at <= wms.at + 3_600_000) &&
      parts.some(({ key, quantity }) => key === part.key && quantity > 0),
  );
  if (prerequisite === undefined) return undefined;
  const told = tellMissing(
    residual,
    item,
    0.0005,
    `Replay message ${verdict.line.messageId} now: what it lacked was posted later as ${prerequisite.first.movementId || prerequisite.first.reference}.`,
  );
  return {
    chance: told.chance,
    tell() {
      const { proofs, action } = told.tell();
      return {
        proofs: [...proofs, entryProof(prerequisite, 'the posting that it needed came after it was refused')],
        action,
      };
    },
  };
}

function judgeOverwriting({ erp }: Extra, item: ItemCase): Fit | undefined {
  const overwritten = findOverwritten(erp, item);
  if (overwritten === undefined) return undefined;
  return {
    chance: overwritten.length > 1 ? 0.03 : 0.15,
    tell: () => ({
      proofs: [
        entryProof(erp, `the ERP set the balance by ${item.signed(erp.first.quantity)}`),
        ...entryProofs(overwritten, 'a newer movement that it took back'),
      ],
      action: `Reverse ERP document ${erp.first.movementId || erp.first.reference}; it overwrote movements that were newer than it.`,
    }),
  };
}

/**
 * A count that was posted long after it was made: the ERP set its balance to what was counted then, and so took back what was
 * posted since. It booked its own adjustment less the sum of these.
 */
function judgeLateCount(residual: Altered, item: ItemCase): Fit | undefined {
  const { legs, wms, erp } = residual;
  const [[leg, ...more], [count, ...counts], [posting, ...postings]] = [legs, wms, erp];
  if (count === undefined || posting === undefined || more.length + counts.length + postings.length > 0)
    return undefined;
  if (leg.wmsKey !== leg.erpKey || !COUNTS.has(count.first.type)) return undefined;
  const before = item.erp.filter(
    (entry) => entry !== posting && entry.at <= posting.at && entry.parts.some(({ key }) => key === leg.erpKey),
  );
  // What the count had seen and the ERP posted after it stands in the balance twice.
  const late = item.erp.filter(
    ({ at, match, parts }) =>
      at > posting.at && (match?.wms[0]?.at ?? at) < count.at && parts.some(({ key }) => key === leg.erpKey),
  );
  const isSince = ({ at, match }: Entry): boolean => (match?.wms[0]?.at ?? at) > count.at;
  const since = before.filter(isSince);
  // Which of the first ones the count had seen is not certain where clocks differ.
  for (let first = 0; first < Math.min(since.length, COUNT_SLACK); first++) {
    const overwritten = since.slice(first);
    const sum = sumOn(overwritten, leg.erpKey) - sumOn(late, leg.erpKey);
    if (sum !== leg.moved - leg.booked) continue;
    const document = posting.first.movementId || posting.first.reference;
    const action = `Repeat the postings that ERP document ${document} overwrote: ${item.signed(sum)} in all.`;
    const told = tellAltered(
      residual,
      item,
      (isLate(count, posting, item) ? 0.0003 : 0.02) * (first + 1),
      'the balance was set to a count that was out of date',
      action,
    );
    return {
      chance: told.chance,
      tell() {
        const { proofs } = told.tell();
        return {
          proofs: [...proofs, ...entryProofs(overwritten, 'posted after the count, and overwritten by it')],
          action,
        };
      },
    };
  }
  return undefined;
}

function sumOn(entries: readonly Entry[], key: number): number {
  return entries.reduce((all, { parts }) => all + (parts.find((part) => part.key === key)?.quantity ?? 0), 0);
}

/** A count that is posted as soon as others are has nothing to overwrite but what came in between. */
function isLate(count: Entry, posting: Entry, { traits, lagMs }: ItemCase): boolean {
  return posting.at - count.at > Math.max(lagMs, traits.habits.delay?.high ?? 0) + 3_600_000;
}

const COUNTS: ReadonlySet<string> = new Set(['count', 'adjustment']);
const COUNT_SLACK = 6;

/** The postings right before that a posting undoes exactly, all of them matched. */
function findOverwritten(erp: Entry, item: ItemCase): readonly Entry[] | undefined {
  const [part, ...more] = erp.parts;
  if (part === undefined || more.length > 0 || erp.first.type === 'reversal') return undefined;
  const { key, quantity } = part as Part;
  const before = item.erp.filter(
    (entry) =>
      entry.at <= erp.at &&
      erp.at - entry.at <= OVERWRITTEN_MS &&
      entry !== erp &&
      entry.match !== undefined &&
      entry.parts.some((one) => one.key === key),
  );
  let sum = 0;
  for (let first = before.length - 1; first >= Math.max(0, before.length - OVERWRITTEN_MAX); first--) {
    sum += (before[first] as Entry).parts.find((one) => one.key === key)?.quantity ?? 0;
    if (sum === -quantity) return before.slice(first);
  }
  return undefined;
}
