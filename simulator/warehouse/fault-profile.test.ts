import { describe, expect, it } from 'vitest';
import { parseFaultProfile, systemicFaultsOf } from './fault-profile.ts';

describe('a profile', () => {
  it('is known by its name', () => {
    const { amounts, systemic } = parseFaultProfile('ordinary');
    const total = [...amounts.values()].reduce((sum, share) => sum + share, 0);
    expect(total).toBeGreaterThan(0.01);
    expect(total).toBeLessThan(0.03);
    expect(systemic).toEqual([]);
    expect([...parseFaultProfile('none').amounts.values()].every((share) => share === 0)).toBe(true);
    expect(new Set(parseFaultProfile('all').systemic).size).toBe(5);
  });

  it('is a list of shares, numbers of keys and numbers of systemic faults', () => {
    const { amounts, systemic } = parseFaultProfile('message-lost:0.002, lot-swapped:3,outage:2');
    expect([...amounts]).toEqual([
      ['message-lost', 0.002],
      ['lot-swapped', 3],
    ]);
    expect(systemic).toEqual(['outage', 'outage']);
  });

  it.each([
    '',
    'everything',
    'message-lost',
    'message-lost:',
    'message-lost:0.5',
    'message-lost:-1',
    'message-lost:1e9',
    'gone:0.1',
    'outage:0.5',
    'outage:0',
  ])('is refused, with what may stand there: "%s"', (text) => {
    expect(() => parseFaultProfile(text)).toThrow(/--faults .*ordinary.*expected/s);
  });

  it('draws systemic faults beside those it names, none twice', () => {
    const profile = { ...parseFaultProfile('outage:1'), drawnSystemic: 9 };
    const drawn = systemicFaultsOf(profile, (limit) => limit - 1);
    expect(drawn[0]).toBe('outage');
    expect(new Set(drawn).size).toBe(5);
    expect(drawn).toHaveLength(5);
  });
});
