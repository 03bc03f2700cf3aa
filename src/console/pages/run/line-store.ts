/**
 * Holds the lines of one list that were looked at, in parts of 200. Decides which part is asked for when: what was scrolled
 * past is not waited for. Never draws a line.
 */
import type { Answer } from '../../api/ask.ts';

export type LinesAnswer = Pick<Answer<'GET /runs/{id}/discrepancies'>, 'items' | 'totals'>;
export type Line = LinesAnswer['items'][number];
export type LineSums = LinesAnswer['totals'];
export type AskLines = (offset: number, limit: number, signal: AbortSignal) => Promise<LinesAnswer>;

export const PART_LINES = 200;
/** Parts that are kept: 40,000 lines. */
const PARTS_MAX = 200;
/** So many lines before and after what is seen are asked for with it. */
const MARGIN_LINES = 40;
/** While somebody drags through the list, nothing is asked for that is not looked at for this long. */
const PAUSE_MS = 70;

export class LineStore {
  private readonly ask: AskLines;
  private readonly parts = new Map<number, readonly Line[]>();
  private readonly asked = new Map<number, AbortController>();
  private readonly listeners = new Set<() => void>();
  private wanted: readonly number[] = [];
  private timer: ReturnType<typeof setTimeout> | undefined;
  private changes = 0;
  private sums: LineSums | undefined;
  private failure: unknown;

  constructor(ask: AskLines) {
    this.ask = ask;
  }

  /** Of all lines of the list; undefined until the first part is there. */
  get totals(): LineSums | undefined {
    return this.sums;
  }

  /** Why a part is missing; undefined where none failed. */
  get error(): unknown {
    return this.failure;
  }

  /** Grows with each change: what is shown by it is old when it is another. */
  readonly version = (): number => this.changes;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  lineAt(index: number): Line | undefined {
    return this.parts.get(Math.floor(index / PART_LINES))?.[index % PART_LINES];
  }

  /** Says which lines are seen: those are asked for, and nothing else is waited for any more. */
  show(first: number, last: number): void {
    const end = this.sums === undefined ? last : Math.min(last + MARGIN_LINES, this.sums.discrepancies - 1);
    const from = Math.floor(Math.max(0, first - MARGIN_LINES) / PART_LINES);
    const to = Math.floor(Math.max(0, end) / PART_LINES);
    this.wanted = Array.from({ length: to - from + 1 }, (_, index) => from + index);
    for (const [part, controller] of this.asked)
      if (!this.wanted.includes(part)) {
        controller.abort();
        this.asked.delete(part);
      }
    for (const part of this.wanted) this.touch(part);
    if (this.missing().length === 0 || this.failure !== undefined) return;
    clearTimeout(this.timer);
    // The first part is asked for at once: nobody drags through what is not there yet.
    if (this.parts.size === 0 && this.asked.size === 0) this.fetchMissing();
    else this.timer = setTimeout(() => this.fetchMissing(), PAUSE_MS);
  }

  /** All lines from one to another, from memory where they are there. */
  async between(first: number, last: number): Promise<readonly Line[]> {
    const lines: Line[] = [];
    for (let part = Math.floor(first / PART_LINES); part * PART_LINES <= last; part++) {
      const known = this.parts.get(part) ?? (await this.load(part, new AbortController()));
      lines.push(...known.slice(Math.max(0, first - part * PART_LINES), last - part * PART_LINES + 1));
    }
    return lines;
  }

  retry(): void {
    this.failure = undefined;
    this.fetchMissing();
    this.tell();
  }

  /** Nobody looks at it any more. */
  close(): void {
    clearTimeout(this.timer);
    for (const controller of this.asked.values()) controller.abort();
    this.asked.clear();
  }

  private missing(): number[] {
    return this.wanted.filter((part) => !this.parts.has(part) && !this.asked.has(part));
  }

  private fetchMissing(): void {
    for (const part of this.missing()) {
      const controller = new AbortController();
      this.asked.set(part, controller);
      this.load(part, controller).catch((error: unknown) => {
        if (controller.signal.aborted) return;
        this.failure = error;
        this.asked.delete(part);
        this.tell();
      });
    }
  }

  private async load(part: number, controller: AbortController): Promise<readonly Line[]> {
    const { items, totals } = await this.ask(part * PART_LINES, PART_LINES, controller.signal);
    if (controller.signal.aborted) return items;
    this.asked.delete(part);
    this.sums = totals;
    this.parts.set(part, items);
    const [oldest] = this.parts.keys();
    if (this.parts.size > PARTS_MAX && oldest !== undefined) this.parts.delete(oldest);
    this.tell();
    return items;
  }

  /** What is looked at last is dropped last. */
  private touch(part: number): void {
    const lines = this.parts.get(part);
    if (lines === undefined) return;
    this.parts.delete(part);
    this.parts.set(part, lines);
  }

  private tell(): void {
    this.changes++;
    for (const listener of this.listeners) listener();
  }
}
