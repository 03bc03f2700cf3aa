/** Lets the orchestrator call an ExplainWorker in a thread of its own, or in the caller's for small inputs. */

import type { ItemExplanation } from '../../core/explain/explain-item.ts';
import type { Traits } from '../../core/explain/traits.ts';
import { CallThread } from '../call-thread.ts';
import { type Collected, type ExplainSetup, ExplainWorker, type HeldKeys, type Share } from './explain-worker.ts';

export interface ExplainThread {
  collect(share: Share): Promise<Collected>;
  explain(traits: Traits, held: HeldKeys): Promise<readonly ItemExplanation[]>;
  close(): Promise<void>;
}

export class InlineExplainThread implements ExplainThread {
  private readonly worker: ExplainWorker;

  constructor(setup: ExplainSetup) {
    this.worker = new ExplainWorker(setup);
  }

  collect(share: Share): Promise<Collected> {
    return this.worker.collect(share);
  }

  async explain(traits: Traits, held: HeldKeys): Promise<readonly ItemExplanation[]> {
    return this.worker.explain(traits, held);
  }

  async close(): Promise<void> {
    this.worker.close();
  }
}

export class WorkerExplainThread extends CallThread implements ExplainThread {
  constructor(setup: ExplainSetup) {
    super(new URL('./worker.js', import.meta.url));
    // A failure comes with the first call that follows.
    this.send('setup', [setup]).catch(() => undefined);
  }

  collect(share: Share): Promise<Collected> {
    return this.send('collect', [share]) as Promise<Collected>;
  }

  explain(traits: Traits, held: HeldKeys): Promise<readonly ItemExplanation[]> {
    return this.send('explain', [traits, held]) as Promise<readonly ItemExplanation[]>;
  }

  override async close(): Promise<void> {
    await this.send('close', []).catch(() => undefined);
    await super.close();
  }
}
