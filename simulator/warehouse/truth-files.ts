/**
 * Decides how the truth about a simulated world is written: contributions, faults, systemic faults, keys.
 * Never decides what is true.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { formatScaled } from '../../src/core/model/decimal.ts';
import { QUANTITY_SCALE } from '../catalogue.ts';
import { LineFile, quoteText } from '../world-files.ts';
import { dateText, dayOf, timeText } from './calendar.ts';
import type { SystemicRecord } from './faults/systemic-faults.ts';
import type { Fault } from './ledger.ts';
import { onsetOf, type TrueKey } from './truth-book.ts';
import type { WarehouseWorld } from './warehouse-world.ts';

const IN_FLIGHT = 'in-flight';

export class TruthFiles {
  /** Keys that differ, and those of them with a fault; keys with two causes or more, in flight among them. */
  readonly counts = { discrepant_keys: 0, faulty_keys: 0, keys_of_several_causes: 0, faults: 0, contributions: 0 };
  readonly byCause: Record<string, number> = {};
  private readonly directory: string;
  private readonly world: WarehouseWorld;
  private readonly contributions: LineFile;
  private readonly faults: LineFile;
  private readonly keys: LineFile;

  constructor(directory: string, world: WarehouseWorld) {
    this.directory = join(directory, 'truth');
    this.world = world;
    mkdirSync(this.directory, { recursive: true });
    const open = (name: string, columns: string): LineFile =>
      new LineFile(join(this.directory, name), columns.split(','));
    this.contributions = open('contributions.csv', 'site,item,owner,lot,category,cause,quantity,fault_id');
    this.faults = open('faults.csv', 'fault_id,cause,systemic_id,happened_at,side,documents,story');
    this.keys = open(
      'keys.csv',
      'site,item,owner,lot,category,erp_quantity,wms_quantity,variance_quantity,onset_day,main_cause',
    );
  }

  /** Keys by name, with what makes them differ; the faults of which a key tells, or that need none. */
  writeBlock(keys: readonly TrueKey[], faults: readonly Fault[]): void {
    for (const fault of faults) if (fault.cause === 'cost-difference') this.noteFault(fault);
    const named = keys.map((key) => ({ key, name: this.nameOf(key) })).sort((a, b) => (a.name < b.name ? -1 : 1));
    for (const { key, name } of named) {
      const contributions = key.contributions.filter(({ quantity }) => quantity !== 0);
      for (const { fault, quantity } of contributions) {
        if (fault !== undefined) this.noteFault(fault);
        const cause = fault?.cause ?? IN_FLIGHT;
        this.byCause[cause] = (this.byCause[cause] ?? 0) + 1;
        this.contributions.lines.push(`${name},${cause},${amount(quantity)},${fault?.id ?? ''}\n`);
        this.counts.contributions++;
      }
      this.counts.discrepant_keys++;
      if (contributions.some(({ fault }) => fault !== undefined)) this.counts.faulty_keys++;
      if (new Set(contributions.map(({ fault }) => fault?.cause)).size > 1) this.counts.keys_of_several_causes++;
      this.keys.lines.push(
        `${name},${amount(key.erp)},${amount(key.wms)},${amount(key.wms - key.erp)},${this.onset(key)},${mainCause(key)}\n`,
      );
    }
    for (const file of [this.contributions, this.faults, this.keys]) file.flush();
  }

  private nameOf({ site, itemCode, owner, lot, category }: TrueKey): string {
    return `${this.world.sites[site]!.wms},${itemCode},${owner},${lot},${this.world.habits.scheme.categories[category]}`;
  }

  private onset(key: TrueKey): string {
    const day = onsetOf(key.steps, dayOf(this.world.moments.erpCutOff));
    const { openingAt } = this.world.moments;
    return day === undefined ? '' : dateText(Math.max(day, dayOf(openingAt)));
  }

  private noteFault(fault: Fault): void {
    if (fault.id !== '') return;
    fault.id = `F${String(++this.counts.faults).padStart(6, '0')}`;
    const { id, cause, systemicId, at, side, documents, story } = fault;
    const names = documents.map((document) => (typeof document === 'string' ? document : document.id)).join(' ');
    this.faults.lines.push(`${id},${cause},${systemicId},${timeText(at)},${side},${names},${quoteText(story)}\n`);
  }

  close(systemic: readonly SystemicRecord[], summary: Readonly<Record<string, unknown>>): void {
    for (const file of [this.contributions, this.faults, this.keys]) file.close();
    const lines = systemic.map(
      ({ id, cause, from, to, documents, factor }) =>
        `${id},${cause},${timeText(from)},${timeText(to)},${documents},${factor}\n`,
    );
    writeFileSync(
      join(this.directory, 'systemic.csv'),
      `systemic_id,cause,from,to,documents,factor\n${lines.join('')}`,
    );
    writeFileSync(join(this.directory, 'world.json'), `${JSON.stringify(summary, null, 2)}\n`);
  }
}

function amount(quantity: number): string {
  return formatScaled(quantity, QUANTITY_SCALE);
}

/** The cause of most units of a key. */
function mainCause({ contributions }: TrueKey): string {
  const sums = new Map<string, number>();
  for (const { fault, quantity } of contributions) {
    const cause = fault?.cause ?? IN_FLIGHT;
    sums.set(cause, (sums.get(cause) ?? 0) + quantity);
  }
  return [...sums].reduce((best, each) => (Math.abs(each[1]) > Math.abs(best[1]) ? each : best))[0];
}
