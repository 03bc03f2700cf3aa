/**
 * Asks the category map of the core about every combination of native status and conditions that an input holds.
 * Never decides a category.
 */
import { resolveOwner, resolveSite } from '../../core/normalize/master-data.ts';
import { aliasSystemOf } from '../../core/normalize/normalize-balance.ts';
import { normalizeText } from '../../core/normalize/text.ts';
import type { OpenSource } from './open-source.ts';
import type { RunNames } from './run-names.ts';
import type { Session } from './session.ts';
import { SLOT_IGNORED, type SourceShape, UNMAPPED_FIRST } from './source-shape.ts';
import { distinctTexts, lookupTable } from './statement-builder.ts';

const FACT_COLUMNS = ['site', 'owner', 'location'] as const;

/** Fills the lookup of slots. `classes`: the numbers of family and ABC class that the input's items have. */
export async function resolveSlots(
  session: Session,
  source: OpenSource,
  names: RunNames,
  classes: ReadonlySet<number>,
): Promise<SourceShape['slot']> {
  const dimensions = names.plan.map.dimensions[source.input.rules.system] ?? [];
  const facts = ['status', ...FACT_COLUMNS.filter((column) => dimensions.includes(column))];
  const columns = facts.filter((column) => source.texts.has(column));
  const usesClass = dimensions.includes('family') || dimensions.includes('abcClass');
  const rows = new SlotRows(source, names, columns, usesClass ? [...classes] : [undefined]);
  if (columns.length === 0) rows.add([]);
  else {
    const texts = columns.map((column) => source.texts.get(column) as string);
    await session.columns(distinctTexts(source.relation, texts), (found, count) => {
      for (let row = 0; row < count; row++) rows.add(found.map((column) => column[row] as string | null));
    });
  }
  const raws = columns.map((_, at) => [`raw${at}`, 'VARCHAR'] as const);
  const numbers = ['class', 'slot', 'status', 'cleaned'].map((column) => [column, 'INTEGER'] as const);
  const values = [...rows.raws, rows.classes, rows.slots, rows.statuses, rows.cleaned];
  await session.createTable(lookupTable(source.index, 'slot'), [...raws, ...numbers], values);
  return {
    columns,
    usesClass,
    hasIgnored: rows.slots.includes(SLOT_IGNORED),
    hasUnmapped: rows.slots.some((slot) => slot <= UNMAPPED_FIRST),
    isCleaned: rows.cleaned.includes(1),
  };
}

/** The rows of one lookup of slots, by column. */
class SlotRows {
  readonly raws: (string | null)[][];
  readonly classes: number[] = [];
  readonly slots: number[] = [];
  readonly statuses: number[] = [];
  readonly cleaned: number[] = [];
  private readonly source: OpenSource;
  private readonly names: RunNames;
  private readonly columns: readonly string[];
  private readonly classList: readonly (number | undefined)[];

  constructor(
    source: OpenSource,
    names: RunNames,
    columns: readonly string[],
    classList: readonly (number | undefined)[],
  ) {
    this.source = source;
    this.names = names;
    this.columns = columns;
    this.classList = classList;
    this.raws = columns.map(() => []);
  }

  /** Adds one combination of cells, in the order of the columns: one row per class. */
  add(cells: readonly (string | null)[]): void {
    const { names, columns, classList } = this;
    const { system, role, constants } = this.source.input.rules;
    const aliasSystem = aliasSystemOf(this.source.input.rules);
    const { master, map } = names.plan;
    const field = (column: string): string => {
      const at = columns.indexOf(column);
      return at >= 0 ? (cells[at] ?? '') : (constants[column] ?? '');
    };
    const status = normalizeText(field('status'));
    const number = names.statuses.number(status);
    const facts = {
      status,
      site: resolveSite(aliasSystem, field('site'), master),
      owner: resolveOwner(aliasSystem, field('owner'), master),
      location: normalizeText(field('location')),
    };
    for (const classNumber of classList) {
      const named = classNumber === undefined ? '[]' : (names.classes.names[classNumber] as string);
      const [family = '', abcClass = ''] = JSON.parse(named) as string[];
      const result = map.resolve(system, role, { ...facts, family, abcClass });
      for (const [at, raws] of this.raws.entries()) raws.push(cells[at] as string | null);
      this.classes.push(classNumber ?? 0);
      this.slots.push(
        result.kind === 'category' ? result.index : result.kind === 'ignored' ? SLOT_IGNORED : UNMAPPED_FIRST - number,
      );
      this.statuses.push(number);
      this.cleaned.push(columns.includes('status') && status !== field('status') ? 1 : 0);
    }
  }
}
