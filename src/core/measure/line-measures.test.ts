import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lineMeasures, type MeasuredLine } from './line-measures.ts';

/** "DC1 -3 -30.00 unexplained 1, 5 days, F1": site, units, value, units left unexplained, age, finding. */
function line(site: string, net: string, value: string, unexplained: string, days: number, finding = ''): MeasuredLine {
  return {
    site,
    net_variance_quantity: net,
    variance_value: value,
    unexplained_quantity: unexplained,
    finding_id: finding,
    days_out_of_sync: String(days),
  };
}
const measure = (...lines: MeasuredLine[]) => lineMeasures(lines, ['DC1', 'DC2'], 2);

describe('ageing', () => {
  it('every day falls into one bucket', () => {
    const days = [0, 1, 2, 3, 4, 7, 8, 30, 31, 4000];
    const { ageing, over_a_week } = measure(...days.map((each) => line('DC1', '-1', '-10.00', '-1', each))).total;
    expect(over_a_week).toBe(4);
    expect(ageing).toEqual([
      { days: '0-1', discrepancies: 2, gross_variance_value: '20.00' },
      { days: '2-3', discrepancies: 2, gross_variance_value: '20.00' },
      { days: '4-7', discrepancies: 2, gross_variance_value: '20.00' },
      { days: '8-30', discrepancies: 2, gross_variance_value: '20.00' },
      { days: '30+', discrepancies: 2, gross_variance_value: '20.00' },
    ]);
  });

  it('dollar-days, mean and median', () => {
    const { total } = measure(
      line('DC1', '-1', '-10.50', '', 0),
      line('DC1', '2', '0.25', '', 3),
      line('DC1', '2', '', '', 4),
      line('DC1', '2', '100.00', '', 10),
    );
    expect(total).toMatchObject({
      dollar_days: '1000.75',
      days_out_of_sync_mean: '4.25',
      days_out_of_sync_median: '3.50',
    });
  });
});

describe('what is explained', () => {
  it('units and value of what a cause explains, of the gross', () => {
    const { total } = measure(line('DC1', '-4', '-100.00', '-1', 0, 'F1'), line('DC1', '4', '300.00', '4', 0));
    expect(total).toMatchObject({
      explained_units_share: '0.375000',
      explained_value_share: '0.187500',
      finding_lines_share: '0.500000',
    });
  });

  it('a line without an explanation is unexplained, and so is one whose causes leave more than its variance', () => {
    const { total } = measure(line('DC1', '-4', '-4.00', '', 0), line('DC1', '2', '2.00', '-3', 0));
    expect(total).toMatchObject({ explained_units_share: '0.000000', explained_value_share: '0.000000' });
  });

  it('all of it is 1, and of nothing there is no share', () => {
    expect(measure(line('DC1', '-0.5', '-1.00', '0', 0)).total.explained_units_share).toBe('1.000000');
    expect(measure().total).toMatchObject({
      explained_units_share: '',
      explained_value_share: '',
      finding_lines_share: '',
      days_out_of_sync_mean: '',
      dollar_days: '0.00',
    });
  });
});

it('each site by itself; a site without discrepancies too', () => {
  const { bySite } = measure(line('DC1', '-1', '-10.00', '-1', 5));
  expect(bySite.get('DC1')).toMatchObject({ dollar_days: '50.00', days_out_of_sync_mean: '5.00' });
  expect(bySite.get('DC2')).toMatchObject({ dollar_days: '0.00', days_out_of_sync_mean: '' });
});

it('the parts add up to the whole, exactly, beyond what a double holds', () => {
  const lines = fc.array(
    fc.record({
      site: fc.constantFrom('DC1', 'DC2'),
      net: fc.integer({ min: -1_000_000, max: 1_000_000 }).filter((net) => net !== 0),
      cents: fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }),
      days: fc.nat(4000),
    }),
  );
  fc.assert(
    fc.property(lines, (given) => {
      const money = (cents: bigint) =>
        `${cents < 0n ? '-' : ''}${String(cents < 0n ? -cents : cents)
          .padStart(3, '0')
          .replace(/(..)$/, '.$1')}`;
      const { total, bySite } = measure(
        ...given.map(({ site, net, cents, days }) => line(site, String(net), money(cents), String(net), days)),
      );
      const cents = (text: string) => BigInt(text.replace('.', ''));
      const wanted = given.reduce(
        (sum, each) => sum + (each.cents < 0n ? -each.cents : each.cents) * BigInt(each.days),
        0n,
      );
      expect(cents(total.dollar_days)).toBe(wanted);
      const parts = [...bySite.values()].reduce((sum, site) => sum + cents(site.dollar_days), 0n);
      expect(parts).toBe(wanted);
      expect(total.ageing.reduce((sum, age) => sum + age.discrepancies, 0)).toBe(given.length);
    }),
  );
});
