/**
 * The configuration in force while a server runs: read again when its file changes or somebody asks. Decides that a file that
 * became invalid changes nothing but what `problem` says; never looks at more than this file.
 */
import { stat } from 'node:fs/promises';
import type { ApiLog } from '../api/api-context.ts';
import { type LoadedConfiguration, loadConfiguration } from '../config/load-configuration.ts';
import type { Environment } from '../config/secret-text.ts';

const LOOK_MS = 2_000;

export class LiveConfiguration {
  private readonly environment: Environment;
  private readonly log: ApiLog;
  private loaded: LoadedConfiguration;
  private reading: Promise<void> = Promise.resolve();
  private seen = '';
  private timer: NodeJS.Timeout | undefined;
  private found: string | undefined;

  private constructor(loaded: LoadedConfiguration, environment: Environment, log: ApiLog) {
    this.loaded = loaded;
    this.environment = environment;
    this.log = log;
  }

  /** Throws where the file cannot be used: a server does not start without a valid one. */
  static async open(path: string, environment: Environment, log: ApiLog): Promise<LiveConfiguration> {
    const live = new LiveConfiguration(await loadConfiguration(path, environment), environment, log);
    live.seen = await live.mark();
    return live;
  }

  get current(): LoadedConfiguration {
    return this.loaded;
  }

  /** Why the file as it is now is not in force; undefined where it is. */
  get problem(): string | undefined {
    return this.found;
  }

  watch(): void {
    this.timer = setInterval(() => void this.look(), LOOK_MS);
    this.timer.unref();
  }

  stop(): void {
    clearInterval(this.timer);
  }

  /** Reads the file again. One reading at a time: the last one asked for is the one that counts. */
  reload(): Promise<void> {
    this.reading = this.reading.then(() => this.read());
    return this.reading;
  }

  private async look(): Promise<void> {
    if ((await this.mark()) !== this.seen) await this.reload();
  }

  private async read(): Promise<void> {
    this.seen = await this.mark();
    try {
      const next = await loadConfiguration(this.loaded.path, this.environment);
      if (next.hash !== this.loaded.hash || this.found !== undefined)
        this.log.info({ hash: next.hash }, 'the configuration was read again and is in force');
      this.loaded = next;
      this.found = undefined;
    } catch (error) {
      this.found = (error as Error).message;
      this.log.error({ problem: this.found }, 'the configuration cannot be used: the one before stays in force');
    }
  }

  /** Time, size and place on the disk: an editor that renames a new file over the old one changes the last. */
  private async mark(): Promise<string> {
    return stat(this.loaded.path, { bigint: true }).then(
      ({ mtimeNs, size, ino }) => `${mtimeNs} ${size} ${ino}`,
      () => 'absent',
    );
  }
}
