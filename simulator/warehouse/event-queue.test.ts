import fc from 'fast-check';
import { expect, it } from 'vitest';
import { EventQueue } from './event-queue.ts';

it('runs events by time, and those of one time as they were scheduled', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(20)), (times) => {
      const queue = new EventQueue();
      const ran: [number, number][] = [];
      for (const [order, at] of times.entries()) queue.schedule(at, () => ran.push([queue.now, order]));
      queue.runUntil(15);
      const expected = times.map((at, order): [number, number] => [at, order]).filter(([at]) => at <= 15);
      expect(ran).toEqual(expected.sort((a, b) => a[0] - b[0] || a[1] - b[1]));
    }),
  );
});

it('runs what an event schedules, and never goes back', () => {
  const queue = new EventQueue();
  const ran: string[] = [];
  queue.schedule(10, () => {
    ran.push(`a ${queue.now}`);
    queue.schedule(5, () => ran.push(`b ${queue.now}`));
    queue.schedule(12, () => ran.push(`c ${queue.now}`));
  });
  queue.schedule(11, () => ran.push(`d ${queue.now}`));
  queue.runUntil(100);
  expect(ran).toEqual(['a 10', 'b 10', 'd 11', 'c 12']);
});
