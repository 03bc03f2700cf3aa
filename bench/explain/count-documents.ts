/**
 * Counts the documents of a simulated world by what they have in common, as the product does while it reads whole files.
 * Never looks at what failed.
 */
import { append } from '../../src/core/compare/ledger-evidence.ts';
import type { ItemEvidence, Posting } from '../../src/core/explain/evidence.ts';
import { FactorCounts } from '../../src/core/explain/systemic/factor-counts.ts';
import type { WorldEvidence } from './world-evidence.ts';

export function countDocuments({ items, inPacks }: WorldEvidence): FactorCounts {
  const counts = new FactorCounts();
  for (const evidence of items) {
    countPostings(evidence, counts);
    const { item, family, messages } = evidence;
    for (const message of messages) {
      const { messageId, reference, sentAt, interfaceName, type, placed, batch, source } = message;
      const document = {
        ...{ item, family, document: reference || messageId, at: sentAt, interface: interfaceName, type, batch },
        ...{ user: '', status: '', site: placed?.site ?? '', file: source.file },
      };
      counts.countDocument('messages', document);
      if (inPacks.has(message)) counts.countDocument('packs', document);
    }
  }
  return counts;
}

function countPostings({ item, family, packFactors, postings }: ItemEvidence, counts: FactorCounts): void {
  const blank = { item, family, interface: '', user: '', batch: '', file: '', status: '', type: '', site: '' };
  counts.countDocument('items', { ...blank, document: item, at: 0 });
  const within = movesWithin(postings);
  for (const posting of postings) {
    if (within.has(posting)) continue;
    const { role, reference, movementId, postedAt, type, site, user, batch, status, quantity, source } = posting;
    const document = { ...blank, document: reference || movementId, at: postedAt, site };
    counts.countDocument(role, { ...document, type, user, batch, status, file: source.file });
    if (role === 'wms' && packFactors.some((factor) => quantity % factor === 0))
      counts.countDocument('whole-packs', document);
  }
}

/** Postings of moves from one status to another of the same category: the other system need not hear of them. */
function movesWithin(postings: readonly Posting[]): ReadonlySet<Posting> {
  const legs = new Map<string, Posting[]>();
  for (const posting of postings)
    if (posting.movementId !== '') append(legs, `${posting.role} ${posting.movementId} ${posting.category}`, posting);
  const sum = (own: readonly Posting[]): number => own.reduce((units, { quantity }) => units + quantity, 0);
  return new Set([...legs.values()].filter((own) => own.length > 1 && sum(own) === 0).flat());
}
