import { expect, it } from 'vitest';
import { decide, mapColumn, settingsToSave } from './source-draft.ts';

const shown = {
  format: 'csv',
  delimiter: ';',
  encoding: 'windows-1252',
  decimal: ',',
  thousands: '.',
  columns: { site: 'Werk', item: 'Artikel' },
};

it('another delimiter is another file: its columns are proposed anew, the rest of its structure stays', () => {
  expect(decide({ columns: shown.columns, time_zone: 'Europe/Berlin' }, shown, 'delimiter', '|')).toEqual({
    format: 'csv',
    delimiter: '|',
    encoding: 'windows-1252',
    time_zone: 'Europe/Berlin',
  });
  expect(decide({ delimiter: ';', columns: {} }, shown, 'format', 'xlsx')).toEqual({ format: 'xlsx' });
});

it('signs of numbers are decided together, and columns stay', () => {
  expect(decide({ columns: shown.columns }, shown, 'thousands', undefined)).toEqual({
    decimal: ',',
    columns: shown.columns,
  });
});

it('a column is mapped, given one value, or taken away', () => {
  expect(mapColumn({}, shown, 'status', { column: 'Art' })).toEqual({ columns: { ...shown.columns, status: 'Art' } });
  const constant = mapColumn({}, shown, 'site', { constant: 'DC1' });
  expect(constant).toEqual({ columns: { item: 'Artikel' }, constants: { site: 'DC1' } });
  expect(mapColumn(constant, { ...shown, ...constant }, 'site', {})).toEqual({ columns: { item: 'Artikel' } });
});

it('what is saved says what is not the rule, and only what the kind has', () => {
  const placing = { system: 'sap', name: ' ', path: ' in/a.csv ', asOf: 'file_time', completeness: 'full' };
  expect(Object.keys(settingsToSave('balances', placing, shown))).toEqual([
    ...['system', 'format', 'path', 'delimiter', 'encoding', 'decimal', 'thousands', 'columns', 'as_of'],
  ]);
  expect(settingsToSave('items', placing, { format: 'csv' })).toEqual({ format: 'csv', path: 'in/a.csv' });
});
