import { describe, expect, it } from 'vitest';
import { groupsCsv } from './groups-csv.ts';

const group = (name: string) => ({
  group: name,
  discrepancies: 3,
  gross_variance_value: '10.50',
  sync_accuracy_keys: '0.9',
  ageing: { '0-1': 1, '2-3': 2, '4-7': 0, '8-30': 0, 'over-30': 0 },
  resolved: 4,
  came_back: 1,
  recurrence_share: '0.25',
  days_to_resolve_mean: '1.50',
  days_to_resolve_median: '',
});

describe('the file of groups', () => {
  it('has the figures as they are, and no cell that a spreadsheet calculates', () => {
    const text = groupsCsv({ by: 'site', groups: [group('DC1'), group('=1+1'), group('A, "B"')] });
    expect(text.split('\r\n')).toEqual([
      'site,discrepancies,gross_variance_value,sync_accuracy_keys,resolved,came_back,recurrence_share,days_to_resolve_mean,days_to_resolve_median,days_0-1,days_2-3,days_4-7,days_8-30,days_over-30',
      'DC1,3,10.50,0.9,4,1,0.25,1.50,,1,2,0,0,0',
      "'=1+1,3,10.50,0.9,4,1,0.25,1.50,,1,2,0,0,0",
      '"A, ""B""",3,10.50,0.9,4,1,0.25,1.50,,1,2,0,0,0',
      '',
    ]);
    expect(groupsCsv({ by: 'cause', groups: [] })).toBe('cause\r\n');
  });
});
