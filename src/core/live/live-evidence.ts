/**
 * What is known of one item between two snapshots: the balances of the last run, and what was taken in since. Decides when a
 * row happened for us: its own clock may be ahead of ours. Never judges it.
 */
import type { PricedBalance } from '../compare/compare-balances.ts';
import type { Message, Movement } from '../compare/ledger-evidence.ts';

/** A movement with its native status, so that it is the change of a balance too. */
export interface LivePosting extends Movement {
  readonly status: string;
  /** When its own system posted it, by the clock that its snapshots are taken by too. */
  readonly bookedAt: number;
}

export interface LiveItem {
  readonly item: string;
  /** What both sides held at the snapshots. */
  readonly balances: readonly PricedBalance[];
  /** Of the item, from before the snapshots too. */
  readonly postings: readonly LivePosting[];
  /** Of the item, and those of its documents that name none. */
  readonly messages: readonly Message[];
}

/** A row speaks of nothing that happens after its receipt: a clock that is ahead must not put off what it says. */
export function livePosting(posting: Movement & { readonly status: string }, receivedAt: number): LivePosting {
  return { ...posting, bookedAt: posting.postedAt, postedAt: Math.min(posting.postedAt, receivedAt) };
}

export function liveMessage(message: Message, receivedAt: number): Message {
  const { sentAt, appliedAt } = message;
  return {
    ...message,
    sentAt: Math.min(sentAt, receivedAt),
    appliedAt: appliedAt === undefined ? undefined : Math.min(appliedAt, receivedAt),
  };
}
