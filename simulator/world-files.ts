/**
 * Decides how a simulated company's master data and configuration are written.
 * Never decides stock.
 */
import { closeSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Catalogue } from './catalogue.ts';
import { describeItem } from './descriptions.ts';

/** One site as each system writes it; the WMS's name is the common one. */
export interface SiteNames {
  readonly erp: string;
  readonly wms: string;
}

export interface CompanyOptions {
  readonly name: string;
  readonly sites: readonly SiteNames[];
  /** The snapshots carry a quoted column with the item's name. */
  readonly quoted: boolean;
}

const CURRENCY = 'USD';
const AS_OF = '2026-11-22T23:59:59-06:00';
/** Lines are joined in chunks of about 2 MB: one system call each, and little memory. */
const LINES_PER_CHUNK = 32_768;

/** DC1, DC2 … with the ERP's plants 1000, 1010 … */
export function numberedSites(count: number): SiteNames[] {
  return Array.from({ length: count }, (_, index) => ({ erp: String(1000 + 10 * index), wms: `DC${index + 1}` }));
}

/** A CSV field in quotes, quotes inside doubled. */
export function quoteText(text: string): string {
  return `"${text.replaceAll('"', '""')}"`;
}

/** Appends lines to a file in large chunks. `close` writes the rest. */
export class LineFile {
  /** Lines not yet written; each ends with its line break. */
  readonly lines: string[] = [];
  private readonly descriptor: number;

  constructor(path: string, header: readonly string[]) {
    this.descriptor = openSync(path, 'w');
    this.lines.push(`${header.join(',')}\n`);
  }

  /** Writes what has gathered, once it is worth a system call. */
  settle(): void {
    if (this.lines.length >= LINES_PER_CHUNK) this.flush();
  }

  flush(): void {
    const bytes = Buffer.from(this.lines.join(''));
    for (let written = 0; written < bytes.length; ) written += writeSync(this.descriptor, bytes, written);
    this.lines.length = 0;
  }

  close(): void {
    this.flush();
    closeSync(this.descriptor);
  }
}

/** Writes items.csv, packs.csv and aliases.csv of the whole catalogue. */
export function writeMasterData(directory: string, catalogue: Catalogue): void {
  const items = new LineFile(join(directory, 'items.csv'), [
    'item',
    'description',
    'base_uom',
    'unit_cost',
    'currency',
    'abc_class',
    'family',
  ]);
  const packs = new LineFile(join(directory, 'packs.csv'), ['item', 'uom', 'factor']);
  const aliases = new LineFile(join(directory, 'aliases.csv'), ['system', 'alias', 'item']);
  for (let index = 0; index < catalogue.size; index++) {
    const item = catalogue.item(index);
    const name = quoteText(describeItem(index));
    items.lines.push(
      `${item.code},${name},${item.baseUom},${item.unitCostText},${CURRENCY},${item.abcClass},${item.family}\n`,
    );
    if (item.caseFactor > 0)
      packs.lines.push(`${item.code},CASE,${item.caseFactor}\n${item.code},PALLET,${item.palletFactor}\n`);
    if (item.wmsCode !== item.code) aliases.lines.push(`wms1,${item.wmsCode},${item.code}\n`);
    for (const file of [items, packs, aliases]) file.settle();
  }
  for (const file of [items, packs, aliases]) file.close();
}

/** Writes the configuration that reads the two snapshots in the given format; returns its path. */
export function writeConfiguration(directory: string, company: CompanyOptions, format: 'csv' | 'parquet'): string {
  const path = join(directory, format === 'csv' ? 'evenstock.yaml' : 'evenstock-parquet.yaml');
  const siteAliases = company.sites.map((site) => `      "${site.erp}": ${site.wms}`).join('\n');
  const siteNames = company.sites.map((site) => site.wms).join(', ');
  writeFileSync(
    path,
    `version: 1
name: ${company.name}
currency: ${CURRENCY}
systems:
  sap:
    role: erp
    site_aliases:                # plants as the ERP numbers them: the site's common name
${siteAliases}
  wms1: { role: wms, sites: [${siteNames}] }
balances:
  - system: sap
    format: ${format}
    path: erp_stock.${format}
    columns: { site: WERKS, location: LGORT, item: MATNR, lot: CHARG, status: STOCK_TYPE, quantity: LABST, uom: MEINS, unit_cost: STPRS }
    as_of: ${AS_OF}
  - { system: wms1, format: ${format}, path: wms_stock.${format}, as_of: ${AS_OF} }
items:   { format: csv, path: items.csv }
packs:   { format: csv, path: packs.csv }
aliases: { format: csv, path: aliases.csv }
grain: [site, item, lot, category]
categories:
  available:   { erp: [UNRESTRICTED], wms: [AVAILABLE, PICKED] }
  unavailable: { erp: [UNAVAILABLE], wms: [DAMAGED, QUALITY, PENDING PUTAWAY] }
tolerance: { quantity: 0 }
`,
  );
  return path;
}
