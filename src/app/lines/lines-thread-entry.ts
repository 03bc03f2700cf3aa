/** Entry of a worker thread: answers the calls of a LinesThread, each as soon as it can. */
import { answerCalls } from '../../engine/call-thread.ts';
import { type CompareRequest, type GroupRequest, LineShelf, type PageRequest, type ShelvedRun } from './line-shelf.ts';

let shelf: LineShelf | undefined;

answerCalls(
  (method, args) => {
    if (method === 'setup') {
      shelf = new LineShelf(args[0] as string);
      return undefined;
    }
    if (shelf === undefined) throw new Error('Invariant broken: a worker thread was called before its setup');
    if (method === 'prepare') return shelf.prepare(args[0] as ShelvedRun);
    if (method === 'page') return shelf.page(args[0] as PageRequest);
    if (method === 'groups') return shelf.groups(args[0] as GroupRequest);
    return shelf.compare(args[0] as CompareRequest);
  },
  { inOrder: false },
);
