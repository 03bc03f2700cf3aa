/**
 * Lets live discrepancies be worked out in a thread of its own, with a connection of its own to the store, so that the server
 * answers meanwhile. Decides when a thread that ended is followed by another; never works anything out itself.
 */
import type { LoadedConfiguration } from '../../config/load-configuration.ts';
import { CallThread } from '../../engine/call-thread.ts';
import { type LiveContext, LiveKeeper } from './live-keeper.ts';

/** Does what there is to do, and gives the task back in the end. */
export type LiveTicker = Pick<LiveKeeper, 'tick' | 'stop'>;

/** What a thread is told: plain data. */
export interface LiveThreadSetup extends Pick<LiveContext, 'dataDirectory' | 'temporaryDirectory' | 'worker'> {
  readonly storeAddress: string | undefined;
}

/** Functions do not go over the border of a thread; where parts of a configuration stand is not asked here. */
export type PlainConfiguration = Omit<LoadedConfiguration, 'positions'>;

/**
 * In a thread; from sources that are not compiled, which a thread cannot run, in the caller's. The thread has the clock of this
 * machine.
 */
export function openLiveKeeper(context: LiveContext & Pick<LiveThreadSetup, 'storeAddress'>): LiveTicker {
  return import.meta.url.endsWith('.ts') ? new LiveKeeper(context) : new LiveThread(context);
}

/** What came of a tick in the thread, and what was noted meanwhile: the arguments of `onNote`. */
export interface ThreadTick {
  readonly hasMore: boolean;
  readonly notes: readonly Parameters<LiveContext['onNote']>[];
}

class LiveThread implements LiveTicker {
  private readonly setup: LiveThreadSetup;
  private readonly context: Pick<LiveContext, 'configuration' | 'onNote'>;
  private thread: KeeperThread | undefined;

  constructor(context: LiveContext & Pick<LiveThreadSetup, 'storeAddress'>) {
    const { dataDirectory, temporaryDirectory, worker, storeAddress } = context;
    this.setup = { dataDirectory, temporaryDirectory, worker, storeAddress };
    this.context = context;
  }

  async tick(): Promise<boolean> {
    this.thread ??= new KeeperThread(this.setup);
    try {
      const { hasMore, notes } = await this.thread.tick(this.context.configuration());
      for (const note of notes) this.context.onNote(...note);
      return hasMore;
    } catch (error) {
      // The next tick begins anew with another thread: what is in the store is whole at any moment.
      if (this.thread.hasEnded || !this.thread.isSetUp) await this.replace();
      throw error;
    }
  }

  async stop(): Promise<void> {
    await this.thread?.stop().finally(() => this.replace());
  }

  private async replace(): Promise<void> {
    const { thread } = this;
    this.thread = undefined;
    await thread?.close();
  }
}

class KeeperThread extends CallThread {
  isSetUp = false;
  private readonly setUp: Promise<void>;
  private told: string | undefined;

  constructor(setup: LiveThreadSetup) {
    super(new URL('./live-thread-entry.js', import.meta.url));
    this.setUp = this.send('setup', [setup]).then(() => {
      this.isSetUp = true;
    });
    // Told to whoever asks for the first tick.
    this.setUp.catch(() => undefined);
  }

  async tick({ configuration, directory, path, hash }: LoadedConfiguration): Promise<ThreadTick> {
    await this.setUp;
    const plain: PlainConfiguration = { configuration, directory, path, hash };
    const tick = await this.send('tick', this.told === hash ? [] : [plain]);
    this.told = hash;
    return tick as ThreadTick;
  }

  async stop(): Promise<void> {
    if (this.isSetUp && !this.hasEnded) await this.send('stop', []);
  }
}
