import { expect, it } from 'vitest';
import { IGNORED, type MappingDocument, moveStatus, movesBetween, rowsOf, UNMAPPED } from './mapping-draft.ts';

const SYSTEMS = { sap: 'erp', wms1: 'wms', wms2: 'wms' } as const;
const DOCUMENT: MappingDocument = {
  categories: {
    available: { erp: ['UNRESTRICTED'], wms: ['AVAILABLE', 'PICKED'] },
    unavailable: { erp: ['UNAVAILABLE'], wms: ['DAMAGED', { status: 'HOLD', when: { location: ['Q*'] } }] },
  },
  ignore: [{ system: 'wms1', status: ['SCRAP'], reason: 'written off' }],
};
const COUNTS = [
  {
    system: 'sap',
    status: 'UNRESTRICTED',
    category: 'available',
    keys: 2,
    quantity: '10.5',
    value: '105.00',
    unvalued_items: 0,
  },
  {
    system: 'wms1',
    status: 'AVAILABLE ',
    category: 'available',
    keys: 1,
    quantity: '4',
    value: '40.10',
    unvalued_items: 1,
  },
  {
    system: 'wms2',
    status: 'AVAILABLE',
    category: 'available',
    keys: 1,
    quantity: '6.25',
    value: '62.50',
    unvalued_items: 2,
  },
  { system: 'wms2', status: 'LOST', category: '', keys: 1, quantity: '3', value: '', unvalued_items: 1 },
];

const told = (document: MappingDocument) =>
  rowsOf(document, COUNTS, SYSTEMS).map(
    ({ rules, status, place, quantity, isConditional }) =>
      `${rules} ${status} ${place || 'unmapped'} ${quantity}${isConditional ? ' conditional' : ''}`,
  );

it('lists every status once, of rules and of rows, with its units', () => {
  expect(told(DOCUMENT)).toEqual([
    'erp UNRESTRICTED available 10.5',
    'erp UNAVAILABLE unavailable 0',
    'wms AVAILABLE available 10.25',
    'wms PICKED available 0',
    'wms DAMAGED unavailable 0',
    'wms HOLD unavailable 0 conditional',
    `wms SCRAP ${IGNORED} 0`,
    'wms LOST unmapped 3',
  ]);
});

it('adds up what the systems of a side hold, in dollars as far as costs are known', () => {
  const rows = rowsOf(DOCUMENT, COUNTS, SYSTEMS);
  expect(rows.filter(({ keys }) => keys > 0).map(({ status, value, unvalued }) => [status, value, unvalued])).toEqual([
    ['UNRESTRICTED', '105.00', 0],
    ['AVAILABLE', '102.6', 3],
    ['LOST', '', 1],
  ]);
});

it('moves a status to another category, out of all, and among those left out', () => {
  const row = { rules: 'wms', side: 'wms', status: 'PICKED' } as const;
  const moved = moveStatus(DOCUMENT, row, 'unavailable', SYSTEMS, '');
  expect(moved.categories['available']?.['wms']).toEqual(['AVAILABLE']);
  expect(moved.categories['unavailable']?.['wms']).toEqual([
    'DAMAGED',
    { status: 'HOLD', when: { location: ['Q*'] } },
    'PICKED',
  ]);
  expect(moveStatus(moved, row, 'available', SYSTEMS, '').categories['available']).toEqual(
    DOCUMENT.categories['available'],
  );
  expect(told(moveStatus(DOCUMENT, row, UNMAPPED, SYSTEMS, ''))).not.toContain('wms PICKED available 0');
  const out = moveStatus(DOCUMENT, row, IGNORED, SYSTEMS, 'not ours');
  expect(out.ignore.slice(1)).toEqual([
    { system: 'wms1', status: ['PICKED'], reason: 'not ours' },
    { system: 'wms2', status: ['PICKED'], reason: 'not ours' },
  ]);
  expect(moveStatus(out, row, 'available', SYSTEMS, '').ignore).toEqual(DOCUMENT.ignore);
});

it('says what moved between two versions', () => {
  const one = moveStatus(DOCUMENT, { rules: 'wms', side: 'wms', status: 'LOST' }, 'unavailable', SYSTEMS, '');
  const two = moveStatus(one, { rules: 'erp', side: 'erp', status: 'UNAVAILABLE' }, UNMAPPED, SYSTEMS, '');
  expect(movesBetween(DOCUMENT, two, SYSTEMS).map(({ row, from, to }) => [row.status, from, to])).toEqual([
    ['LOST', '', 'unavailable'],
    ['UNAVAILABLE', 'unavailable', ''],
  ]);
  expect(movesBetween(two, two, SYSTEMS)).toEqual([]);
});
