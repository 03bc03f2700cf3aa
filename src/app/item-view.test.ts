import { describe, expect, it } from 'vitest';
import type { ItemView } from '../contract/item-view.ts';
import { buildItemView } from './item-view.ts';
import type { KeptItem } from './kept-item.ts';
import { contribution, keptItem, keptKey, SAMPLE_RUN, sampleBalances } from './kept-item-fixture.ts';
import { clock, hose, kettle, toaster } from './sample-items-fixture.ts';

const viewOf = (kept: KeptItem, limits: { site?: string; lot?: string } = {}): ItemView =>
  buildItemView(kept, { run: SAMPLE_RUN, ...limits });
const item = '00123';

describe('how an item stands', () => {
  it('at each place, the worst first: by rank, then timing, then the rest by name', () => {
    const place = (site: string) => sampleBalances('erp | UNRESTRICTED | 5\nwms | AVAILABLE | 5', site);
    const key = (site: string, rank: string) =>
      keptKey({ item, site, rank, erp: 5, wms: 4, cents: 100 }, [contribution('unexplained', -1, 0, 'count')]);
    const kept = keptItem({
      item,
      keys: [key('DC3', '12'), key('DC4', ''), key('DC5', '2')],
      balances: ['DC5', 'DC2', 'DC1', 'DC4', 'DC3'].flatMap(place),
    });
    expect(viewOf(kept).places.map(({ site }) => site)).toEqual(['DC5', 'DC3', 'DC4', 'DC1', 'DC2']);
  });

  it('by category, each with its native statuses, the largest first', () => {
    const [place] = viewOf(kettle()).places;
    expect(
      place?.keys.map(({ category, state, erp_statuses, wms_statuses }) => ({
        category,
        state,
        erp: erp_statuses.map(({ system, status, quantity }) => `${system} ${status} ${quantity}`),
        wms: wms_statuses.map(({ system, status, quantity }) => `${system} ${status} ${quantity}`),
      })),
    ).toEqual([
      {
        category: 'available',
        state: 'discrepancy',
        erp: ['sap UNRESTRICTED 354'],
        wms: ['wms1 AVAILABLE 429', 'wms1 PICKED 20'],
      },
      {
        category: 'unavailable',
        state: 'in-sync',
        erp: ['sap UNAVAILABLE 23'],
        wms: ['wms1 QUALITY 13', 'wms1 DAMAGED 10'],
      },
    ]);
  });

  it.each([
    ['equal', 'erp | UNRESTRICTED | 5\nwms | AVAILABLE | 5', 'in-sync', '0', ''],
    [
      'off without a line: the tolerance allowed it',
      'erp | UNRESTRICTED | 5\nwms | AVAILABLE | 4',
      'within-tolerance',
      '-1',
      '',
    ],
    ['on one side only, with nothing', 'wms | AVAILABLE | 0', 'in-sync', '0', 'erp'],
  ])('%s', (_, balances, state, variance, absent) => {
    const [key] = viewOf(keptItem({ item, balances: sampleBalances(balances) })).places[0]?.keys ?? [];
    expect(key).toMatchObject({ state, variance_quantity: variance, absent_from: absent, contributions: [] });
  });

  it('units in a status without a category are no part of any key', () => {
    const balances = sampleBalances('erp | UNRESTRICTED | 5\nwms | AVAILABLE | 5\nwms | QC HOLD | 3');
    const [place] = viewOf(keptItem({ item, balances })).places;
    expect(place?.keys.map(({ wms_quantity }) => wms_quantity)).toEqual(['5']);
    expect(place?.unmapped_wms).toEqual([{ system: 'wms1', status: 'QC HOLD', quantity: '3' }]);
  });

  it('with quantities of six decimals', () => {
    const balances = sampleBalances('erp | UNRESTRICTED | 1500000\nwms | AVAILABLE | 1500001');
    const [key] = viewOf(keptItem({ item, quantityDecimals: 6, balances })).places[0]?.keys ?? [];
    expect(key).toMatchObject({ erp_quantity: '1.5', wms_quantity: '1.500001', variance_quantity: '0.000001' });
  });

  it('limited to a site or a lot; elsewhere there is no place', () => {
    expect(viewOf(kettle(), { site: 'DC2' }).places.map(({ site }) => site)).toEqual(['DC2']);
    expect(viewOf(kettle(), { site: 'DC2' })).toMatchObject({ gross_variance_value: '', findings: [] });
    expect(viewOf(kettle(), { lot: 'L1' }).places).toEqual([]);
  });

  it('its value is the sum over its discrepancies, whatever their sign', () => {
    expect(viewOf(toaster()).gross_variance_value).toBe('249.90');
    expect(viewOf(kettle()).gross_variance_value).toBe('3087.00');
    expect(viewOf(hose()).gross_variance_value).toBe('');
  });
});

describe('why', () => {
  it('the contributions add up to the variance, with their value, their side and their finding', () => {
    const [key] = viewOf(kettle()).places[0]?.keys ?? [];
    expect(key?.variance_quantity).toBe('95');
    expect(
      key?.contributions.map(({ number, cause_words, quantity, value, confidence, confidence_words, finding_id }) =>
        [number, cause_words, quantity, value, confidence, confidence_words, finding_id].join(' | '),
      ),
    ).toEqual([
      '1 | wrong unit or pack | 110 | 3465.00 | 0.97 | nearly certain | ',
      '2 | message lost | -12 | -378.00 | 0.95 | nearly certain | F1',
      '3 | still on its way | -3 | -94.50 | 0.97 | nearly certain | ',
    ]);
    expect(key?.contributions[1]?.evidence[0]).toEqual({
      kind: 'message',
      id: 'M-4711',
      reference: 'SO-0031882',
      file: 'in/messages.csv',
      row: 811,
      says: 'sent at 13:53, never acknowledged, 34 hours past the lag of 4 hours',
    });
  });

  it('contributions are numbered through all categories of a place', () => {
    const numbers = viewOf(toaster()).places[0]?.keys.map(({ contributions }) =>
      contributions.map(({ number }) => number),
    );
    expect(numbers).toEqual([[1], [2]]);
  });

  it('what is not explained has no confidence, and its hypotheses have', () => {
    const [key] = viewOf(clock()).places[0]?.keys ?? [];
    expect(key?.contributions).toMatchObject([{ cause: 'unexplained', confidence: '', confidence_words: '' }]);
    expect(
      key?.hypotheses.map(({ cause_words, confidence, confidence_words }) => [
        cause_words,
        confidence,
        confidence_words,
      ]),
    ).toEqual([
      ['posted twice', '0.31', 'possible'],
      ['off from the start', '0.22', 'possible'],
      ['lots swapped', '0.05', 'unlikely'],
    ]);
  });

  it.each([
    [0.9999, '0.999'],
    [1, '1'],
    [0.29, '0.29'],
    [0.5, '0.5'],
  ])('a confidence of %f is written %s: never rounded up', (confidence, expected) => {
    const kept = keptItem({
      item,
      keys: [
        keptKey({ item, rank: '1', erp: 5, wms: 4, cents: 100 }, [contribution('posted-twice', -1, confidence, 'erp')]),
      ],
    });
    expect(viewOf(kept).places[0]?.keys[0]?.contributions[0]?.confidence).toBe(expected);
  });
});

describe('what to do, first things first', () => {
  const actionsOf = (...contributions: Parameters<typeof keptKey>[1]) => {
    const sum = contributions.reduce((total, { quantity }) => total + quantity, 0);
    const kept = keptItem({ item, keys: [keptKey({ item, rank: '1', erp: 0, wms: sum, cents: 100 }, contributions)] });
    return viewOf(kept).places[0]?.actions;
  };
  const twice = contribution('posted-twice', -20, 0.98, 'erp', {
    document: 'SO-2',
    action: 'Reverse the second posting.',
  });
  const lost = contribution('message-lost', -12, 0.95, 'erp', { document: 'SO-1', action: 'Send it again.' });
  const flying = contribution('in-flight', -30, 0.97, 'none', { document: 'SO-3', action: 'Nothing; compare again.' });
  const unknown = contribution('unexplained', 40, 0, 'count', { action: 'Count it.' });
  const warning = 'Post no correction while a message is open: it would post later and make a second error.';

  it('open messages before larger corrections, with a warning; waiting and counting last', () => {
    expect(actionsOf(unknown, flying, twice, lost)).toEqual([
      'Send it again (SO-1).',
      warning,
      'Reverse the second posting (SO-2).',
      'Nothing; compare again (SO-3).',
      'Count it.',
    ]);
  });

  it('no warning where no message is open, or nothing is to be corrected', () => {
    expect(actionsOf(twice)).toEqual(['Reverse the second posting (SO-2).']);
    expect(actionsOf(lost)).toEqual(['Send it again (SO-1).']);
  });

  it('the action of a finding stands for those of its documents, once', () => {
    const [place] = viewOf(kettle()).places;
    expect(place?.actions[0]).toBe('Send the 141 messages of interface 945 from 13:40 to 14:25 again (F1).');
    expect(viewOf(toaster()).places[0]?.actions).toHaveLength(1);
  });
});

it('is plain data: nothing is lost as JSON', () => {
  for (const kept of [kettle(), toaster(), clock(), hose()]) {
    const view = viewOf(kept);
    expect(JSON.parse(JSON.stringify(view))).toEqual(view);
  }
});
