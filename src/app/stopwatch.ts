/** Measures how long the stages of a run take. */
export class Stopwatch {
  /** Milliseconds by stage, in order. */
  readonly laps: Record<string, number> = {};
  private readonly now: () => Date;
  private readonly onLap: ((stage: string, fromMs: number, toMs: number) => void) | undefined;
  private last: number;

  constructor(now: () => Date, onLap?: (stage: string, fromMs: number, toMs: number) => void) {
    this.now = now;
    this.onLap = onLap;
    this.last = now().getTime();
  }

  /** Ends a stage: the time since the last lap is its. */
  lap(stage: string): void {
    const at = this.now().getTime();
    this.laps[stage] = at - this.last;
    this.onLap?.(stage, this.last, at);
    this.last = at;
  }
}
