/** Decides whether findings of two runs are one fault that goes on. Never compares their sizes: a fault that grows is the same one. */
import type { RunFinding } from '../../../contract/item-view.ts';

type Fault = Pick<RunFinding, 'cause' | 'factor' | 'from' | 'to'>;

/** The same cause and factor; and times that meet, where both are known. */
export function isSameFault(one: Fault, other: Fault): boolean {
  if (one.cause !== other.cause || nameOf(one.factor) !== nameOf(other.factor)) return false;
  const [from, to, otherFrom, otherTo] = [one.from, one.to, other.from, other.to].map((text) => Date.parse(text));
  if (from === undefined || to === undefined || otherFrom === undefined || otherTo === undefined) return true;
  if ([from, to, otherFrom, otherTo].some(Number.isNaN)) return true;
  return from <= otherTo && otherFrom <= to;
}

function nameOf(factor: Fault['factor']): string {
  return JSON.stringify(Object.entries(factor).sort(([a], [b]) => (a < b ? -1 : 1)));
}
