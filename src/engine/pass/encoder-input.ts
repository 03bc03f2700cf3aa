/** What an encoder is given of its input, and what it says of it. Never holds rows. */
import type { BalanceInput } from '../comparison-input.ts';

/** The description of an input that threads can hand to each other. */
export type EncoderInput = Omit<BalanceInput, 'content'>;

/** A value that shows that the whole file cannot be read as declared. */
export class ValueFault extends Error {
  readonly row: number;
  readonly column: string;
  readonly value: string;

  constructor(row: number, column: string, value: string, reason: string) {
    super(reason);
    this.row = row;
    this.column = column;
    this.value = value;
  }
}

/** Counts of one worker over its part of one input. */
export interface EncoderCounts {
  rows: number;
  accepted: number;
  rejected: number;
  ignored: number;
  outOfScope: number;
  filtered: number;
  negative: number;
  cleaned: number;
  asOfFirst: number;
  asOfLast: number;
  asOfLastText: string;
  outOfScopeSites: string[];
}

/** The counts of a part that was not read yet. */
export function noCounts(): EncoderCounts {
  return {
    rows: 0,
    accepted: 0,
    rejected: 0,
    ignored: 0,
    outOfScope: 0,
    filtered: 0,
    negative: 0,
    cleaned: 0,
    asOfFirst: Number.POSITIVE_INFINITY,
    asOfLast: Number.NEGATIVE_INFINITY,
    asOfLastText: '',
    outOfScopeSites: [],
  };
}
