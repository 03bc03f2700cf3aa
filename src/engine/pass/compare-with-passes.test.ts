import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { formatFixed, SCALED_MAX } from '../../core/model/decimal.ts';
import type { Failure } from '../../core/model/failure.ts';
import { openDelimited } from '../../ingest/delimited/open-delimited.ts';
import { readParquet } from '../../ingest/parquet/read-parquet.ts';
import type { BalanceInput } from '../comparison-input.ts';
import { comparable, oracle, outcomesOf } from '../conformance-oracle-fixture.ts';
import { type ConformanceWorld, conformanceWorlds, inputOf, type WorldSource } from '../conformance-world-fixture.ts';
import { compareWithPasses, type PassOptions } from './compare-with-passes.ts';

const folder = mkdtempSync(join(tmpdir(), 'evenstock-passes-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** How a world is written and read: small ranges and partitions take the ways of large files. */
interface Manner {
  readonly delimiter: string;
  readonly lineEnd: string;
  readonly quotes: 'needed' | 'all';
  readonly note: string;
  readonly rangeBytes: number;
  readonly partitions: number;
  readonly threads: number;
  readonly storeBytes: number;
  readonly smallRowsMax: number;
}

const manners: fc.Arbitrary<Manner> = fc.record({
  delimiter: fc.constantFrom(',', ';', '\t', '|'),
  lineEnd: fc.constantFrom('\n', '\r\n', '\r'),
  quotes: fc.constantFrom('needed', 'all'),
  note: fc.constantFrom('', 'a "quoted" word', 'two\nlines', 'line\r\nend, comma; | and\ttab', 'été'),
  rangeBytes: fc.constantFrom(17, 64, 301, 1 << 20),
  partitions: fc.constantFrom(1, 2, 8),
  threads: fc.constantFrom(1, 3),
  storeBytes: fc.constantFrom(0, 1 << 28),
  smallRowsMax: fc.constantFrom(0, 20_000),
});

function quoted(text: string, manner: Manner): string {
  const isNeeded = /[",;|\t\r\n]/.test(text) || text.startsWith('"');
  return manner.quotes === 'all' || isNeeded ? `"${text.replaceAll('"', '""')}"` : text;
}

/** The same source without nulls (text files have none) and with a note that is hard to read. */
function written(source: WorldSource, manner: Manner): WorldSource {
  const note = source.header.indexOf('note');
  const rows = source.rows.map((row) =>
    row.map((value, at) => (at === note ? `${value ?? ''}${manner.note}` : (value ?? ''))),
  );
  return { ...source, rows };
}

let count = 0;
async function open(source: WorldSource, manner: Manner): Promise<BalanceInput> {
  const path = join(folder, `${++count}.csv`);
  const line = (values: readonly (string | null)[]): string =>
    values.map((value) => quoted(value ?? '', manner)).join(manner.delimiter);
  writeFileSync(path, [source.header, ...source.rows].map((row) => line(row) + manner.lineEnd).join(''));
  const delimited = await openDelimited(path, {
    format: 'csv',
    delimiter: manner.delimiter,
    knownColumns: new Set(source.header.map((column) => column.toLowerCase())),
    temporaryDirectory: folder,
  });
  return { ...inputOf(source, { kind: 'delimited', delimited }), header: delimited.header, bytes: delimited.bytes };
}

function optionsOf(manner: Manner): PassOptions {
  return {
    threads: manner.threads,
    memoryBytes: 1e9,
    temporaryDirectory: mkdtempSync(join(folder, 'work-')),
    signal: new AbortController().signal,
    onProgress: () => undefined,
    isInline: true,
    rangeBytes: manner.rangeBytes,
    partitions: manner.partitions,
    storeBytes: manner.storeBytes,
    smallRowsMax: manner.smallRowsMax,
  };
}

async function holdAgainstOracle(given: ConformanceWorld, manner: Manner): Promise<void> {
  const world = { ...given, sources: given.sources.map((source) => written(source, manner)) };
  const inputs = await Promise.all(world.sources.map((source) => open(source, manner)));
  const expected = oracle(world, 2);
  const run = compareWithPasses(world.plan, inputs, world.inFlight, optionsOf(manner));
  if (expected.kind === 'refused') {
    const failure = await run.then(
      () => undefined,
      (error: Failure) => error,
    );
    expect(failure).toMatchObject({ kind: 'refused', code: 'VALUE_REFUSED' });
    expect(failure?.message).toContain(`${expected.source}.file, row ${expected.row}, column ${expected.column}:`);
    return;
  }
  const result = await run.catch((error: Failure) => error);
  if ('code' in result) {
    // Sums beyond 2^53 refuse the run; only quantities of that size can make them.
    expect(result).toMatchObject({ kind: 'refused', code: 'QUANTITY_OVERFLOW' });
    const largest = Math.max(...expected.comparison.variances.flatMap((key) => [Math.abs(key.erp), Math.abs(key.wms)]));
    expect(largest).toBeGreaterThan(SCALED_MAX / 64);
    return;
  }
  expect(outcomesOf(result.inputs)).toEqual(outcomesOf(expected.inputs));
  expect(comparable(result.comparison, world.plan)).toEqual(comparable(expected.comparison, world.plan));
  await result.close();
}

describe('generated worlds: the passes find what the core finds', () => {
  test('in every manner of writing, cut anywhere, spilled or not', { timeout: 900_000 }, async () => {
    await fc.assert(fc.asyncProperty(conformanceWorlds, manners, holdAgainstOracle), {
      numRuns: Number(process.env['EVENSTOCK_WORLDS'] ?? 150),
      endOnFailure: true,
    });
  });
});

describe('the history', () => {
  test('keeps every accepted balance by key and native status', async () => {
    await fc.assert(
      fc.asyncProperty(conformanceWorlds, manners, async (given, manner) => {
        const world = { ...given, sources: given.sources.map((source) => written(source, manner)) };
        if (oracle(world, 2).kind === 'refused') return;
        const inputs = await Promise.all(world.sources.map((source) => open(source, manner)));
        const result = await compareWithPasses(world.plan, inputs, [], optionsOf(manner));
        const items = new Set(result.comparison.variances.slice(0, 2).map(({ item }) => item));
        const found = await result.findBalances((item) => items.has(item));
        const path = join(folder, `balances-${++count}.parquet`);
        const { rows } = await result.keepBalances(path);
        await result.close();
        let kept = 0;
        let keptRows = 0;
        const sums = new Map<string, number>();
        const wanted: string[] = [];
        const table = await readParquet(path, folder);
        for await (const batch of table.batches) {
          for (const { values } of batch) {
            kept++;
            if (items.has(String(values[2]))) wanted.push(values.slice(0, 8).join('|'));
            keptRows += Number(values[8]);
            const key = `${values[1]} ${values[6]}`;
            const isErp = values[0] === 'sap';
            if (values[6] !== '')
              sums.set(
                key,
                (sums.get(key) ?? 0) +
                  (isErp ? -1 : 1) * Math.round(Number(values[7]) * 10 ** world.plan.quantityDecimals),
              );
          }
        }
        expect(kept).toBe(rows);
        const decimals = world.plan.quantityDecimals;
        const asKept = found.map(({ system, site, item, owner, lot, status, category, quantity }) =>
          [
            system,
            site,
            item,
            owner,
            lot,
            status,
            world.plan.categories[category] ?? '',
            formatFixed(quantity, decimals),
          ].join('|'),
        );
        expect(asKept.sort()).toEqual(wanted.sort());
        expect(keptRows).toBe(result.inputs.reduce((sum, input) => sum + input.accepted, 0));
        if (world.sources.some((source) => source.completeness === 'partial')) return;
        for (const cell of result.comparison.cells) {
          expect(sums.get(`${cell.site} ${world.plan.categories[cell.category]}`) ?? 0).toBe(
            Number(cell.wms - cell.erp),
          );
        }
      }),
      { numRuns: 15, endOnFailure: true },
    );
  });
});
