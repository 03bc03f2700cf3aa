/** Decides which postings of a document are worth reading. Never leaves out one that changed what a side holds. */
import type { TimelineMessage, TimelinePosting } from '../../../../contract/item-view.ts';
import { isNothing, sumOf } from '../exact-sums.ts';

/** One posting, or several of one status added up: `count` of them. `posting`: the first, for its file and row. */
export interface VisiblePosting {
  readonly posting: TimelinePosting;
  readonly quantity: string;
  readonly count: number;
}

/** More of one status are added up. */
const LISTED_MAX = 4;

/** A status that units only passed through is left out, unless there is no other. */
export function visiblePostings(postings: readonly TimelinePosting[]): VisiblePosting[] {
  const groups = new Map<string, TimelinePosting[]>();
  for (const posting of postings) {
    const name = JSON.stringify([posting.status, posting.after_cut_off]);
    groups.set(name, [...(groups.get(name) ?? []), posting]);
  }
  const sums = [...groups.values()].map((group) => ({ group, sum: sumOf(group.map(({ quantity }) => quantity)) }));
  const lasting = sums.filter(({ sum }) => !isNothing(sum));
  const kept = lasting.length === 0 ? sums : lasting;
  const isShort = lasting.length > 0 && kept.reduce((count, { group }) => count + group.length, 0) <= LISTED_MAX;
  if (isShort)
    return postings
      .filter((posting) => lasting.some(({ group }) => group.includes(posting)))
      .map((posting) => ({ posting, quantity: posting.quantity, count: 1 }));
  return kept.flatMap(({ group, sum }) => {
    const [posting] = group;
    return posting === undefined ? [] : [{ posting, quantity: sum, count: group.length }];
  });
}

/** A message that has several lines of the item is told once. */
export function messagesOnce(messages: readonly TimelineMessage[]): TimelineMessage[] {
  const told = new Map(messages.map((each) => [JSON.stringify([each.message_id, each.at, each.state]), each]));
  return [...told.values()];
}
