/** Decides in which order the events of a simulation happen: by time, and at one time as they were scheduled. Never runs two at once. */

type Action = () => void;

interface Scheduled {
  readonly at: number;
  readonly order: number;
  readonly action: Action;
}

/** A binary heap of what is still to happen. */
export class EventQueue {
  /** Time of the event that runs, in seconds. */
  now = 0;
  private readonly heap: Scheduled[] = [];
  private scheduled = 0;

  /** An event in the past happens now. */
  schedule(at: number, action: Action): void {
    const entry = { at: Math.max(at, this.now), order: this.scheduled++, action };
    const { heap } = this;
    let place = heap.push(entry) - 1;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      if (!isBefore(entry, heap[parent]!)) break;
      heap[place] = heap[parent]!;
      place = parent;
    }
    heap[place] = entry;
  }

  /** Runs everything up to a moment, that included. */
  runUntil(end: number): void {
    for (let next = this.heap[0]; next !== undefined && next.at <= end; next = this.heap[0]) {
      this.removeFirst();
      this.now = next.at;
      next.action();
    }
  }

  private removeFirst(): void {
    const { heap } = this;
    const last = heap.pop()!;
    if (heap.length === 0) return;
    let place = 0;
    for (;;) {
      let child = 2 * place + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child++;
      if (!isBefore(heap[child]!, last)) break;
      heap[place] = heap[child]!;
      place = child;
    }
    heap[place] = last;
  }
}

function isBefore(a: Scheduled, b: Scheduled): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}
