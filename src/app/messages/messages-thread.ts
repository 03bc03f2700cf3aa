/** Lets the server ask a MessageShelf in a thread of its own, so that it goes on answering others while logs are read. */
import type { PlanInput } from '../../core/normalize/plan.ts';
import { CallThread } from '../../engine/call-thread.ts';
import { type FoundMessage, type InterfaceAnswer, type MessageSet, MessageShelf } from './message-shelf.ts';
import type { MessageSearch } from './message-statements.ts';

/** The messages of runs, indexed. */
export interface MessageThread {
  isReady(set: MessageSet): Promise<boolean> | boolean;
  usePlan(mark: string, input: PlanInput): Promise<void> | void;
  interfaces(set: MessageSet, sites: readonly string[] | undefined, hours: number): Promise<InterfaceAnswer>;
  search(set: MessageSet, search: MessageSearch): Promise<FoundMessage[]>;
  close(): Promise<void>;
}

/** In a thread; from sources that are not compiled, which a thread cannot run, in the caller's. */
export function openMessages(folder: string): MessageThread {
  return import.meta.url.endsWith('.ts') ? new MessageShelf(folder) : new MessageCalls(folder);
}

class MessageCalls extends CallThread implements MessageThread {
  constructor(folder: string) {
    super(new URL('./messages-thread-entry.js', import.meta.url));
    // A failure comes with the first call that follows.
    this.send('setup', [folder]).catch(() => undefined);
  }

  isReady(set: MessageSet): Promise<boolean> {
    return this.send('isReady', [{ ...set, journal: set.journal.slice(0, 1) }]) as Promise<boolean>;
  }

  /** Packs stay behind: they hold functions, which no thread can be sent, and no quantity is indexed in base units. */
  usePlan(mark: string, input: PlanInput): Promise<void> {
    const { packs: _, ...master } = input.master;
    return this.send('usePlan', [mark, { ...input, master }]) as Promise<void>;
  }

  interfaces(set: MessageSet, sites: readonly string[] | undefined, hours: number): Promise<InterfaceAnswer> {
    return this.send('interfaces', [set, sites, hours]) as Promise<InterfaceAnswer>;
  }

  search(set: MessageSet, search: MessageSearch): Promise<FoundMessage[]> {
    return this.send('search', [set, search]) as Promise<FoundMessage[]>;
  }
}
