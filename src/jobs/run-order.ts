/** What the process of a run is told, and what it tells. Plain data on both ways. */
import type { PinnedFiles } from '../app/source-files.ts';
import type { Configuration } from '../contract/configuration.ts';
import type { FailureKind } from '../core/model/failure.ts';
import type { RunPayload } from '../store/work/runs.ts';

export interface RunOrder extends Omit<RunPayload, 'pinned'> {
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

export type ToRun = { readonly kind: 'start'; readonly order: RunOrder } | { readonly kind: 'cancel' };

export interface PlainFailure {
  /** `fault`: of the program. */
  readonly kind: FailureKind | 'fault';
  readonly code: string;
  readonly message: string;
  readonly action: string;
}

/** The end without a failure says nothing more: the folder of the run does. */
export type FromRun =
  | { readonly kind: 'progress'; readonly stage: string; readonly done: number; readonly total: number }
  | { readonly kind: 'ended'; readonly failure?: PlainFailure };
