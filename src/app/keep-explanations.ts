/**
 * Keeps what a run explained, item by item, so that any item can be shown later without the files: the evidence that was
 * gathered, and what was made of it. Never changes what it is given.
 */
import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ItemDocumentsWriter } from '../engine/evidence/item-documents.ts';
import type { KeptKey } from './kept-item.ts';

export const EXPLANATIONS_FILE = 'explanations.documents';
/** One file for each thread that gathered evidence. */
export const isEvidenceFile = (name: string): boolean => /^evidence-\d+\.documents$/.test(name);

/** What was made of one item. */
export interface KeptExplanation {
  readonly item: string;
  readonly keys: readonly KeptKey[];
}

/** Lets other work go on between two blocks. */
export async function keepExplanations(folder: string, explanations: Iterable<KeptExplanation>): Promise<void> {
  const writer = new ItemDocumentsWriter(join(folder, EXPLANATIONS_FILE));
  try {
    for (const explanation of explanations)
      if (writer.add(explanation)) await new Promise((resolve) => setImmediate(resolve));
  } finally {
    writer.close();
  }
}

/** Takes the files that the threads have written into the folder of the run. */
export async function keepEvidence(folder: string, files: readonly string[]): Promise<void> {
  for (const [index, file] of files.entries()) await copyFile(file, join(folder, `evidence-${index}.documents`));
}
