/** Decides how a confidence is written: with three places, cut off and never rounded up to 1. */
import { formatScaled } from '../core/model/decimal.ts';

/** 0.9999 is "0.999", 0.95 is "0.95". */
export function confidenceText(confidence: number): string {
  // 0.29 · 1000 is 289.99… in a double.
  return formatScaled(Math.floor(confidence * 1000 + 1e-6), 3);
}
