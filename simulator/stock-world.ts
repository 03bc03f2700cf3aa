/**
 * Decides which files make up a simulated company: two snapshots, master data, configuration and the truth.
 * Never holds more than one zone of one site in memory, whatever the number of rows.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { formatFixed } from '../src/core/model/decimal.ts';
import { Catalogue } from './catalogue.ts';
import { mixSeed, RandomStream } from './random.ts';
import { type FaultPlan, type SiteItem, StockFacts, scatteredFaults } from './stock-facts.ts';
import { ERP_COLUMNS, WMS_COLUMNS, writeErpRows, writeWmsRows } from './stock-rows.ts';
import { TruthCollector, type TruthLine, writeTruth } from './truth.ts';
import { type CompanyOptions, LineFile, numberedSites, writeConfiguration, writeMasterData } from './world-files.ts';

export interface StockWorldOptions {
  readonly seed: number;
  /** Rows of the ERP file, met within about half a percent from 100,000 on; the WMS file has as many, give or take as much. */
  readonly erpRows: number;
  /** Sites and items; left out, they follow from `erpRows`: 40 sites × 200,000 items at ten million rows. */
  readonly sites?: number;
  readonly items?: number;
  /** Share of the keys at which a fault begins; one fault in five touches a second key. */
  readonly discrepancyShare?: number;
  /** Every row carries the item's name in quotes. */
  readonly quoted?: boolean;
  /** Also writes both snapshots as Parquet, with a configuration of their own. */
  readonly writeParquet?: boolean;
}

/** What was written, and what a reconciliation of it must find. */
export interface WorldTruth {
  readonly directory: string;
  readonly configuration: string;
  /** null where no Parquet was asked for. */
  readonly parquetConfiguration: string | null;
  readonly erpRows: number;
  readonly wmsRows: number;
  readonly keys: number;
  readonly discrepancies: number;
  readonly grossVarianceValue: string;
  readonly netVarianceValue: string;
}

/** ERP rows of one item at one site that keeps it; measured over a million rows. */
const ROWS_PER_SITE_ITEM = 3.085;
/** WMS rows that are shuffled together: the bins of one zone, some 25 MB as text. */
const ZONE_ROWS = 200_000;

/** Sites and items for so many rows: 0.8 pairs of site and item per row, not all of which hold stock. */
function worldShape(erpRows: number): { sites: number; items: number } {
  const sites = Math.max(2, Math.min(40, Math.round(40 * Math.sqrt(erpRows / 1_000_000))));
  return { sites, items: Math.max(10, Math.round((0.8 * erpRows) / sites)) };
}

/** Writes a whole simulated company into `directory`, the same bytes for the same options. */
export async function writeStockWorld(directory: string, options: StockWorldOptions): Promise<WorldTruth> {
  const shape = worldShape(options.erpRows);
  const catalogue = new Catalogue(options.seed, options.items ?? shape.items);
  const sites = numberedSites(options.sites ?? shape.sites);
  const presence = Math.min(1, options.erpRows / (sites.length * catalogue.size * ROWS_PER_SITE_ITEM));
  const company = { name: 'Simulated Distribution', sites, quoted: options.quoted ?? false };
  const plan = scatteredFaults(options.discrepancyShare ?? 0.01);
  const truth = writeCompany(directory, company, catalogue, { seed: options.seed, presence, plan });
  if (!options.writeParquet) return truth;
  const { writeParquetSnapshots } = await import('./parquet-snapshots.ts');
  await writeParquetSnapshots(directory);
  return { ...truth, parquetConfiguration: writeConfiguration(directory, company, 'parquet') };
}

interface StockPlan {
  readonly seed: number;
  /** Share of sites × items that hold stock. */
  readonly presence: number;
  readonly plan: FaultPlan;
}

/** Writes the files of one company. */
function writeCompany(directory: string, company: CompanyOptions, catalogue: Catalogue, stock: StockPlan): WorldTruth {
  mkdirSync(directory, { recursive: true });
  writeMasterData(directory, catalogue);
  const facts = new StockFacts(stock.seed, catalogue, stock.presence, stock.plan);
  const collector = new TruthCollector();
  const erpRows = writeErpFile(directory, company, catalogue, facts, stock.seed, (site, { item, keys }) =>
    collector.add(company.sites[site]!.wms, item, keys),
  );
  const wmsRows = writeWmsFile(directory, company, catalogue, facts, stock.seed);
  const lines = collector.sorted();
  writeTruth(join(directory, 'truth.csv'), lines);
  return {
    directory,
    configuration: writeConfiguration(directory, company, 'csv'),
    parquetConfiguration: null,
    erpRows,
    wmsRows,
    keys: collector.keys,
    ...sumsOfTruth(lines),
  };
}

/** What the lines of truth.csv add up to. */
function sumsOfTruth(
  lines: readonly TruthLine[],
): Pick<WorldTruth, 'discrepancies' | 'grossVarianceValue' | 'netVarianceValue'> {
  const sum = (value: (cents: bigint) => bigint): string =>
    formatFixed(
      lines.reduce((total, { valueCents }) => total + value(valueCents), 0n),
      2,
    );
  return {
    discrepancies: lines.length,
    grossVarianceValue: sum((cents) => (cents < 0n ? -cents : cents)),
    netVarianceValue: sum((cents) => cents),
  };
}

/** Item by item, as the ERP's table is keyed. */
function writeErpFile(
  directory: string,
  company: CompanyOptions,
  catalogue: Catalogue,
  facts: StockFacts,
  seed: number,
  onStocked: (site: number, stocked: SiteItem) => void,
): number {
  const file = new LineFile(join(directory, 'erp_stock.csv'), company.quoted ? [...ERP_COLUMNS, 'MAKTX'] : ERP_COLUMNS);
  const random = new RandomStream();
  let rows = 0;
  for (let index = 0; index < catalogue.size; index++) {
    const item = catalogue.item(index);
    for (let site = 0; site < company.sites.length; site++) {
      const stocked = facts.at(site, index, item);
      if (stocked === null) continue;
      random.reseed(mixSeed(seed, 3, site, index));
      for (const key of stocked.keys)
        rows += writeErpRows(file.lines, company.sites[site]!, item, key, random, company.quoted);
      onStocked(site, stocked);
    }
    file.settle();
  }
  file.close();
  return rows;
}

/** Site by site, and within each zone in no order of the items: as a WMS walks its bins. */
function writeWmsFile(
  directory: string,
  company: CompanyOptions,
  catalogue: Catalogue,
  facts: StockFacts,
  seed: number,
): number {
  const file = new LineFile(
    join(directory, 'wms_stock.csv'),
    company.quoted ? [...WMS_COLUMNS, 'description'] : WMS_COLUMNS,
  );
  const random = new RandomStream();
  const zone: string[] = [];
  let rows = 0;
  const closeZone = (): void => {
    shuffle(zone, random);
    for (const line of zone) {
      file.lines.push(line);
      file.settle();
    }
    zone.length = 0;
  };
  for (const [site, names] of company.sites.entries()) {
    for (let index = 0; index < catalogue.size; index++) {
      const stocked = facts.at(site, index);
      if (stocked === null) continue;
      random.reseed(mixSeed(seed, 4, site, index));
      for (const key of stocked.keys) rows += writeWmsRows(zone, names, stocked.item, key, random, company.quoted);
      if (zone.length >= ZONE_ROWS) closeZone();
    }
    closeZone();
  }
  file.close();
  return rows;
}

/** Fisher–Yates; a zone stays below 2^21 rows, the limit of `below`. */
function shuffle(lines: string[], random: RandomStream): void {
  for (let last = lines.length - 1; last > 0; last--) {
    const other = random.below(last + 1);
    const line = lines[last]!;
    lines[last] = lines[other]!;
    lines[other] = line;
  }
}
