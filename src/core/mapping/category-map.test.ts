import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Role } from '../model/balance.ts';
import { compileCategoryMap } from './category-map.ts';
import type { CategoryRules, IgnoreRule, MappingFacts, MappingResult } from './mapping-rule.ts';

const SYSTEMS = { sap: { role: 'erp' }, wms1: { role: 'wms' }, wms2: { role: 'wms' } } as const;

const FOUNDING: CategoryRules = {
  available: { erp: ['UNRESTRICTED'], wms: ['AVAILABLE', 'PICKED'] },
  unavailable: { erp: ['UNAVAILABLE'], wms: ['DAMAGED', 'QUALITY', 'PENDING PUTAWAY'] },
};

const named = (result: MappingResult) =>
  result.kind === 'category' ? result.name : result.kind === 'ignored' ? `ignored: ${result.reason}` : 'unmapped';

const resolved = (categories: CategoryRules, ignore: IgnoreRule[], system: keyof typeof SYSTEMS, facts: MappingFacts) =>
  named(compileCategoryMap(categories, ignore, SYSTEMS).resolve(system, SYSTEMS[system].role, facts));

describe('the founding example', () => {
  it('compares ERP UNAVAILABLE of an item with WMS DAMAGED + QUALITY + PENDING PUTAWAY', () => {
    const map = compileCategoryMap(FOUNDING, [], SYSTEMS);
    const item00123 = [
      ['sap', 'UNRESTRICTED', 500],
      ['sap', 'UNAVAILABLE', 72],
      ['wms1', 'AVAILABLE', 480],
      ['wms1', 'PICKED', 20],
      ['wms1', 'DAMAGED', 10],
      ['wms1', 'QUALITY', 23],
      ['wms1', 'PENDING PUTAWAY', 30],
    ] as const;
    const sums: Record<string, number> = {};
    for (const [system, status, quantity] of item00123) {
      const { role } = SYSTEMS[system];
      const key = `${role} ${named(map.resolve(system, role, { status }))}`;
      sums[key] = (sums[key] ?? 0) + quantity;
    }
    expect(sums).toEqual({ 'erp available': 500, 'erp unavailable': 72, 'wms available': 500, 'wms unavailable': 63 });
  });
});

describe('resolve', () => {
  const rules: CategoryRules = {
    blocked: {
      erp: [{ status: 'UNRESTRICTED', when: { location: ['QA-*', 'CAGE'] } }, ''],
      wms2: ['HOLD'],
      wms: [{ status: 'AVAILABLE', when: { site: ['DC2'], family: ['*-recall'] } }],
    },
    available: { erp: ['UNRESTRICTED'], wms: ['AVAILABLE', 'HOLD'] },
    late: { wms1: ['AVAILABLE', { status: 'STRAY', when: { owner: ['ACME'], abc_class: ['A', 'B'] } }] },
  };
  const ignore: IgnoreRule[] = [
    { system: 'wms1', status: ['STAGED', 'HOLD'], reason: 'title has passed' },
    { system: 'sap', status: ['UNRESTRICTED'], when: { owner: ['CONSIGNED*'] }, reason: 'not ours' },
  ];
  const cases: [string, keyof typeof SYSTEMS, MappingFacts, string][] = [
    ['a pattern at its place', 'sap', { status: 'UNRESTRICTED', location: 'QA-7' }, 'blocked'],
    ['an exact value among several', 'sap', { status: 'UNRESTRICTED', location: 'CAGE' }, 'blocked'],
    ['an exact value is not a prefix', 'sap', { status: 'UNRESTRICTED', location: 'CAGE2' }, 'available'],
    ['a condition on a fact that is absent does not fit', 'sap', { status: 'UNRESTRICTED' }, 'available'],
    ['case matters in a condition', 'sap', { status: 'UNRESTRICTED', location: 'qa-7' }, 'available'],
    ['case matters in a status', 'sap', { status: 'Unrestricted' }, 'unmapped'],
    ['a blank status can be mapped', 'sap', { status: '' }, 'blocked'],
    ['ignore comes before categories', 'wms1', { status: 'HOLD' }, 'ignored: title has passed'],
    ['ignore holds for its own system', 'wms2', { status: 'HOLD' }, 'blocked'],
    ['ignore with a condition that fits', 'sap', { status: 'UNRESTRICTED', owner: 'CONSIGNED-9' }, 'ignored: not ours'],
    ['ignore with a condition that does not', 'sap', { status: 'UNRESTRICTED', owner: 'ACME' }, 'available'],
    [
      'all dimensions of a condition must fit',
      'wms1',
      { status: 'AVAILABLE', site: 'DC2', family: 'toys' },
      'available',
    ],
    ['and do', 'wms1', { status: 'AVAILABLE', site: 'DC2', family: 'toys-recall' }, 'blocked'],
    ['entries of a role count for each system of it', 'wms2', { status: 'AVAILABLE' }, 'available'],
    [
      'entries of an id count for that system only',
      'wms2',
      { status: 'STRAY', owner: 'ACME', abcClass: 'A' },
      'unmapped',
    ],
    ['abc_class is the fact abcClass', 'wms1', { status: 'STRAY', owner: 'ACME', abcClass: 'B' }, 'late'],
    ['abc_class that does not fit', 'wms1', { status: 'STRAY', owner: 'ACME', abcClass: 'C' }, 'unmapped'],
    ["one side's status says nothing of the other's", 'sap', { status: 'AVAILABLE' }, 'unmapped'],
    ['the names of objects are no statuses', 'sap', { status: 'constructor' }, 'unmapped'],
  ];
  it.each(cases)('%s', (_name, system, facts, expected) => {
    expect(resolved(rules, ignore, system, facts)).toBe(expected);
  });

  it("reads a role's and an id's entries of one category in the order written, and categories before sides", () => {
    const order: CategoryRules = { first: { wms1: ['A'] }, second: { wms: ['A', 'B'] }, third: { wms1: ['B', 'C'] } };
    expect(['A', 'B', 'C'].map((status) => resolved(order, [], 'wms1', { status }))).toEqual([
      'first',
      'second',
      'third',
    ]);
    expect(compileCategoryMap(order, [], SYSTEMS).resolve('wms1', 'wms', { status: 'C' })).toEqual({
      kind: 'category',
      index: 2,
      name: 'third',
    });
  });

  it('takes texts of the configuration as rows are read: composed accents, no space at the edges', () => {
    const accents: CategoryRules = { held: { wms: [{ status: 'BLOQUE\u0301 ', when: { site: ['Zu\u0308rich*'] } }] } };
    expect(resolved(accents, [], 'wms1', { status: 'BLOQU\u00c9', site: 'Z\u00fcrich 2' })).toBe('held');
  });

  it('refuses a system that does not exist or has the other role', () => {
    const map = compileCategoryMap(FOUNDING, [], SYSTEMS);
    expect(() => map.resolve('wms9', 'wms', { status: 'AVAILABLE' })).toThrow('no wms system is called wms9');
    expect(() => map.resolve('sap', 'wms', { status: 'AVAILABLE' })).toThrow('no wms system is called sap');
  });

  it('gives what a search through all rules one by one gives', () => {
    const texts = fc.constantFrom('A', 'B', 'AB', '');
    const patterns = fc.array(fc.constantFrom('A', 'B', 'A*', '*B', '*'), { minLength: 1, maxLength: 2 });
    const when = fc.record({ site: patterns, location: patterns, abc_class: patterns }, { requiredKeys: [] });
    const entry = fc.oneof(texts, fc.record({ status: texts, when }, { requiredKeys: ['status'] }));
    const sides = fc.dictionary(
      fc.constantFrom('erp', 'wms', 'sap', 'wms1', 'wms2'),
      fc.array(entry, { maxLength: 3 }),
    );
    const categories = fc.dictionary(fc.constantFrom('c', 'a', 'b'), sides);
    const ignore = fc.array(
      fc.record(
        {
          system: fc.constantFrom('sap', 'wms1'),
          status: fc.array(texts, { minLength: 1, maxLength: 2 }),
          when,
          reason: fc.constant('why'),
        },
        { requiredKeys: ['system', 'status', 'reason'] },
      ),
      { maxLength: 2 },
    );
    const facts = fc.record(
      { status: texts, site: texts, location: texts, abcClass: texts },
      { requiredKeys: ['status'] },
    );
    const system = fc.constantFrom('sap', 'wms1', 'wms2');
    fc.assert(
      fc.property(categories, ignore, system, facts, (rules, ignored, id, row) => {
        const role: Role = SYSTEMS[id].role;
        expect(named(compileCategoryMap(rules, ignored, SYSTEMS).resolve(id, role, row))).toBe(
          naive(rules, ignored, id, role, row),
        );
      }),
      { numRuns: 500 },
    );
  });
});

/** The reference: shares no code with the map and fits patterns through regular expressions. */
function naive(categories: CategoryRules, ignore: IgnoreRule[], id: string, role: Role, row: MappingFacts): string {
  const values: Record<string, string> = {
    site: row.site ?? '',
    location: row.location ?? '',
    abc_class: row.abcClass ?? '',
  };
  const fits = (status: string, when: object | undefined) =>
    status === row.status &&
    Object.entries(when ?? {}).every(([key, patterns]: [string, string[]]) =>
      patterns.some((pattern) => new RegExp(`^${pattern.replaceAll('*', '.*')}$`).test(values[key] ?? '')),
    );
  for (const rule of ignore) {
    if (rule.system === id && rule.status.some((status) => fits(status, rule.when))) return `ignored: ${rule.reason}`;
  }
  for (const name of Object.keys(categories)) {
    for (const side of Object.keys(categories[name] ?? {})) {
      if (side !== id && side !== role) continue;
      for (const entry of categories[name]?.[side] ?? []) {
        if (typeof entry === 'string' ? fits(entry, undefined) : fits(entry.status, entry.when)) return name;
      }
    }
  }
  return 'unmapped';
}

describe('dimensions', () => {
  it('names, for each system, the facts its rules look at', () => {
    const rules: CategoryRules = {
      a: { wms: [{ status: 'X', when: { abc_class: ['A'], site: ['DC1'] } }], erp: [{ status: 'Y', when: {} }] },
      b: { wms2: [{ status: 'X', when: { family: ['toys'] } }] },
    };
    const ignore = [{ system: 'wms1', status: ['Z'], when: { location: ['DOCK*'] }, reason: 'shipped' }];
    expect(compileCategoryMap(rules, ignore, SYSTEMS).dimensions).toEqual({
      sap: [],
      wms1: ['site', 'location', 'abcClass'],
      wms2: ['site', 'family', 'abcClass'],
    });
  });
});

describe('gaps', () => {
  it.each<[string, CategoryRules, object[]]>([
    ['none', FOUNDING, []],
    ['only the ERP', { held: { sap: ['Q'] } }, [{ category: 'held', missing: 'wms' }]],
    ['only one warehouse', { held: { wms2: ['Q'] } }, [{ category: 'held', missing: 'erp' }]],
    ['an empty list is no entry', { held: { wms: ['Q'], erp: [] } }, [{ category: 'held', missing: 'erp' }]],
    ['an id stands for its role', { held: { wms2: ['Q'], sap: ['Q'] } }, []],
  ])('%s', (_name, categories, expected) => {
    expect(compileCategoryMap(categories, [], SYSTEMS).gaps).toEqual(expected);
  });
});

describe('overlaps', () => {
  const at = (category: string, side: string, entry: number) => ({ kind: 'category', category, side, entry });
  const overlapsOf = (categories: CategoryRules, ignore: IgnoreRule[] = []) =>
    compileCategoryMap(categories, ignore, SYSTEMS).overlaps();
  const on = (status: string, when: object) => ({ status, when });

  it.each<[string, CategoryRules, string[]]>([
    ['none in the founding example', FOUNDING, []],
    ['the same status in two categories', { a: { erp: ['X'] }, b: { erp: ['X'] } }, ['never-wins a/b']],
    ['twice in one category', { a: { erp: ['X', 'X'] } }, ['never-wins a/a']],
    ['the same status on both sides is no overlap', { a: { erp: ['X'] }, b: { wms: ['X'] } }, []],
    ['general before special', { a: { erp: ['X'] }, b: { erp: [on('X', { site: ['DC1'] })] } }, ['never-wins a/b']],
    ['special before general', { a: { erp: [on('X', { site: ['DC1'] })] }, b: { erp: ['X'] } }, ['partly a/b']],
    ['special before general in one category', { a: { erp: [on('X', { site: ['DC1'] }), 'X'] } }, []],
    [
      'conditions that exclude each other',
      { a: { erp: [on('X', { site: ['DC1'] })] }, b: { erp: [on('X', { site: ['DC2'] })] } },
      [],
    ],
    [
      'patterns that exclude each other',
      { a: { erp: [on('X', { site: ['A*1'] })] }, b: { erp: [on('X', { site: ['*2'] })] } },
      [],
    ],
    [
      'patterns that meet',
      { a: { erp: [on('X', { site: ['A*1'] })] }, b: { erp: [on('X', { site: ['*21'] })] } },
      ['partly a/b'],
    ],
    [
      'different dimensions meet',
      { a: { erp: [on('X', { site: ['A'] })] }, b: { erp: [on('X', { owner: ['B'] })] } },
      ['partly a/b'],
    ],
    [
      'a wider pattern first',
      { a: { erp: [on('X', { site: ['A*'] })] }, b: { erp: [on('X', { site: ['AB*', 'AC'], owner: ['B'] })] } },
      ['never-wins a/b'],
    ],
    [
      'a narrower dimension first',
      { a: { erp: [on('X', { site: ['A*'], owner: ['B'] })] }, b: { erp: [on('X', { site: ['AB'] })] } },
      ['partly a/b'],
    ],
  ])('%s', (_name, categories, expected) => {
    const found = overlapsOf(categories).map(({ kind, earlier, later }) => {
      const name = (place: typeof earlier) => (place.kind === 'category' ? place.category : 'ignored');
      return `${kind} ${name(earlier)}/${name(later)}`;
    });
    expect(found).toEqual(expected);
  });

  it('names the system, the status and both places, also where an ignore rule or the other way to name a side is in the way', () => {
    const categories: CategoryRules = { a: { wms: ['X'] }, b: { wms2: ['Y', 'X'] } };
    const ignore = [{ system: 'wms1', status: ['W', 'X'], reason: 'shipped' }];
    expect(overlapsOf(categories, ignore)).toEqual([
      {
        kind: 'never-wins',
        system: 'wms1',
        status: 'X',
        earlier: { kind: 'ignored', ignore: 0, entry: 1 },
        later: at('a', 'wms', 0),
      },
      { kind: 'never-wins', system: 'wms2', status: 'X', earlier: at('a', 'wms', 0), later: at('b', 'wms2', 1) },
    ]);
  });
});
