/** What routes may use of the server that they run in. Never global state: a test makes its own. */
import type { FileImporter } from '../app/file-importer.ts';
import type { FileJudge } from '../app/judge-import.ts';
import type { KeptResults } from '../app/kept-results.ts';
import type { Tracing } from '../app/tracing.ts';
import type { LoadedConfiguration } from '../config/load-configuration.ts';
import type { NotifyMessage } from '../contract/notification.ts';
import type { WorkDatabase } from '../store/database/open-database.ts';
import type { Channel } from '../store/work/notification-channels.ts';

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

/** Lets whoever holds its secret in as this person. Kept in memory alone: it ends with the server that made it. */
export interface SignInLink {
  readonly secretHash: string;
  readonly personId: string;
  /** Milliseconds since 1970. */
  readonly endsAt: number;
}

export interface ConfigurationFile {
  /** Checks another file as this one would be, with paths relative to its folder. */
  load(path: string): Promise<LoadedConfiguration>;
  /** Reads the file again; what is valid is in force when this returns. */
  reload(): Promise<void>;
}

/** What is done with channels of notifications: see notify/channel-tools.ts. */
export interface ChannelTools {
  keepSecret(secret: string, channelId: string): string;
  test(
    channel: Channel,
    signal: AbortSignal,
  ): Promise<{ readonly isDelivered: boolean; readonly says: string; readonly ms: number }>;
  textOf(message: NotifyMessage): string;
}

export interface ApiContext {
  readonly version: string;
  readonly dataDirectory: string;
  /** Results of kept runs. Whoever makes the context closes it. */
  readonly results: KeptResults;
  readonly database: WorkDatabase;
  readonly importer: FileImporter;
  readonly channelTools: ChannelTools;
  /** How the importer judges files; in this process where not given. */
  readonly judge?: FileJudge;
  /** The newest valid one; a file that became invalid since is reported by `checks`. */
  readonly configuration: () => LoadedConfiguration;
  /** The configuration's file, where it may be changed over the API. */
  readonly configurationFile?: ConfigurationFile;
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
  /** Absent where nothing collects traces. */
  readonly tracing?: Tracing | undefined;
  /** The address that people open, where a proxy stands before the server: https://stock.example.com. */
  readonly publicUrl?: string;
  /** Addresses of proxies whose X-Forwarded-* headers count. */
  readonly trustedProxies?: readonly string[];
  /** Of a demonstration only: no other server signs anybody in by a link. */
  readonly signInLink?: SignInLink;
}
