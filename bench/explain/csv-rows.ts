/**
 * Reads small CSV files of the simulator and of a report into rows by column name.
 * Never guesses: a file that is not there is an error, quotes and line breaks inside them are as RFC 4180 says.
 */
import { readFileSync } from 'node:fs';

/** Decimals that quantities are read with; more than any simulated world has. */
const DECIMALS = 6;

export type CsvRow = Readonly<Record<string, string>>;

export function readCsv(path: string): CsvRow[] {
  const [header = [], ...records] = parseCsv(readFileSync(path, 'utf8'));
  return records.map((fields) => Object.fromEntries(header.map((name, at) => [name, fields[at] ?? ''])));
}

function parseCsv(text: string): string[][] {
  const records: string[][] = [];
  let fields: string[] = [];
  const field = /(?:"((?:[^"]|"")*)"|([^,\r\n]*))(,|\r?\n|$)/g;
  for (let match = field.exec(text); match !== null && match.index < text.length; match = field.exec(text)) {
    fields.push(match[1]?.replaceAll('""', '"') ?? match[2] ?? '');
    if (match[3] === ',') continue;
    records.push(fields);
    fields = [];
  }
  if (fields.length > 0) records.push([...fields, '']);
  return records;
}

/** A decimal as a whole number of millionths. */
export function millionths(text: string): number {
  const [, sign = '', whole = '0', fraction = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text.trim()) ?? [];
  const scaled = Number(whole + fraction.padEnd(DECIMALS, '0').slice(0, DECIMALS));
  return sign === '-' ? -scaled : scaled;
}
