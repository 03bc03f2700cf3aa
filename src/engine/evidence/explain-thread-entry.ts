/** Entry of a worker thread: answers the calls of a WorkerExplainThread. */
import type { Traits } from '../../core/explain/traits.ts';
import { Plan } from '../../core/normalize/plan.ts';
import { answerCalls } from '../call-thread.ts';
import { type PackedPlan, unpackPlan } from '../pass/packed-master.ts';
import { type ExplainSetup, ExplainWorker, type HeldKeys, type Share, type SortTask } from './explain-worker.ts';

let worker: ExplainWorker | undefined;

answerCalls((method, args) => {
  if (method === 'setup') {
    worker = new ExplainWorker(args[0] as ExplainSetup, new Plan(unpackPlan(args[1] as PackedPlan)));
    return undefined;
  }
  if (worker === undefined) throw new Error('Invariant broken: a worker thread was called before its setup');
  if (method === 'sort') return worker.sort(args[0] as SortTask);
  if (method === 'collect') return worker.collect(args[0] as Share);
  if (method === 'explain') return worker.explain(args[0] as Traits, args[1] as HeldKeys);
  if (method === 'explainMore') return worker.explainMore();
  return worker.close();
});
