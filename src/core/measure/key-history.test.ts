import { describe, expect, it } from 'vitest';
import { flowMeasures } from './flow-measures.ts';
import { type HandedOn, KeyHistory, keyName, keyOfName, type ListedKey, type RunScope } from './key-history.ts';

const scope = (change: Partial<RunScope> = {}): RunScope => ({
  sites: new Set(['DC1', 'DC2']),
  categories: new Set(['available']),
  items: new Set(),
  isPartial: false,
  ...change,
});
const moment = (day: number) => {
  const text = `2026-11-${String(day).padStart(2, '0')}T23:59:59-06:00`;
  return { epochMs: Date.parse(text), text };
};
const dayMs = (day: number) => moment(day).epochMs;
const NOTHING: HandedOn = { memory: new Map(), listedCount: 0 };

/** "A -3, DC2/B +2 message-lost": item, net variance and cause, at DC1 unless another site is named. */
function keys(text: string): ListedKey[] {
  return text
    .split(',')
    .filter((part) => part.trim() !== '')
    .map((part) => {
      const [name = '', variance = '', cause = 'unexplained'] = part.trim().split(' ');
      const [site = '', item = ''] = name.includes('/') ? name.split('/') : ['DC1', name];
      return {
        site,
        item,
        owner: '',
        lot: '',
        category: 'available',
        net_variance_quantity: variance.replace('+', ''),
        cause,
      };
    });
}
const key = (text: string) => keys(`${text} 0`)[0] as ListedKey;

interface Step {
  readonly day: number;
  readonly lists: string;
  readonly scope?: Partial<RunScope>;
  readonly onset?: number;
  readonly isCorrected?: boolean;
}

/** Runs one after the other; what the last one sees of the past, and what it hands on. */
function runs(...steps: readonly Step[]): { history: KeyHistory; handedOn: HandedOn } {
  let before = NOTHING;
  let history = new KeyHistory(moment(1), scope(), before.memory);
  for (const step of steps) {
    history = new KeyHistory(moment(step.day), scope(step.scope), before.memory);
    before = history.next(keys(step.lists), {
      onsetOf: () => step.onset,
      isCorrected: () => step.isCorrected,
    });
  }
  return { history, handedOn: before };
}

describe('since when a key is out of sync', () => {
  const since = (...steps: Step[]) => runs(...steps).history.seen(key('A'));
  const seen = (day: number, days: number) => ({ first_seen: moment(day).text, days_out_of_sync: String(days) });

  it('a key that no run knew is seen first by this one', () => {
    expect(since({ day: 5, lists: 'A -3' })).toEqual(seen(5, 0));
  });

  it('runs that list it one after the other make it older', () => {
    expect(since({ day: 1, lists: 'A -3' }, { day: 2, lists: 'A -4' }, { day: 4, lists: 'A -4' })).toEqual(seen(1, 3));
  });

  it('a run that compared it and does not list it breaks the sequence', () => {
    expect(since({ day: 1, lists: 'A -3' }, { day: 2, lists: '' }, { day: 4, lists: 'A -3' })).toEqual(seen(4, 0));
  });

  it.each<[string, Partial<RunScope>]>([
    ['of another site', { sites: new Set(['DC2']) }],
    ['of another item', { items: new Set(['B']) }],
    ['of another category', { categories: new Set(['held']) }],
    ['of a partial snapshot', { isPartial: true }],
  ])('a run %s does not', (_, other) => {
    const between = { day: 2, lists: '', scope: other };
    expect(since({ day: 1, lists: 'A -3' }, between, { day: 4, lists: 'A -3' })).toEqual(seen(1, 3));
  });

  it('a partial snapshot that lists it carries the sequence on', () => {
    const between = { day: 2, lists: 'A -3', scope: { isPartial: true } };
    const { handedOn } = runs({ day: 1, lists: 'A -3' }, between);
    expect(handedOn.memory.get(keyName(key('A')))?.open?.lastSeen).toBe(dayMs(2));
  });

  it('an onset before the first run counts, and is remembered when its evidence is gone', () => {
    const onset = dayMs(1) - 36 * 3_600_000;
    const { history } = runs({ day: 1, lists: 'A -3', onset }, { day: 2, lists: 'A -3' });
    expect(history.seen(key('A'))).toEqual(seen(1, 2));
    expect(history.seen(key('A'), dayMs(1) - 60 * 3_600_000)).toEqual(seen(1, 3));
  });

  it('an onset after the first run does not make it younger', () => {
    const { history } = runs({ day: 1, lists: 'A -3' }, { day: 4, lists: 'A -3' });
    expect(history.seen(key('A'), dayMs(3))).toEqual(seen(1, 3));
  });
});

describe('what earlier runs say for the explanation', () => {
  const steps = (texts: string[]) => {
    const { history } = runs(...texts.map((lists, index) => ({ day: index + 1, lists })));
    return history.variancesOf(key('A'), 1).map(({ at, variance }) => [(at - dayMs(1)) / 86_400_000 + 1, variance]);
  };

  it('each variance once, from the run that saw it first, without the run itself', () => {
    expect(steps(['A -3', 'A -3', 'A 4.5', 'A 4.5', 'A 9'])).toEqual([
      [1, -30],
      [3, 45],
    ]);
  });

  it('of many changes the first and the latest eleven', () => {
    const found = steps(Array.from({ length: 21 }, (_, day) => `A ${day + 1}`));
    expect(found.map(([day]) => day)).toEqual([1, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20]);
  });

  it('what the decimals of today cannot hold is left out', () => {
    expect(steps(['A 1.25', 'A 2', 'A 3'])).toEqual([[2, 20]]);
  });
});

describe('how discrepancies come and go', () => {
  const flow = (...steps: Step[]) => {
    const { history, handedOn } = runs(...steps);
    return flowMeasures(history, handedOn).total;
  };

  it('new, continuing, resolved', () => {
    expect(flow({ day: 1, lists: 'A 1, B 1, C 1' }, { day: 3, lists: 'B 2, D 1' })).toMatchObject({
      new: 1,
      continuing: 1,
      resolved: 2,
      recurring: 0,
      self_healed: null,
      self_healed_share: '',
      days_to_resolve_mean: '2.00',
      recurrence_share: '0.000000',
    });
  });

  it('a key that comes back with its cause recurs, with another cause it does not', () => {
    const first = { day: 1, lists: 'A 1 message-lost, B 1 message-lost' };
    const last = { day: 9, lists: 'A 5 message-lost, B 1 pick-short' };
    expect(flow(first, { day: 2, lists: '' }, last)).toMatchObject({
      new: 2,
      recurring: 1,
      resolved: 0,
      recurrence_share: '0.500000',
    });
  });

  it('a key that came back counts in the recurrence also when it is resolved once more', () => {
    const back = [
      { day: 1, lists: 'A 1, B 1' },
      { day: 2, lists: '' },
      { day: 3, lists: 'A 1' },
    ];
    expect(flow(...back, { day: 4, lists: '' })).toMatchObject({ resolved: 1, recurrence_share: '0.500000' });
  });

  it('after 30 days it is new and nothing else', () => {
    const within = [
      { day: 1, lists: 'A 1' },
      { day: 2, lists: '' },
    ] as const;
    const after = (day: number) => flow(...within, { day, lists: 'A 1' });
    expect(after(2 + 28)).toMatchObject({ new: 1, recurring: 1, recurrence_share: '1.000000' });
    const late = new KeyHistory(
      { epochMs: dayMs(2) + 31 * 86_400_000, text: 'later' },
      scope(),
      runs(...within).handedOn.memory,
    );
    expect(flowMeasures(late, late.next(keys('A 1'))).total).toMatchObject({
      new: 1,
      recurring: 0,
      recurrence_share: '',
    });
  });

  it('self-healed is what nobody corrected, of what is known', () => {
    const before = { day: 1, lists: 'A 1, B 1' };
    expect(flow(before, { day: 2, lists: 'B 1', isCorrected: false })).toMatchObject({
      self_healed: 1,
      self_healed_share: '1.000000',
    });
    expect(flow(before, { day: 2, lists: '', isCorrected: true })).toMatchObject({
      self_healed: 0,
      self_healed_share: '0.000000',
    });
  });

  it('the time to detect runs from the onset to the first run that listed the key', () => {
    const onset = dayMs(1) - 90 * 60_000;
    expect(flow({ day: 1, lists: 'A 1', onset }, { day: 3, lists: 'A 1' })).toMatchObject({
      onsets_known: 1,
      hours_to_detect_mean: '1.50',
      hours_to_detect_median: '1.50',
    });
    const unknown = { onsets_known: 0, hours_to_detect_mean: '' };
    expect(flow({ day: 1, lists: 'A 1' })).toMatchObject(unknown);
    expect(flow({ day: 1, lists: 'A 1', onset: dayMs(1) })).toMatchObject(unknown);
  });

  it('each site by itself', () => {
    const { history, handedOn } = runs({ day: 1, lists: 'A 1, DC2/A 1' }, { day: 2, lists: 'A 1, DC2/B 1' });
    const { bySite } = flowMeasures(history, handedOn);
    expect(bySite.get('DC1')).toMatchObject({ new: 0, continuing: 1, resolved: 0 });
    expect(bySite.get('DC2')).toMatchObject({ new: 1, continuing: 0, resolved: 1 });
  });
});

describe('a run of a cut-off that was compared before', () => {
  const first = runs({ day: 1, lists: 'A 1, B 1, DC2/C 1' }).handedOn.memory;
  const second = new KeyHistory(moment(2), scope(), first).next(keys('A 1, DC2/D 1'));

  it('takes the place of the earlier one', () => {
    const again = new KeyHistory(moment(2), scope(), first, second.memory);
    expect(flowMeasures(again, again.next(keys('B 1, DC2/C 1'))).total).toMatchObject({
      new: 0,
      continuing: 2,
      resolved: 1,
    });
    expect([...again.next(keys('B 1')).memory.keys()]).not.toContain(keyName(key('DC2/D')));
  });

  it('leaves what it does not compare as the earlier one found it', () => {
    const ofSite = new KeyHistory(moment(2), scope({ sites: new Set(['DC1']) }), first, second.memory);
    const handedOn = ofSite.next(keys('B 1'));
    const third = new KeyHistory(moment(3), scope(), handedOn.memory);
    expect(['A', 'B', 'DC2/C', 'DC2/D'].map((name) => third.of(key(name))?.firstSeen.text)).toEqual([
      undefined,
      moment(1).text,
      undefined,
      moment(2).text,
    ]);
    expect(flowMeasures(ofSite, handedOn).total).toMatchObject({ new: 0, continuing: 1, resolved: 1 });
  });
});

it('a key that no run compares for a year is forgotten', () => {
  const { memory } = runs({ day: 1, lists: 'DC2/A 1' }).handedOn;
  const after = (days: number) =>
    new KeyHistory(
      { epochMs: dayMs(1) + days * 86_400_000, text: '' },
      scope({ sites: new Set(['DC1']) }),
      memory,
    ).next([]);
  expect(after(365).memory.size).toBe(1);
  expect(after(366).memory.size).toBe(0);
});

it('the name of a key is its own, whatever its codes hold', () => {
  const parts = ['', 'A', '\t', '\\', '\\t', 'A\\', '\tA'];
  const all = parts.flatMap((item) => parts.map((owner) => ({ site: 'S', item, owner, lot: '', category: 'c' })));
  expect(new Set(all.map(keyName)).size).toBe(all.length);
  expect(all.map(keyName).map(keyOfName)).toEqual(all);
});
