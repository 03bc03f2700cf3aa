/**
 * Has large evidence files sorted by the shares of the items before these are explained one after the other. Decides which
 * thread reads which file, so that each file is read once; what a row says is not looked at.
 */
import type { EvidenceInput } from '../engine/evidence/evidence-input.ts';
import type { ExplainThread } from '../engine/evidence/explain-thread.ts';
import type { Counts } from '../engine/evidence/explain-worker.ts';
import { isSortable, type SortedInput } from '../engine/evidence/sort-rows.ts';

export interface SortedEvidence {
  /** By position of the input; an input that is not here is read as a whole by every share. */
  readonly inputs: ReadonlyMap<number, SortedInput>;
  /** Of the sorted inputs. */
  readonly counts: readonly Counts[];
}

/** With one share there is nothing to sort: it reads the files themselves. */
export async function sortEvidence(
  threads: readonly ExplainThread[],
  inputs: readonly EvidenceInput[],
  shares: readonly (readonly { readonly item: string }[])[],
): Promise<SortedEvidence> {
  if (shares.length === 1) return { inputs: new Map(), counts: [] };
  const items = shares.map((keys) => [...new Set(keys.map(({ item }) => item))]);
  const sorted = await Promise.all(
    inputsByThread(inputs, threads.length).map((own, index) =>
      (threads[index] as ExplainThread).sort({ inputs: own, shares: items }),
    ),
  );
  return {
    inputs: new Map(sorted.flatMap((part) => [...part.inputs])),
    counts: sorted.map(({ counts }) => counts),
  };
}

/** The largest files first, each to the thread that has the least to read. */
function inputsByThread(inputs: readonly EvidenceInput[], threads: number): number[][] {
  const loads = Array.from({ length: threads }, (): { bytes: number; inputs: number[] } => ({ bytes: 0, inputs: [] }));
  const largestFirst = [...inputs.entries()]
    .filter(([, input]) => isSortable(input))
    .sort(([, a], [, b]) => b.file.bytes - a.file.bytes);
  for (const [index, { file }] of largestFirst) {
    const least = loads.reduce((found, load) => (load.bytes < found.bytes ? load : found));
    least.bytes += file.bytes;
    least.inputs.push(index);
  }
  return loads.map((load) => load.inputs);
}
