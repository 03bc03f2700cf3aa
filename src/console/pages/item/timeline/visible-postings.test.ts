import { describe, expect, it } from 'vitest';
import { postingOf } from '../item-place-fixture.ts';
import { messagesOnce, visiblePostings } from './visible-postings.ts';

const at = '2026-11-18T08:00:00-06:00';
const posting = (status: string, quantity: string) => postingOf(at, { status, quantity });
const told = (...postings: ReturnType<typeof posting>[]) =>
  visiblePostings(postings).map(({ posting: { status }, quantity, count }) => `${quantity} ${status} ${count}`);

describe('the postings that are told', () => {
  it.each([
    ['both legs of a move', [posting('A', '-3'), posting('B', '3')], ['-3 A 1', '3 B 1']],
    ['not what units only passed through', [posting('P', '3'), posting('P', '-3'), posting('A', '-3')], ['-3 A 1']],
    ['all of it where nothing lasts', [posting('P', '3'), posting('P', '-3')], ['0 P 2']],
    ['two of the same amount, one by one', [posting('A', '-3'), posting('A', '-3')], ['-3 A 1', '-3 A 1']],
    ['many as their sum', Array.from({ length: 5 }, () => posting('A', '-0.1')), ['-0.5 A 5']],
    ['none', [], []],
  ])('are %s', (_, postings, texts) => {
    expect(told(...postings)).toEqual(texts);
  });

  it('a message with several lines is told once, a second one of it twice', () => {
    const message = { message_id: 'M1', interface: '945', error: '', quantity: '', file: 'm.csv' };
    const lines = [
      { ...message, at, state: 'rejected', row: 4 },
      { ...message, at, state: 'rejected', row: 5 },
      { ...message, at: '2026-11-18T09:00:00-06:00', state: 'applied', row: 6 },
    ] as const;
    expect(messagesOnce(lines).map(({ state }) => state)).toEqual(['rejected', 'applied']);
  });
});
