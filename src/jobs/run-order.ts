/** What a process of ours is told, that of a run above all, and what it tells. Plain data on both ways. */
import type { PinnedFiles } from '../app/source-files.ts';
import type { Configuration } from '../contract/configuration.ts';
import type { FailureKind } from '../core/model/failure.ts';
import type { RunPayload } from '../store/work/runs.ts';

export interface RunOrder extends Omit<RunPayload, 'pinned' | 'trace'> {
  readonly runId: string;
  readonly pinned?: PinnedFiles;
  readonly dataDirectory: string;
  /** As the server has it: with the mapping that people have edited, and with secrets. */
  readonly configuration: Configuration;
  /** Folder of the configuration's file. */
  readonly directory: string;
  readonly configurationPath: string;
  readonly configurationHash: string;
  readonly threads: number;
  readonly memoryBytes: number;
}

export type ToProcess<Order> = { readonly kind: 'start'; readonly order: Order } | { readonly kind: 'cancel' };

export interface PlainFailure {
  /** `fault`: of the program. */
  readonly kind: FailureKind | 'fault';
  readonly code: string;
  readonly message: string;
  readonly action: string;
}

/** A stage that is over, by milliseconds since 1970. */
export interface EndedStage {
  readonly name: string;
  readonly fromMs: number;
  readonly toMs: number;
}

/** The end of a run says nothing more: its folder does. */
export type FromProcess<Result> =
  | { readonly kind: 'progress'; readonly stage: string; readonly done: number; readonly total: number }
  | { readonly kind: 'stage'; readonly stage: EndedStage }
  | { readonly kind: 'done'; readonly result: Result }
  | { readonly kind: 'failed'; readonly failure: PlainFailure };
