/** Lets the orchestrator call an ExplainWorker in a thread of its own, or in the caller's for small inputs. */

import type { Traits } from '../../core/explain/traits.ts';
import type { Plan } from '../../core/normalize/plan.ts';
import { CallThread } from '../call-thread.ts';
import type { PackedPlan } from '../pass/packed-master.ts';
import {
  type Collected,
  type Explained,
  type ExplainSetup,
  ExplainWorker,
  type HeldKeys,
  type Share,
  type Sorted,
  type SortTask,
} from './explain-worker.ts';
import { SharedTexts } from './shared-texts.ts';

export interface ExplainThread {
  sort(task: SortTask): Promise<Sorted>;
  collect(share: Share): Promise<Collected>;
  explain(traits: Traits, held: HeldKeys): Promise<Explained>;
  explainMore(): Promise<Explained>;
  close(): Promise<void>;
}

export class InlineExplainThread implements ExplainThread {
  private readonly worker: ExplainWorker;

  constructor(setup: ExplainSetup, plan: Plan) {
    this.worker = new ExplainWorker(setup, plan);
  }

  sort(task: SortTask): Promise<Sorted> {
    return this.worker.sort(task);
  }

  collect(share: Share): Promise<Collected> {
    return this.worker.collect(share);
  }

  async explain(traits: Traits, held: HeldKeys): Promise<Explained> {
    return this.worker.explain(traits, held);
  }

  async explainMore(): Promise<Explained> {
    return this.worker.explainMore();
  }

  async close(): Promise<void> {
    this.worker.close();
  }
}

export class WorkerExplainThread extends CallThread implements ExplainThread {
  private readonly texts = new SharedTexts();

  constructor(setup: ExplainSetup, plan: PackedPlan) {
    super(new URL('./explain-thread-entry.js', import.meta.url));
    // A failure comes with the first call that follows.
    this.send('setup', [setup, plan]).catch(() => undefined);
  }

  sort(task: SortTask): Promise<Sorted> {
    return this.send('sort', [task]) as Promise<Sorted>;
  }

  collect(share: Share): Promise<Collected> {
    return this.send('collect', [share]) as Promise<Collected>;
  }

  async explain(traits: Traits, held: HeldKeys): Promise<Explained> {
    return this.shared((await this.send('explain', [traits, held])) as Explained);
  }

  async explainMore(): Promise<Explained> {
    return this.shared((await this.send('explainMore', [])) as Explained);
  }

  /** A message brings each text anew, however often it says the same: of a million keys that is a gigabyte. */
  private shared(explained: Explained): Explained {
    this.texts.share(explained.explanations);
    return explained;
  }

  override async close(): Promise<void> {
    await this.send('close', []).catch(() => undefined);
    await super.close();
  }
}
