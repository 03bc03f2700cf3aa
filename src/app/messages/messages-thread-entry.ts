/** Entry of a worker thread: answers the calls of a MessageThread. */
import { emptyMasterData } from '../../core/normalize/master-data.ts';
import type { PlanInput } from '../../core/normalize/plan.ts';
import { answerCalls } from '../../engine/call-thread.ts';
import { type MessageSet, MessageShelf } from './message-shelf.ts';
import type { MessageSearch } from './message-statements.ts';

let shelf: MessageShelf | undefined;

answerCalls(
  (method, args) => {
    if (method === 'setup') {
      shelf = new MessageShelf(args[0] as string);
      return undefined;
    }
    if (shelf === undefined) throw new Error('Invariant broken: a worker thread was called before its setup');
    if (method === 'isReady') return shelf.isReady(args[0] as MessageSet);
    if (method === 'usePlan') return shelf.usePlan(args[0] as string, withPacks(args[1] as PlanInput));
    if (method === 'interfaces')
      return shelf.interfaces(args[0] as MessageSet, args[1] as readonly string[] | undefined, args[2] as number);
    return shelf.search(args[0] as MessageSet, args[1] as MessageSearch);
  },
  { inOrder: false },
);

/** With an empty table of packs in the place of the one that cannot be sent. */
function withPacks(input: PlanInput): PlanInput {
  const { packs } = emptyMasterData('', input.master.itemCase);
  return { ...input, master: { ...input.master, packs } };
}
