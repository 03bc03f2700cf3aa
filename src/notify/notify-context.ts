/** What telling people needs of the server that it runs in. Never global state: a test makes its own. */
import type { KeptResults } from '../app/kept-results.ts';
import type { LoadedConfiguration } from '../config/load-configuration.ts';
import type { Environment } from '../config/secret-text.ts';
import type { WorkDatabase } from '../store/database/open-database.ts';

export interface NotifyLog {
  info(about: object, message: string): void;
  warn(about: object, message: string): void;
  error(about: object, message: string): void;
}

export interface NotifyContext {
  readonly database: WorkDatabase;
  readonly results: KeptResults;
  readonly configuration: () => LoadedConfiguration;
  /** Where secrets of channels are. */
  readonly environment: Environment;
  /** Milliseconds since 1970: the clock of this server, and the one that all servers of the store go by. */
  readonly now: () => number;
  readonly storeNow: () => Promise<number>;
  readonly newId: () => string;
  /** From 0 up to 1: spreads repetitions. */
  readonly random: () => number;
  readonly randomBytes: (count: number) => Buffer;
  readonly log: NotifyLog;
  /** Tells this server from the others of the store. */
  readonly worker: string;
  /** Where people open the console: https://stock.example.com; undefined: messages carry no links. */
  readonly consoleUrl: string | undefined;
  /** Certificates that tests trust, and how long they wait. */
  readonly authorities?: string;
  readonly sendMsMax?: number;
}
