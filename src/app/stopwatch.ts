/** Measures how long the stages of a run take. */
export class Stopwatch {
  /** Milliseconds by stage, in order. */
  readonly laps: Record<string, number> = {};
  private readonly now: () => Date;
  private last: number;

  constructor(now: () => Date) {
    this.now = now;
    this.last = now().getTime();
  }

  /** Ends a stage: the time since the last lap is its. */
  lap(stage: string): void {
    const at = this.now().getTime();
    this.laps[stage] = at - this.last;
    this.last = at;
  }
}
