import { describe, expect, it } from 'vitest';
import { type Given, HEADER, useFiles } from '../../test/bad-inputs/reconciled-files.ts';

const files = useFiles();
const DEMAND = 'item,site,daily_demand,open_order_quantity,on_order_quantity,reorder_point\n';

/** 1,000 bolts too many in the ERP at 0.10; 18 of 60 lamps, 30 of them ordered, at 2.50 with a margin of 5.99. */
const given: Given = {
  erp: `${HEADER}DC1,LAMP,UNRESTRICTED,60\nDC1,BOLT,UNRESTRICTED,9000\n`,
  wms: `${HEADER}DC1,LAMP,AVAILABLE,24\nDC1,BOLT,AVAILABLE,8000\n`,
  files: {
    'items.csv': 'item,unit_cost,margin,special,abc_class\nLAMP,2.50,5.99,,B\nBOLT,0.10,0.02,no,C\n',
    'demand.csv': `${DEMAND}LAMP,DC1,4,30,,\nBOLT,DC1,1,,,\nNAIL,DC1,x,,,\n`,
    'promotions.csv': 'item,site,starts_on,ends_on,uplift\nBOLT,DC1,2026-11-25,2026-11-30,2\n',
  },
  configuration: {
    items: { format: 'csv', path: 'items.csv' },
    demand: { format: 'csv', path: 'demand.csv' },
    promotions: { format: 'csv', path: 'promotions.csv' },
  },
};

const ranked = async (more: Given, ranking?: string) => {
  const priority = { cancel_cost: 4, ...(ranking === undefined ? {} : { ranking }) };
  const configuration = { ...more.configuration, priority };
  const { lines, run, rejections } = await files().run({ ...more, configuration });
  const told = lines.map(({ item, impact_value, priority: word }) => `${item} ${impact_value} ${word}`);
  return { told, run, rejections };
};

describe('rankRun', () => {
  it('fills impact and priority whatever the ranking, and counts the files as inputs', async () => {
    const { told, run, rejections } = await ranked(given);
    expect(told).toEqual(['BOLT 100.00 high', 'LAMP 416.90 critical']);
    expect(run.inputs.filter(({ kind }) => kind === 'demand' || kind === 'promotions')).toMatchObject([
      { file: 'demand.csv', rows: 3, rejected: 1 },
      { file: 'promotions.csv', rows: 1, rejected: 0 },
    ]);
    expect(rejections).toMatchObject([{ source: 'demand', row: 4, column: 'daily_demand', value: 'x' }]);
    expect(run.quality.map(({ code }) => code)).not.toContain('NOT_USED_YET');
  });

  it.each(['impact', 'points'])('by %s the lamps come first', async (ranking) => {
    expect((await ranked(given, ranking)).told[0]).toBe('LAMP 416.90 critical');
  });

  it('says how many promised units are not there, at what cost, and nothing where no demand is given', async () => {
    // min(30 ordered, 60) − 24 lamps · 2.50; nobody ordered bolts.
    const { run } = await ranked(given);
    expect(run.orders_at_risk).toEqual([{ site: 'DC1', items: 1, quantity: '6', value: '15.00', unvalued: 0 }]);
    const files = { ...given.files, 'items.csv': 'item,margin\nLAMP,5.99\nBOLT,0.02\n' };
    expect((await ranked({ ...given, files })).run.orders_at_risk).toEqual([
      { site: 'DC1', items: 1, quantity: '6', value: '0.00', unvalued: 1 },
    ]);
    const { demand: _, ...configuration } = given.configuration as Record<string, unknown>;
    expect((await ranked({ ...given, configuration })).run).not.toHaveProperty('orders_at_risk');
  });

  it('lots in sync count as available', async () => {
    const lots = 'site,item,lot,status,quantity\n';
    const byLot: Given = {
      ...given,
      erp: `${lots}DC1,LAMP,L1,UNRESTRICTED,60\nDC1,LAMP,L2,UNRESTRICTED,500\n`,
      wms: `${lots}DC1,LAMP,L1,AVAILABLE,24\nDC1,LAMP,L2,AVAILABLE,500\n`,
      configuration: { ...given.configuration, grain: ['site', 'item', 'lot', 'category'] },
    };
    // 524 are left: nobody misses the 36. 15 points of 100 go to class B, 60 to the greatest value and impact.
    expect((await ranked(byLot)).told).toEqual(['LAMP 90.00 high']);
  });
});
