/** Shows how far a run is: one changing line on a terminal, plain lines in a pipe. Never writes to stdout. */
import type { WriteStream } from 'node:tty';

const STAGES: Readonly<Record<string, string>> = {
  check: 'Looking',
  read: 'Reading',
  compare: 'Comparing',
  history: 'Keeping history',
};
const PLAIN_STEP_MS = 10_000;
const PAINT_STEP_MS = 80;

export class Progress {
  private readonly stream: WriteStream;
  private readonly isQuiet: boolean;
  private readonly now: () => number;
  private stage = '';
  private stageStartedAt = 0;
  private paintedAt = 0;
  private isPainted = false;

  constructor(stream: WriteStream, isQuiet: boolean, now: () => number) {
    this.stream = stream;
    this.isQuiet = isQuiet;
    this.now = now;
  }

  /** `done` of `total` in bytes while reading, in parts otherwise. */
  update(stage: string, done: number, total: number): void {
    if (this.isQuiet || total === 0) return;
    const at = this.now();
    if (stage !== this.stage) {
      this.stage = stage;
      this.stageStartedAt = at;
      this.paintedAt = this.stream.isTTY ? 0 : at;
    }
    const isLast = done >= total;
    if (at - this.paintedAt < (this.stream.isTTY ? PAINT_STEP_MS : PLAIN_STEP_MS) && !(isLast && this.stream.isTTY))
      return;
    this.paintedAt = at;
    const text = this.line(done, total, at - this.stageStartedAt);
    if (!this.stream.isTTY) {
      this.stream.write(`${text}\n`);
      return;
    }
    this.stream.write(`\r\u001b[2K${text.slice(0, (this.stream.columns || 80) - 1)}`);
    this.isPainted = true;
  }

  private line(done: number, total: number, elapsedMs: number): string {
    const share = done / total;
    const percent = `${Math.floor(share * 100)}%`.padStart(4);
    const amount = this.stage === 'read' ? ` of ${Math.round(total / 1e6).toLocaleString('en')} MB` : '';
    const left = share > 0.02 && share < 1 ? `, ${secondsText((elapsedMs / share) * (1 - share))} left` : '';
    const name = (STAGES[this.stage] ?? this.stage).padEnd(15);
    const bar = this.stream.isTTY ? ` ${'█'.repeat(Math.floor(share * 24)).padEnd(24, '░')}` : '';
    return `${name}${bar}${percent}${amount}${left}`;
  }

  /** Takes the changing line away, so that a report can follow. */
  clear(): void {
    if (this.isPainted) this.stream.write('\r\u001b[2K');
    this.isPainted = false;
  }
}

function secondsText(ms: number): string {
  const seconds = Math.ceil(ms / 1000);
  return seconds >= 90 ? `${Math.round(seconds / 60)} min` : `${seconds} s`;
}
