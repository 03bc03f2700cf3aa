/**
 * Generates small worlds of messy balances for the conformance of engines; conformance-oracle-fixture.ts has the answers.
 * For tests only; never part of a run.
 */
import fc from 'fast-check';
import type { InFlightQuantity, Role } from '../core/model/balance.ts';
import { addAlias, addItem, addPack, emptyMasterData } from '../core/normalize/master-data.ts';
import type { SourceRules } from '../core/normalize/normalize-balance.ts';
import type { NumberFormat } from '../core/normalize/number.ts';
import { Plan } from '../core/normalize/plan.ts';
import type { BalanceInput } from './comparison-input.ts';

/** How the quantity column is typed where the format has types. The texts of the rows are what such a column reads as. */
export type QuantityType = 'VARCHAR' | 'BIGINT' | 'DECIMAL(18,3)' | 'DOUBLE';

export interface WorldSource {
  readonly name: string;
  readonly rules: SourceRules;
  readonly completeness: 'full' | 'partial';
  readonly header: readonly string[];
  readonly columns: ReadonlyMap<string, number>;
  readonly asOfColumn: number | undefined;
  readonly quantityType: QuantityType;
  readonly rows: readonly (readonly (string | null)[])[];
}

export interface ConformanceWorld {
  readonly plan: Plan;
  readonly sources: readonly WorldSource[];
  readonly inFlight: readonly InFlightQuantity[];
}

const SYSTEMS: Readonly<Record<string, { readonly role: Role }>> = {
  sap: { role: 'erp' },
  wms1: { role: 'wms' },
  wms2: { role: 'wms' },
};
const FULL_WIDTH_A = '\uff21';
const NO_BREAK_SPACE = '\u00a0';
const ZERO_WIDTH_SPACE = '\u200b';

const plainItems = [
  '00123',
  '123',
  'A-1',
  'A1',
  '1E5',
  '123456789012345678',
  'caf\u00e9',
  'KILO',
  'LOOSE',
  'P 7", grey',
];
const item = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom(...plainItems) },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      ' 00123',
      `123${NO_BREAK_SPACE}`,
      `${FULL_WIDTH_A}1`,
      `A${ZERO_WIDTH_SPACE}-1`,
      'cafe\u0301',
      'a-1',
      'W-ALIAS',
      'kilo',
    ),
  },
  { weight: 1, arbitrary: fc.constantFrom(null, '  ', 'UNKNOWN') },
);
const site = fc.oneof(
  { weight: 10, arbitrary: fc.constantFrom('DC1', 'DC1', 'DC2', '1000') },
  { weight: 1, arbitrary: fc.constantFrom(' DC1', null, 'DC9', 'DC3') },
);
const lot = fc.constantFrom(
  null,
  null,
  'L1',
  'L1',
  'L2',
  ' L1',
  `L1${NO_BREAK_SPACE}`,
  '1E5',
  'caf\u00e9',
  'cafe\u0301',
  "L'1",
  'L"1, a',
  'L 1',
  '\t',
  'L1\n',
);
const owner = fc.constantFrom(null, 'ACME', 'ACME', ' ACME', 'BETA', 'acme-alias');
const location = fc.constantFrom('A-01', 'A-02', 'HOLD-1', null);
const uom = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom('EA', 'each', 'CASE', 'KG', 'PALLET') },
  { weight: 1, arbitrary: fc.constantFrom('', null, 'BOGUS', ' EA') },
);
const erpStatus = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom('UNRESTRICTED', 'BLOCKED', 'SPLIT') },
  { weight: 1, arbitrary: fc.constantFrom('RETURN', 'ODD', null, 'BLOCKED ') },
);
const wmsStatus = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom('AVAILABLE', 'PICKED', 'DAMAGED', 'SPLIT') },
  { weight: 1, arbitrary: fc.constantFrom('STAGED', 'ODD', `AVAILABLE${NO_BREAK_SPACE}`, null) },
);
const unitCost = fc.constantFrom(null, '2.50', '3', '0.1234567', '0', '-1', 'dear', '0.3333333333333333', '1e2');
const asOf = fc.oneof(
  {
    weight: 9,
    arbitrary: fc.constantFrom('2026-11-22T23:59:59-06:00', '2026-11-22T22:00:00Z', '2026-11-21T22:00:00Z'),
  },
  { weight: 1, arbitrary: fc.constantFrom('30.02.2026', null, '2026-11-22 10:00') },
);

const usualQuantities = ['1', '2', '5', '12', '24', '-3', '0', '0.5', '2.5', '12.125', '007', '100', '-0'];
const oddQuantities = [
  null,
  '',
  ' ',
  '+5',
  ' 7 ',
  'abc',
  '1e3',
  '0x1F',
  '5-',
  '(5)',
  '\u22125',
  '.5',
  '5.',
  '1.2345',
  '0.0000001',
  '0.0000000010',
  '123456789012',
  `0.${'0'.repeat(30)}1`,
  'NaN',
  '1 234',
  '1_000',
];
const quantityTexts: Readonly<Record<QuantityType, fc.Arbitrary<string | null>>> = {
  VARCHAR: fc.oneof(
    { weight: 15, arbitrary: fc.constantFrom(...usualQuantities) },
    { weight: 2, arbitrary: fc.constantFrom(...oddQuantities) },
  ),
  BIGINT: fc.oneof(
    { weight: 15, arbitrary: fc.integer({ min: -5, max: 50 }).map(String) },
    { weight: 1, arbitrary: fc.constantFrom(null, '999999999999') },
  ),
  'DECIMAL(18,3)': fc.oneof(
    {
      weight: 15,
      arbitrary: fc.constantFrom('1.000', '2.000', '5.000', '12.500', '0.125', '-3.000', '0.000', '24.000'),
    },
    { weight: 1, arbitrary: fc.constantFrom(null, '999999999999.001') },
  ),
  DOUBLE: fc.oneof(
    { weight: 15, arbitrary: fc.constantFrom('1', '2', '5', '12.5', '0.125', '-3', '0', '0.1', '24') },
    { weight: 1, arbitrary: fc.constantFrom(null, 'nan', '0.0000001', '1234567.125') },
  ),
};
/** Values that condemn the file: rare, or hardly a world would be compared. */
const condemning = fc.constantFrom('1,234', '9'.repeat(40), '9'.repeat(16), '99999999999999999999');
const commaQuantities = fc.oneof(
  { weight: 15, arbitrary: fc.constantFrom('1', '2,5', '1.234', '12,125', '-3', '1.000,5', '5') },
  { weight: 1, arbitrary: fc.constantFrom('1.23', '2.5', null, '1,2,3') },
);

const grain = fc.record({ owner: fc.boolean(), lot: fc.boolean() });

const planShape = fc.record({
  hasItems: fc.boolean(),
  hasCosts: fc.boolean(),
  itemCase: fc.constantFrom<'exact' | 'upper'>('exact', 'exact', 'upper'),
  quantityDecimals: fc.constantFrom(0, 3, 6),
  grain,
  ruleGrain: fc.option(grain, { nil: undefined }),
  condition: fc.constantFrom<'site' | 'owner' | 'location' | 'family' | 'none'>(
    'none',
    'site',
    'owner',
    'location',
    'family',
  ),
  siteFilter: fc.constantFrom<string[]>([], [], [], ['DC1']),
  itemFilter: fc.constantFrom<string[]>([], [], [], ['123', 'A-1']),
});

type PlanShape = typeof planShape extends fc.Arbitrary<infer Shape> ? Shape : never;

const CONDITIONS = {
  site: { site: ['DC2'] },
  owner: { owner: ['ACME'] },
  location: { location: ['HOLD*'] },
  family: { family: ['bulk'] },
  none: undefined,
} as const;

function buildPlan(shape: PlanShape): Plan {
  const master = emptyMasterData('EA', shape.itemCase, 'USD');
  if (shape.hasItems) {
    for (const code of ['00123', '123', 'A-1', 'caf\u00e9', '123456789012345678'])
      addItem(
        master,
        {
          item: code,
          base_uom: 'EA',
          unit_cost: shape.hasCosts ? '4.25' : '',
          family: code === 'A-1' ? 'bulk' : 'small',
          abc_class: 'A',
        },
        {},
      );
    addItem(master, { item: 'KILO', base_uom: 'KG', unit_cost: '', family: 'bulk', abc_class: 'B' }, {});
    addItem(master, { item: 'LOOSE', base_uom: '', unit_cost: '1', family: '', abc_class: '' }, {});
  }
  for (const [code, unit, factor] of [
    ['00123', 'CASE', '12'],
    ['00123', 'PALLET', '480'],
    ['123', 'CASE', '2.5'],
    ['KILO', 'CASE', '0.125'],
    ['A-1', 'CASE', '0.5'],
    ['A-1', 'PALLET', '1000000000000'],
    ['LOOSE', 'EA', '1'],
    ['LOOSE', 'CASE', '6'],
  ] as const) {
    addPack(master, { item: code, uom: unit, factor }, {}); // prettier-ignore
  }
  addAlias(master, { system: 'wms1', alias: 'W-ALIAS', item: '123' }, 'item');
  // The code of one item may be what a warehouse calls another.
  addAlias(master, { system: 'wms1', alias: 'A-1', item: '00123' }, 'item');
  addAlias(master, { system: 'sap', alias: '1000', site: 'DC1' }, 'site');
  master.ownerAliases.set('sap', new Map([['acme-alias', 'ACME']]));
  const when = CONDITIONS[shape.condition];
  return new Plan({
    rules: {
      available: {
        erp: ['UNRESTRICTED', ...(when ? [{ status: 'SPLIT', when }] : [])],
        wms: ['AVAILABLE', 'PICKED', ...(when ? [{ status: 'SPLIT', when }] : [])],
      },
      unavailable: { erp: ['BLOCKED', 'SPLIT'], wms: ['DAMAGED', 'SPLIT'] },
    },
    ignore: [
      { system: 'wms1', status: ['STAGED'], reason: 'title has passed' },
      { system: 'sap', status: ['RETURN'], reason: 'goes back', ...(when ? { when } : {}) },
    ],
    isCaseDeclared: true,
    master,
    quantityDecimals: shape.quantityDecimals,
    grain: shape.grain,
    grainRules:
      shape.ruleGrain === undefined ? [] : [{ families: ['bulk'], abcClasses: undefined, grain: shape.ruleGrain }],
    systems: [
      { id: 'sap', role: 'erp', sites: undefined },
      { id: 'wms1', role: 'wms', sites: ['DC1'] },
      { id: 'wms2', role: 'wms', sites: ['DC2'] },
    ],
    sites: shape.siteFilter,
    items: shape.itemFilter,
  });
}

interface SourceKind {
  readonly system: string;
  readonly name: string;
}

function source({ system, name }: SourceKind): fc.Arbitrary<WorldSource> {
  const { role } = SYSTEMS[system] as { role: Role };
  const shape = fc.record({
    optional: fc.subarray(['owner', 'lot', 'location', 'uom', 'unit_cost', 'currency', 'as_of', 'note']),
    quantityType: fc.constantFrom<QuantityType>('VARCHAR', 'VARCHAR', 'BIGINT', 'DECIMAL(18,3)', 'DOUBLE'),
    isComma: fc.integer({ min: 0, max: 5 }).map((draw) => draw === 0),
    isCondemned: fc.integer({ min: 0, max: 30 }).map((draw) => draw === 0),
    isPartial: fc.integer({ min: 0, max: 4 }).map((draw) => draw === 0),
    negative: fc.constantFrom<NumberFormat['negative']>(undefined, ['trailing-minus', 'parentheses', 'minus-sign']),
    constants: fc.constantFrom<Record<string, string>>(
      {},
      {},
      { owner: 'ACME' },
      { uom: 'CASE', lot: ' L1' },
      { unit_cost: '7.5' },
      { unit_cost: '7.5', currency: 'EUR' },
      { site: role === 'erp' ? 'DC1' : 'DC1' },
    ),
  });
  return shape.chain((chosen) => {
    const isComma = chosen.isComma && chosen.quantityType === 'VARCHAR';
    const quantity = isComma ? commaQuantities : quantityTexts[chosen.quantityType];
    const isCondemned = chosen.isCondemned && chosen.quantityType === 'VARCHAR' && !isComma;
    const cells: Record<string, fc.Arbitrary<string | null>> = {
      site,
      item,
      status: role === 'erp' ? erpStatus : wmsStatus,
      quantity: isCondemned
        ? fc.oneof({ weight: 9, arbitrary: quantity }, { weight: 1, arbitrary: condemning })
        : quantity,
    };
    const extra: Record<string, fc.Arbitrary<string | null>> = {
      owner,
      lot,
      location,
      uom,
      unit_cost: unitCost,
      currency: fc.constantFrom('USD', ' usd', null, 'EUR'),
      as_of: asOf,
      note: fc.constantFrom('x', 'y', null),
    };
    for (const column of chosen.optional) cells[column] = extra[column] as fc.Arbitrary<string | null>;
    if (chosen.constants['site'] !== undefined) delete cells['site'];
    const header = Object.keys(cells);
    return fc.array(fc.tuple(...Object.values(cells)), { minLength: 0, maxLength: 40 }).map((rows) => ({
      name,
      rules: {
        system,
        role,
        numberFormat: { ...(isComma ? { decimal: ',' as const, thousands: '.' } : {}), negative: chosen.negative },
        constants: chosen.constants,
      },
      completeness: chosen.isPartial ? 'partial' : 'full',
      header,
      columns: new Map(
        header.flatMap((column, at) => (column === 'note' || column === 'as_of' ? [] : [[column, at] as const])),
      ),
      asOfColumn: header.includes('as_of') ? header.indexOf('as_of') : undefined,
      quantityType: chosen.quantityType,
      // Repeated rows are rare by chance: every fifth row stands twice.
      rows: rows.flatMap((row, at) => (at % 5 === 4 ? [row, row] : [row])),
    }));
  });
}

const inFlight = fc.array(
  fc.record({
    site: fc.constantFrom('DC1', 'DC2'),
    item: fc.constantFrom('123', '00123', 'A-1', 'NOWHERE'),
    owner: fc.constantFrom('', 'ACME'),
    lot: fc.constantFrom('', 'L1'),
    category: fc.constantFrom(0, 1),
    quantity: fc.constantFrom(5, -5, 1000, 0),
  }),
  { maxLength: 4 },
);

/** Worlds of one or two ERP files and up to two warehouse systems, up to 48 rows each. Every kind of trouble is common. */
export const conformanceWorlds: fc.Arbitrary<ConformanceWorld> = fc
  .tuple(
    planShape,
    source({ system: 'sap', name: 'sap stock' }),
    fc.option(source({ system: 'sap', name: 'sap more' }), { nil: undefined, freq: 3 }),
    source({ system: 'wms1', name: 'wms1 stock' }),
    fc.option(source({ system: 'wms2', name: 'wms2 stock' }), { nil: undefined }),
    inFlight,
  )
  .map(([shape, ...rest]) => ({
    plan: buildPlan(shape),
    sources: rest.slice(0, 4).filter((one) => one !== undefined) as WorldSource[],
    inFlight: rest[4] as InFlightQuantity[],
  }));

/** The source as an engine is given it; the content is the caller's. */
export function inputOf(from: WorldSource, content: BalanceInput['content']): BalanceInput {
  const { name, rules, completeness, header, columns, asOfColumn } = from;
  return {
    name,
    rules,
    completeness,
    unique: false,
    columns,
    header,
    asOfColumn,
    timeFormat: {},
    totalRow: undefined,
    file: `${name}.file`,
    bytes: 1000,
    content,
  };
}
