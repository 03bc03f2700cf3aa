import { expect, it } from 'vitest';
import { UNMAPPED } from '../../model/balance.ts';
import type { KeyFacts, StatusBalance } from '../evidence.ts';
import { findUnmappedStatuses } from './find-unmapped-statuses.ts';

/** `DC1 A 1 erp=18 wms=10` is a key of category 1; a category −1 holds what follows as `wms QHOLD 8`. */
function keys(text: string): KeyFacts[] {
  return text
    .trim()
    .split('\n')
    .map((line) => {
      const [site = '', item = '', category = '', erp = '', wms = '', role, status, units] = line.trim().split(/\s+/);
      const statuses: StatusBalance[] =
        status === undefined ? [] : [{ role: role as StatusBalance['role'], status, quantity: Number(units) }];
      return {
        ...{
          site,
          item,
          owner: '',
          lot: '',
          category: Number(category),
          erp: Number(erp),
          wms: Number(wms),
          inFlight: 0,
        },
        ...{ erpPresent: true, wmsPresent: true, opening: undefined, history: [], statuses },
      };
    });
}
const find = (text: string) => findUnmappedStatuses(keys(text), (role) => (role === 'erp' ? 'sap' : 'wms1'), 2);

it('finds the category that lacks just what one key holds', () => {
  expect(
    find(`
      DC1 A 0 100 100
      DC1 A 1 18 10
      DC1 A ${UNMAPPED} 0 8 wms QHOLD 8`),
  ).toEqual([{ role: 'wms', system: 'wms1', status: 'QHOLD', category: 1 }]);
});

it('finds it where one of three keys has a fault of its own, and on either side', () => {
  expect(
    find(`
      DC1 A 0 92 100
      DC1 A ${UNMAPPED} 8 0 erp BLOCKED 8
      DC1 B 0 5 9
      DC1 B ${UNMAPPED} 4 0 erp BLOCKED 4
      DC2 A 0 70 70
      DC2 A ${UNMAPPED} 3 0 erp BLOCKED 3`),
  ).toEqual([{ role: 'erp', system: 'sap', status: 'BLOCKED', category: 0 }]);
});

it('says nothing where no variance is its units', () => {
  expect(
    find(`
      DC1 A 0 100 100
      DC1 A 1 18 11
      DC1 A ${UNMAPPED} 0 8 wms QHOLD 8`),
  ).toEqual([]);
});
