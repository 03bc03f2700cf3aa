/** What routes may use of the server that they run in. Never global state: a test makes its own. */
import type { FileImporter } from '../app/file-importer.ts';
import type { KeptResults } from '../app/kept-results.ts';
import type { LoadedConfiguration } from '../config/load-configuration.ts';
import type { WorkDatabase } from '../store/database/open-database.ts';

/** As pino and fastify log: what it is about first, then the sentence. */
export interface ApiLog {
  debug(about: object, message: string): void;
  info(about: object, message: string): void;
  warn(about: object, message: string): void;
  error(about: object, message: string): void;
}

export interface ReadyCheck {
  readonly name: string;
  readonly isOk: boolean;
  readonly detail?: string;
}

export interface ApiContext {
  readonly version: string;
  readonly dataDirectory: string;
  /** Results of kept runs. Whoever makes the context closes it. */
  readonly results: KeptResults;
  readonly database: WorkDatabase;
  readonly importer: FileImporter;
  /** The newest valid one; a file that became invalid since is reported by `checks`. */
  readonly configuration: () => LoadedConfiguration;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly newId: () => string;
  readonly randomBytes: (count: number) => Buffer;
  readonly log: ApiLog;
  /** Aborted when the server begins to stop: streams that are open end. */
  readonly stopping: AbortSignal;
  /** What else must be fine before the server takes requests. */
  readonly checks: () => Promise<readonly ReadyCheck[]>;
  /** Lines of Prometheus metrics beside those of the API itself. */
  readonly metrics: () => Promise<string>;
  /** The address that people open, where a proxy stands before the server: https://stock.example.com. */
  readonly publicUrl?: string;
  /** Addresses of proxies whose X-Forwarded-* headers count. */
  readonly trustedProxies?: readonly string[];
}
