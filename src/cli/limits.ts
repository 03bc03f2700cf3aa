/** Reads the limits given on the command line: memory, threads, counts. */
import { availableParallelism, totalmem } from 'node:os';
import { Failure } from '../core/model/failure.ts';

const UNITS: Readonly<Record<string, number>> = { KB: 1e3, MB: 1e6, GB: 1e9, KIB: 2 ** 10, MIB: 2 ** 20, GIB: 2 ** 30 };
const LEAST_BYTES = 256e6;
/** More threads than this bring nothing: the files are read faster than one disk delivers them. */
const THREADS_MAX = 8;

/** Bytes that a run may take: as given, else half of the machine's memory, at most 1.6 GB. */
export function memoryBytes(given: string | undefined): number {
  if (given === undefined) return Math.max(LEAST_BYTES, Math.min(totalmem() / 2, 1.6e9));
  const match = /^(\d+(?:\.\d+)?)\s*([KMG]i?B)$/i.exec(given);
  if (!match)
    throw new Failure(
      'usage',
      'MEMORY_UNREADABLE',
      `--memory ${given}: a size such as 1GB or 512MB was expected`,
      'Give a number and a unit.',
    );
  const bytes = Number(match[1]) * (UNITS[(match[2] as string).toUpperCase()] as number);
  if (bytes < LEAST_BYTES)
    throw new Failure('usage', 'MEMORY_TOO_SMALL', `--memory ${given}: at least 256MB are needed`, 'Give more memory.');
  return bytes;
}

export function threadCount(given: string | undefined): number {
  if (given === undefined) return Math.min(availableParallelism(), THREADS_MAX);
  return wholeNumber('--threads', given, 1, 64);
}

export function wholeNumber(option: string, given: string, least: number, most: number): number {
  const value = Number(given);
  if (!/^\d+$/.test(given) || value < least || value > most)
    throw new Failure(
      'usage',
      'NUMBER_EXPECTED',
      `${option} ${given}: a whole number from ${least} to ${most} was expected`,
      'Correct the option.',
    );
  return value;
}
