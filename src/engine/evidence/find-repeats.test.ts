import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { intakePlan } from '../../app/intake-fixture.ts';
import { openSource } from '../../ingest/open-source.ts';
import { EvidenceFile } from './evidence-file.ts';
import type { EvidenceInput } from './evidence-input.ts';
import { type DatedFile, findRepeats } from './find-repeats.ts';
import { EVERY_ROW } from './row-matcher.ts';
import { hasRow } from './row-set.ts';
import { selectRows } from './select-rows.ts';
import { sortRows } from './sort-rows.ts';

const folder = mkdtempSync(join(tmpdir(), 'find-repeats-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const options = { temporaryDirectory: folder, isCancelled: () => false };
const plan = intakePlan();
const HEADER = 'movement_id,posted_at,site,item,status,quantity,reference';
/** Files beyond 12 MB are not kept: here a small one may claim to be one. */
const LARGE_BYTES = 13 << 20;
let files = 0;

async function inputOf(records: readonly string[], isLarge: boolean): Promise<EvidenceInput> {
  const path = join(folder, `${files++}.csv`);
  writeFileSync(path, `${[HEADER, ...records].join('\n')}\n`);
  const found = { path, name: `${files}.csv`, bytes: statSync(path).size, modifiedMs: 0 };
  const config = { format: 'csv', path, system: 'wms1' } as const;
  const { header, columns, content } = await openSource('movements', config as never, found as never, folder);
  const delimited = content.kind === 'delimited' ? content.delimited : undefined;
  const file = { ...found, bytes: isLarge ? LARGE_BYTES : found.bytes };
  const rules = { system: 'wms1', role: 'wms', numberFormat: {}, constants: {} };
  return { kind: 'movements', name: 'ledger', rules, times: {}, config, file, header, columns, delimited } as never;
}

/** As the search before has dated them. */
async function dated(input: EvidenceInput): Promise<DatedFile> {
  const file = new EvidenceFile(input, options, undefined);
  const { rows, firstMs, lastMs } = await file.search({ kind: 'since', columns: ['posted_at'], fromMs: 0 });
  return { file, rows, firstMs, lastMs };
}

interface Row {
  readonly id: number;
  readonly minute: number;
  readonly units: number;
}
const row: fc.Arbitrary<Row> = fc.record({
  id: fc.integer({ min: 0, max: 2 }),
  minute: fc.integer({ min: 0, max: 2 }),
  units: fc.constantFrom(-1, 2),
});
const nameOf = ({ id, minute, units }: Row): string => `${id} ${minute} ${units}`;
const WRITTEN = [
  ({ id, minute, units }: Row) => `M${id},2026-11-22T08:0${minute}:00Z,DC1,A,AVAILABLE,${units},S`,
  ({ id, minute, units }: Row) => `"M${id}",2026-11-22 08:0${minute}:00.4Z,DC1," A ",AVAILABLE,${units}.0,"S"`,
  ({ id, minute, units }: Row) => ` M${id} ,2026-11-22T09:0${minute}+01:00,DC1,A,AVAILABLE,${units},S `,
] as const;

describe('rows that several files hold', () => {
  it('count as often as in the file that has them most often, however they are written and read', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(row, { maxLength: 12 }), { minLength: 2, maxLength: 4 }),
        fc.boolean(),
        fc.constantFrom(1, 3, 1_000),
        async (worlds, isLarge, rowsAtOnce) => {
          const inputs = await Promise.all(
            worlds.map((rows, file) => inputOf(rows.map(WRITTEN[file % 3] as (row: Row) => string), isLarge)),
          );
          const found = await findRepeats(await Promise.all(inputs.map(dated)), plan, rowsAtOnce);
          const most = new Map<string, number>();
          for (const rows of worlds)
            for (const name of new Set(rows.map(nameOf)))
              most.set(name, Math.max(most.get(name) ?? 0, rows.filter((one) => nameOf(one) === name).length));
          const counted = worlds.flatMap((rows, file) =>
            rows.flatMap((one, index) => (hasRow(found[file]?.rows, index + 2) ? [] : [nameOf(one)])),
          );
          const expected = [...most].flatMap(([name, times]) => Array.from({ length: times }, () => name));
          expect(counted.sort()).toEqual(expected.sort());
          for (const [file, rows] of worlds.entries()) {
            const input = { ...(inputs[file] as EvidenceInput), repeated: found[file]?.rows };
            const left = rows.flatMap((_, index) => (hasRow(found[file]?.rows, index + 2) ? [] : [index + 2]));
            const seen: number[] = [];
            const all = await selectRows(input, EVERY_ROW, ({ row: number }) => seen.push(number), options);
            expect([all, seen]).toEqual([rows.length, left]);
            const shares = { count: 1, ofCode: () => 0 };
            const { parts } = await sortRows(input, shares, { ...options, name: `sorted-${files++}` });
            const kept: number[] = [];
            for (const part of parts[0] ?? [])
              await selectRows(part, EVERY_ROW, ({ row: number }) => kept.push(number), options);
            expect(kept).toEqual(left);
          }
        },
      ),
      { numRuns: 60 },
    );
  }, 120_000);

  it('are not looked for where no times are shared, nor among rows that were taken in one by one', async () => {
    const first = WRITTEN[0]({ id: 1, minute: 1, units: 2 });
    const later = WRITTEN[0]({ id: 1, minute: 9, units: 2 });
    const read: string[] = [];
    const watched = async (records: readonly string[], more: Partial<EvidenceInput> = {}): Promise<DatedFile> => {
      const one = await dated({ ...(await inputOf(records, true)), ...more });
      const select = one.file.select.bind(one.file);
      one.file.select = (...args) => {
        read.push(one.file.input.file.name);
        return select(...args);
      };
      return one;
    };
    expect(await findRepeats([await watched([first]), await watched([later])], plan)).toEqual([undefined, undefined]);
    const takenIn = { isTakenIn: true };
    const parts = [await watched([first], takenIn), await watched([first], takenIn)];
    expect(await findRepeats(parts, plan)).toEqual([undefined, undefined]);
    const other = await watched([first], { rules: { ...parts[0]?.file.input.rules, system: 'wms2' } as never });
    expect(await findRepeats([parts[0] as DatedFile, other], plan)).toEqual([undefined, undefined]);
    expect(read).toEqual([]);
    const beside = await findRepeats([await watched([first]), ...parts], plan);
    expect(beside.map((repeats) => repeats?.rows.size)).toEqual([undefined, 1, undefined]);
  });
});
