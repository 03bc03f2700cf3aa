/** Laws that every comparison obeys, whatever the rows: checked on the passes and on the core alike. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Big from 'big.js';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { compareBalances } from '../core/compare/compare-balances.ts';
import type { Comparison } from '../core/compare/variance.ts';
import type { Role } from '../core/model/balance.ts';
import { emptyMasterData } from '../core/normalize/master-data.ts';
import { normalizeBalance } from '../core/normalize/normalize-balance.ts';
import type { PlanInput } from '../core/normalize/plan.ts';
import { Plan } from '../core/normalize/plan.ts';
import type { BalanceInput } from './comparison-input.ts';
import { compareWithPasses } from './pass/compare-with-passes.ts';

const folder = mkdtempSync(join(tmpdir(), 'evenstock-laws-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A row as both systems write it: site, item, lot, status, quantity in thousandths. */
interface Row {
  readonly site: string;
  readonly item: string;
  readonly lot: string;
  readonly status: string;
  readonly thousandths: number;
}

const rowOf = fc.record({
  site: fc.constantFrom('DC1', 'DC2'),
  item: fc.constantFrom('00123', '123', '7', 'A-9'),
  lot: fc.constantFrom('', 'L1', 'L2'),
  status: fc.constantFrom('GOOD', 'DAMAGED', 'QUALITY', 'ODD'),
  thousandths: fc.integer({ min: -2_000_000_000, max: 2_000_000_000 }),
});
const rowsOf = fc.array(rowOf, { maxLength: 40 });

const COARSE: PlanInput['rules'] = {
  good: { erp: ['GOOD'], wms: ['GOOD'] },
  bad: { erp: ['DAMAGED', 'QUALITY'], wms: ['DAMAGED', 'QUALITY'] },
};
const FINE: PlanInput['rules'] = {
  good: { erp: ['GOOD'], wms: ['GOOD'] },
  damaged: { erp: ['DAMAGED'], wms: ['DAMAGED'] },
  quality: { erp: ['QUALITY'], wms: ['QUALITY'] },
};
const HEADER = ['site', 'item', 'lot', 'status', 'quantity'];

function planOf(rules: PlanInput['rules']): Plan {
  return new Plan({
    rules,
    ignore: [],
    master: emptyMasterData('EA', 'exact'),
    quantityDecimals: 6,
    grain: { owner: false, lot: true },
    grainRules: [],
    systems: [
      { id: 'sap', role: 'erp', sites: undefined },
      { id: 'wms1', role: 'wms', sites: undefined },
    ],
    sites: [],
    items: [],
    isCaseDeclared: false,
  });
}

const textsOf = (row: Row): string[] => [
  row.site,
  row.item,
  row.lot,
  row.status,
  new Big(row.thousandths).div(1000).toFixed(),
];

function inputOf(role: Role, rows: readonly Row[]): BalanceInput {
  const system = role === 'erp' ? 'sap' : 'wms1';
  const batches = async function* () {
    yield rows.map((row, index) => ({ row: index + 2, values: textsOf(row) }));
  };
  return {
    name: system,
    rules: { system, role, numberFormat: {}, constants: {} },
    completeness: 'full',
    unique: false,
    columns: new Map(HEADER.map((name, at) => [name, at])),
    header: HEADER,
    asOfColumn: undefined,
    timeFormat: {},
    totalRow: undefined,
    file: `${system}.rows`,
    bytes: 1000,
    content: { kind: 'rows', open: async () => ({ header: HEADER, batches: batches() }) },
  };
}

type Compare = (erp: readonly Row[], wms: readonly Row[], rules?: PlanInput['rules']) => Promise<Comparison>;

const passes: Compare = async (erp, wms, rules = COARSE) => {
  const options = {
    threads: 2,
    memoryBytes: 1e9,
    temporaryDirectory: folder,
    signal: new AbortController().signal,
    onProgress: () => undefined,
  };
  const result = await compareWithPasses(planOf(rules), [inputOf('erp', erp), inputOf('wms', wms)], [], options);
  await result.close();
  return result.comparison;
};

const core: Compare = async (erp, wms, rules = COARSE) => {
  const plan = planOf(rules);
  const balances = [inputOf('erp', erp), inputOf('wms', wms)].flatMap((input, side) =>
    (side === 0 ? erp : wms).map((row) => {
      const texts = textsOf(row);
      const outcome = normalizeBalance(
        Object.fromEntries(HEADER.map((name, at) => [name, texts[at]])),
        input.rules,
        plan,
      );
      if (outcome.kind !== 'balance') throw new Error(`a plain row was ${outcome.kind}`);
      return outcome.balance;
    }),
  );
  return compareBalances(balances, [], { partialSystems: new Set(), erpSystem: 'sap', wmsOf: () => 'wms1' });
};

/** Variance of each key as text, sorted. `sign` −1 negates. */
function variancesOf(comparison: Comparison, sign = 1): string[] {
  return comparison.variances
    .map((key) => `${key.site} ${key.item} ${key.lot} ${key.category}: ${sign * (key.wms - key.erp)}`)
    .sort();
}

describe.each([
  ['the passes', passes],
  ['the core', core],
])('%s', (_, compare) => {
  const law = (name: string, predicate: (erp: Row[], wms: Row[]) => Promise<void>): void => {
    test(name, async () => {
      await fc.assert(fc.asyncProperty(rowsOf, rowsOf, predicate), { numRuns: 60 });
    });
  };

  law('the order of rows does not matter', async (erp, wms) => {
    expect(variancesOf(await compare([...erp].reverse(), [...wms].reverse()))).toEqual(
      variancesOf(await compare(erp, wms)),
    );
  });

  law('splitting a row changes nothing', async (erp, wms) => {
    const split = wms.flatMap((row) => {
      const part = Math.trunc(row.thousandths / 3);
      return [
        { ...row, thousandths: part },
        { ...row, thousandths: row.thousandths - part },
      ];
    });
    expect(variancesOf(await compare(erp, split))).toEqual(variancesOf(await compare(erp, wms)));
  });

  law('swapping the sides negates', async (erp, wms) => {
    expect(variancesOf(await compare(wms, erp), -1)).toEqual(variancesOf(await compare(erp, wms)));
  });

  law('adding the same rows to both sides changes nothing', async (erp, wms) => {
    expect(variancesOf(await compare([...erp, ...wms], [...wms, ...wms]))).toEqual(
      variancesOf(await compare(erp, wms)),
    );
  });

  law('the sum of variances is the difference of the totals', async (erp, wms) => {
    const comparison = await compare(erp, wms);
    const total = (rows: Row[]): Big =>
      rows.filter((row) => row.status !== 'ODD').reduce((sum, row) => sum.plus(row.thousandths), new Big(0));
    const variance = comparison.variances.reduce((sum, key) => sum.plus(key.wms).minus(key.erp), new Big(0));
    expect(variance.div(1000).toFixed()).toBe(total(wms).minus(total(erp)).toFixed());
    const unmapped = comparison.unmapped.reduce((sum, entry) => sum.plus(String(entry.quantity)), new Big(0));
    const odd = [...erp, ...wms]
      .filter((row) => row.status === 'ODD')
      .reduce((sum, row) => sum.plus(row.thousandths), new Big(0));
    expect(unmapped.div(1000).toFixed()).toBe(odd.toFixed());
  });

  law('refining a category keeps its sum', async (erp, wms) => {
    const sums = (comparison: Comparison, isBad: (category: number) => boolean): string[] => {
      const byKey = new Map<string, number>();
      for (const key of comparison.variances) {
        if (!isBad(key.category)) continue;
        const name = `${key.site} ${key.item} ${key.lot}`;
        byKey.set(name, (byKey.get(name) ?? 0) + key.wms - key.erp);
      }
      return [...byKey]
        .filter(([, sum]) => sum !== 0)
        .map(([name, sum]) => `${name}: ${sum}`)
        .sort();
    };
    const coarse = sums(await compare(erp, wms, COARSE), (category) => category === 1);
    const fine = sums(await compare(erp, wms, FINE), (category) => category > 0);
    expect(fine).toEqual(coarse);
  });
});
