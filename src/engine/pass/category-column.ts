/** Finds the category of each row, each distinct combination of the facts that the rules look at resolved only once by the core. */
import { UNMAPPED } from '../../core/model/balance.ts';
import { normalizeText } from '../../core/normalize/text.ts';
import type { Plan } from '../../core/normalize/plan.ts';
import type { RecordScanner } from '../../ingest/delimited/record-scanner.ts';
import type { EncoderInput } from './balance-encoder.ts';
import { CodeColumn, LEFT_OUT } from './code-column.ts';
import { NameTable } from './worker-names.ts';
import type { RowWriter } from './row-writer.ts';

export class CategoryColumn {
  /** Status id, and whether a code was written oddly, of the row read last. */
  status = 0;
  isCleaned = 0;
  private readonly input: EncoderInput;
  private readonly plan: Plan;
  private readonly writer: RowWriter;
  private readonly statuses: CodeColumn | undefined;
  private readonly locations: CodeColumn | undefined;
  private readonly locationNames = new NameTable();
  private readonly constantStatus: number;
  private readonly constantLocation: number;
  private readonly usesStatusOnly: boolean;
  private readonly uses: { readonly site: boolean; readonly owner: boolean; readonly location: boolean; readonly itemClass: boolean };
  private readonly byStatus: number[] = [];
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
    const status = input.columns.get('status');
    const location = input.columns.get('location');
    this.statuses = status === undefined ? undefined : new CodeColumn(status, statusId, normalizeText);
    this.locations = location === undefined || !this.uses.location ? undefined : new CodeColumn(location, locationId, normalizeText);
    this.constantStatus = statusId(input.rules.constants['status'] ?? '');
    this.constantLocation = locationId(input.rules.constants['location'] ?? '');
  }

  /** The category's index, UNMAPPED, or LEFT_OUT where an ignore rule fits. */
  read(scanner: RecordScanner, site: number, owner: number, itemClass: number): number {
    const statuses = this.statuses;
    this.status = statuses === undefined ? this.constantStatus : statuses.read(scanner);
    this.isCleaned = statuses === undefined ? 0 : (statuses.cleaned[statuses.entry] as number);
    if (this.usesStatusOnly) {
      const known = this.byStatus[this.status];
      return known ?? this.resolve(site, owner, 0, itemClass);
    }
    const location = this.locations === undefined ? this.constantLocation : this.locations.read(scanner);
    const { uses } = this;
    // Up to 2^11 statuses, sites, owners and classes and 2^20 locations stay below 2^53 apart; more are not worth a fast path.
    const classPart = uses.itemClass ? itemClass : 0;
    if (this.status > 255 || site > 1023 || owner > 255 || classPart > 127) return this.resolve(site, owner, location, itemClass);
    const facts = (((uses.location ? location : 0) * 256 + (uses.owner ? owner : 0)) * 1024 + (uses.site ? site : 0)) * 32768 + this.status * 128 + classPart;
    let category = this.byFacts.get(facts);
    if (category === undefined) {
      category = this.resolve(site, owner, location, itemClass);
      this.byFacts.set(facts, category);
    }
    return category;
  }

  private resolve(site: number, owner: number, location: number, itemClass: number): number {
    const { names } = this.writer;
    const { system, role } = this.input.rules;
    const klass = names.items.classNames[itemClass];
    const result = this.plan.map.resolve(system, role, {
      status: names.statuses.names[this.status] as string,
      site: names.sites.names[site],
      owner: names.owners.names[owner],
      location: this.locationNames.names[location],
      family: klass?.family,
      abcClass: klass?.abcClass,
    });
    const category = result.kind === 'category' ? result.index : result.kind === 'ignored' ? LEFT_OUT : UNMAPPED;
    if (this.usesStatusOnly) this.byStatus[this.status] = category;
    return category;
  }
}
