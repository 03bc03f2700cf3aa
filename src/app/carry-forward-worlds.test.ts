import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Outcome, ReconciledFiles } from '../../test/bad-inputs/reconciled-files.ts';

/** Stock of one full key and native status; a world's grain may take several of them for one. */
interface Cell {
  readonly site: string;
  readonly item: string;
  readonly owner: string;
  readonly lot: string;
  readonly status: number;
  /** None: nothing is left of it. */
  readonly rows: readonly { readonly location: string; readonly quantity: number; readonly uom: string }[];
}

interface World {
  readonly hasOwner: boolean;
  readonly hasLot: boolean;
  readonly isSql: boolean;
  /** The first step is the full snapshot, the others change it. */
  readonly steps: readonly { readonly erp: readonly Cell[]; readonly wms: readonly Cell[] }[];
}

const STATUSES = { erp: ['UNRESTRICTED', 'BLOCKED', 'ODD'], wms: ['AVAILABLE', 'DAMAGED', 'ODD'] } as const;
type Role = keyof typeof STATUSES;

/** The WMS calls things by each other's names: an alias applied twice leads elsewhere. Common name → the WMS's. */
const WMS_NAMES: Readonly<Record<string, string>> = {
  A: 'C',
  B: 'A',
  C: 'B',
  DC1: 'DC2',
  DC2: 'DC1',
  ACME: 'BOLT',
  BOLT: 'ACME',
};

const cell = fc.record({
  site: fc.constantFrom('DC1', 'DC2'),
  item: fc.constantFrom('A', 'B', 'C'),
  owner: fc.constantFrom('ACME', 'BOLT'),
  lot: fc.constantFrom('', 'L1', 'L"2'),
  status: fc.constantFrom(0, 0, 1, 2),
  rows: fc.array(
    fc.record({
      location: fc.constantFrom('X', 'Y'),
      quantity: fc.integer({ min: -3, max: 9 }),
      uom: fc.constantFrom('EA', 'CS'),
    }),
    { maxLength: 2 },
  ),
});
const cells = fc.array(cell, { minLength: 1, maxLength: 6 });
const world: fc.Arbitrary<World> = fc.record({
  hasOwner: fc.boolean(),
  hasLot: fc.boolean(),
  isSql: fc.boolean(),
  steps: fc.array(fc.record({ erp: cells, wms: cells }), { minLength: 3, maxLength: 3 }),
});

/** Key and status at the world's grain → full key → cell. */
type State = Map<string, Map<string, Cell>>;

const keyOf = ({ hasOwner, hasLot }: World, { site, item, owner, lot, status }: Cell): string =>
  JSON.stringify([site, item, hasOwner ? owner : '', hasLot ? lot : '', status]);

/** Puts the cells in place of all that their keys held, and returns what the keys hold now. */
function apply(world: World, state: State, changed: readonly Cell[]): Cell[] {
  const fresh: State = new Map();
  for (const one of changed) {
    const group = fresh.get(keyOf(world, one)) ?? new Map<string, Cell>();
    group.set(JSON.stringify([one.owner, one.lot]), one);
    fresh.set(keyOf(world, one), group);
  }
  for (const [key, group] of fresh) state.set(key, group);
  return [...fresh.values()].flatMap((group) => [...group.values()]);
}

const HEADER = 'site,item,owner,lot,status,location,quantity,uom,lpn\n';

function textOf(role: Role, held: readonly Cell[], isDelta: boolean): string {
  const name = (text: string): string => (role === 'wms' ? (WMS_NAMES[text] ?? text) : text);
  const line = (one: Cell, { location, quantity, uom }: Cell['rows'][number]): string => {
    const lot = `"${one.lot.replaceAll('"', '""')}"`;
    const codes = [name(one.site), name(one.item), name(one.owner), lot, STATUSES[role][one.status], location];
    return `${[...codes, quantity, uom].join(',')}\n`;
  };
  const none = isDelta ? [{ location: '', quantity: 0, uom: 'EA' }] : [];
  return held.flatMap((one) => (one.rows.length > 0 ? one.rows : none).map((row) => line(one, row))).join('');
}

/** A row that both sides always hold, so that no file is empty and the keys overlap. */
const anchor = (role: Role): string =>
  `${role === 'wms' ? 'DC2' : 'DC1'},ANCHOR,ACME,,${STATUSES[role][0]},X,1,EA\n`.replace(
    'ACME',
    role === 'wms' ? 'BOLT' : 'ACME',
  );

async function asParquet(folder: ReconciledFiles, csv: string): Promise<Uint8Array> {
  const from = folder.write('made.csv', csv);
  const to = join(folder.folder, 'made.parquet');
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  await connection.run(
    `COPY (SELECT * FROM read_csv('${from}', all_varchar=true, header=true)) TO '${to}' (FORMAT parquet)`,
  );
  connection.closeSync();
  instance.closeSync();
  return readFileSync(to);
}

async function reconciled(
  own: ReconciledFiles,
  world: World,
  step: number,
  texts: Record<Role, string>,
  completeness: string,
): Promise<Outcome> {
  const source = { as_of: `2026-11-0${step + 1}T00:00:00Z`, completeness };
  // Each file has bytes of its own: the same ones under a new cut-off are refused.
  const [erp, wms] = [texts.erp, texts.wms].map((text) => HEADER + text.replaceAll('\n', `,P${step}\n`)) as [
    string,
    string,
  ];
  const erpFile = world.isSql ? { format: 'parquet', path: 'erp.parquet' } : {};
  const grain = ['site', 'item', ...(world.hasOwner ? ['owner'] : []), ...(world.hasLot ? ['lot'] : []), 'category'];
  const aliases = ['A', 'B', 'C'].map((item) => `wms1,${WMS_NAMES[item]},${item}\n`).join('');
  return own.run({
    erp: world.isSql ? await asParquet(own, erp) : erp,
    wms,
    erpSource: { ...source, ...erpFile },
    wmsSource: source,
    files: {
      'items.csv': 'item,base_uom,unit_cost\nA,EA,1.25\nB,EA,2\nC,EA,3\n',
      'packs.csv': 'item,uom,factor\nA,CS,12\nB,CS,12\nC,CS,12\n',
      'aliases.csv': `system,alias,item\n${aliases}`,
    },
    configuration: {
      systems: {
        sap: { role: 'erp' },
        wms1: {
          role: 'wms',
          sites: ['DC1', 'DC2'],
          site_aliases: { DC1: 'DC2', DC2: 'DC1' },
          owner_aliases: { ACME: 'BOLT', BOLT: 'ACME' },
        },
      },
      items: { format: 'csv', path: 'items.csv' },
      packs: { format: 'csv', path: 'packs.csv' },
      aliases: { format: 'csv', path: 'aliases.csv' },
      grain,
      categories: {
        available: { erp: ['UNRESTRICTED'], wms: ['AVAILABLE'] },
        unavailable: { erp: ['BLOCKED'], wms: [{ status: 'DAMAGED', when: { site: 'DC1' } }] },
      },
      quality: { min_rows_share: 0, max_rows_share: 1e6, max_duplicate_share: 1, min_key_overlap: 0 },
    },
  });
}

/** What both ways must agree on. A removed key is a row of quantity 0 in a delta and no row at all in a snapshot. */
function seen({ failure, lines, run }: Outcome): unknown {
  expect(failure?.message).toBeUndefined();
  const unmapped = run.unmapped.filter(({ quantity }) => quantity !== '0').map(({ rows: _, ...status }) => status);
  return { lines: lines.map(({ absent_from: _, ...line }) => line), unmapped, gross: run.totals?.gross_variance_value };
}

it('a full snapshot and two deltas say what a full snapshot of the same state says', async () => {
  let discrepancies = 0;
  await fc.assert(
    fc.asyncProperty(world, async (given) => {
      const byDelta = new ReconciledFiles();
      const byFull = new ReconciledFiles();
      const states: Record<Role, State> = { erp: new Map(), wms: new Map() };
      try {
        for (const [step, changes] of given.steps.entries()) {
          const changed = { erp: apply(given, states.erp, changes.erp), wms: apply(given, states.wms, changes.wms) };
          const whole = (role: Role): string =>
            anchor(role) +
            textOf(
              role,
              [...states[role].values()].flatMap((group) => [...group.values()]),
              false,
            );
          const texts = { erp: whole('erp'), wms: whole('wms') };
          const deltas = { erp: textOf('erp', changed.erp, true), wms: textOf('wms', changed.wms, true) };
          const full = await reconciled(byFull, given, step, texts, 'full');
          const delta = await reconciled(
            byDelta,
            given,
            step,
            step === 0 ? texts : deltas,
            step === 0 ? 'full' : 'delta',
          );
          expect(seen(delta)).toEqual(seen(full));
          if (step > 0) discrepancies += full.lines.length;
        }
      } finally {
        byDelta.remove();
        byFull.remove();
      }
    }),
    { numRuns: 6, endOnFailure: true },
  );
  expect(discrepancies).toBeGreaterThan(0);
});
