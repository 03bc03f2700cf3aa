/** Finds the category of each row, each distinct combination of the facts that the rules look at resolved only once by the core. */
import { UNMAPPED } from '../../core/model/balance.ts';
import type { Plan } from '../../core/normalize/plan.ts';
import { normalizeText } from '../../core/normalize/text.ts';
import { BATCH_RECORDS } from '../../ingest/delimited/range-scanner.ts';
import type { RecordScanner } from '../../ingest/delimited/record-scanner.ts';
import { CodeColumn, LEFT_OUT } from './code-column.ts';
import type { EncoderInput } from './encoder-input.ts';
import type { RowWriter } from './row-writer.ts';
import { NameTable } from './worker-names.ts';

export class CategoryColumn {
  /** Status id of each record of the batch read last. */
  readonly statuses: Int32Array;
  readonly statusColumn: CodeColumn | undefined;
  private readonly input: EncoderInput;
  private readonly plan: Plan;
  private readonly writer: RowWriter;
  private readonly locationColumn: CodeColumn | undefined;
  private readonly locations: Int32Array;
  private readonly locationNames = new NameTable();
  private readonly usesStatusOnly: boolean;
  private readonly uses: {
    readonly site: boolean;
    readonly owner: boolean;
    readonly location: boolean;
    readonly itemClass: boolean;
  };
  private readonly byStatus: (number | undefined)[] = [];
  private readonly byFacts = new Map<number, number>();

  constructor(input: EncoderInput, plan: Plan, writer: RowWriter) {
    this.input = input;
    this.plan = plan;
    this.writer = writer;
    const dimensions = plan.map.dimensions[input.rules.system] ?? [];
    this.usesStatusOnly = dimensions.length === 0;
    this.uses = {
      site: dimensions.includes('site'),
      owner: dimensions.includes('owner'),
      location: dimensions.includes('location'),
      itemClass: dimensions.includes('family') || dimensions.includes('abcClass'),
    };
    const statusId = (raw: string): number => writer.names.statuses.id(normalizeText(raw));
    const locationId = (raw: string): number => this.locationNames.id(normalizeText(raw));
    const column = (name: string, id: (raw: string) => number): CodeColumn | undefined => {
      const position = input.columns.get(name);
      return position === undefined ? undefined : new CodeColumn(position, input.header.length, id, normalizeText);
    };
    this.statusColumn = column('status', statusId);
    this.locationColumn = this.uses.location ? column('location', locationId) : undefined;
    this.statuses =
      this.statusColumn?.values ?? new Int32Array(BATCH_RECORDS).fill(statusId(input.rules.constants['status'] ?? ''));
    this.locations =
      this.locationColumn?.values ??
      new Int32Array(BATCH_RECORDS).fill(locationId(input.rules.constants['location'] ?? ''));
  }

  read(scanner: RecordScanner, from: number, to: number): void {
    this.statusColumn?.read(scanner, from, to);
    this.locationColumn?.read(scanner, from, to);
  }

  /** The category's index, UNMAPPED, or LEFT_OUT where an ignore rule fits, of a record of the batch read last. */
  of(record: number, site: number, owner: number, itemClass: number): number {
    const status = this.statuses[record] as number;
    if (this.usesStatusOnly) return this.byStatus[status] ?? this.resolve(status, site, owner, 0, itemClass);
    const location = this.locations[record] as number;
    const { uses } = this;
    const classPart = uses.itemClass ? itemClass : 0;
    // These stay below 2^53 apart with up to 2^20 locations; more of any of them are not worth a fast path.
    if (status > 255 || site > 1023 || owner > 255 || classPart > 127)
      return this.resolve(status, site, owner, location, itemClass);
    const facts =
      (((uses.location ? location : 0) * 256 + (uses.owner ? owner : 0)) * 1024 + (uses.site ? site : 0)) * 32768 +
      status * 128 +
      classPart;
    let category = this.byFacts.get(facts);
    if (category === undefined) {
      category = this.resolve(status, site, owner, location, itemClass);
      this.byFacts.set(facts, category);
    }
    return category;
  }

  private resolve(status: number, site: number, owner: number, location: number, itemClass: number): number {
    const { names } = this.writer;
    const { system, role } = this.input.rules;
    const klass = names.items.classNames[itemClass];
    const result = this.plan.map.resolve(system, role, {
      status: names.statuses.names[status] as string,
      site: names.sites.names[site],
      owner: names.owners.names[owner],
      location: this.locationNames.names[location],
      family: klass?.family,
      abcClass: klass?.abcClass,
    });
    const category = result.kind === 'category' ? result.index : result.kind === 'ignored' ? LEFT_OUT : UNMAPPED;
    if (this.usesStatusOnly) this.byStatus[status] = category;
    return category;
  }
}
