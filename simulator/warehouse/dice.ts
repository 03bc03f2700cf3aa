/**
 * Decides what random amounts the simulation draws: ranges, counts of arrivals, delays, weighted choices.
 * Never keeps a state of its own: the stream it draws from is an argument.
 */
import type { RandomStream } from '../random.ts';

/** A whole number from `least` to `most`, both included. Beyond 2^21 numbers the range is coarse. */
export function between(random: RandomStream, least: number, most: number): number {
  return least + Math.floor(fraction(random) * (most - least + 1));
}

/** From 0 up to, but not including, 1. */
export function fraction(random: RandomStream): number {
  return random.next() / 4294967296;
}

/** How many arrivals an hour brings whose mean is `mean` (Poisson; the normal distribution beyond 30). */
export function arrivals(random: RandomStream, mean: number): number {
  if (mean <= 0) return 0;
  if (mean > 30) return Math.max(0, Math.round(mean + Math.sqrt(mean) * bell(random)));
  const limit = Math.exp(-mean);
  let count = 0;
  for (let product = fraction(random); product > limit; product *= fraction(random)) count++;
  return count;
}

/** Whole seconds around a median, skewed to the long side (log-normal), never above `most`. */
export function delay(random: RandomStream, median: number, spread: number, most: number): number {
  return Math.min(most, Math.max(1, Math.round(median * Math.exp(spread * bell(random)))));
}

/** Mean 0, deviation 1: the sum of twelve draws, which ends at ±6. */
function bell(random: RandomStream): number {
  let sum = -6;
  for (let draw = 0; draw < 12; draw++) sum += fraction(random);
  return sum;
}

/** Picks a choice with the probability of its weight. */
export function pickWeighted<T>(random: RandomStream, choices: readonly (readonly [T, number])[]): T {
  let rest = fraction(random) * choices.reduce((total, [, weight]) => total + weight, 0);
  for (const [choice, weight] of choices) {
    rest -= weight;
    if (rest < 0) return choice;
  }
  return choices.at(-1)![0];
}

/** Draws positions of a list by weight, in the time of a binary search. */
export class WeightedDraw {
  private readonly sums: Float64Array;

  constructor(weights: readonly number[]) {
    this.sums = new Float64Array(weights.length);
    let sum = 0;
    for (const [index, weight] of weights.entries()) {
      sum += weight;
      this.sums[index] = sum;
    }
  }

  draw(random: RandomStream): number {
    const wanted = fraction(random) * this.sums[this.sums.length - 1]!;
    let low = 0;
    let high = this.sums.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.sums[middle]! > wanted) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}
