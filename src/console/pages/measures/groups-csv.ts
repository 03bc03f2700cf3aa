/** The groups as a file for a spreadsheet: names of the API as its header, decimals as they are. Never lets a cell be a formula. */
import type { Answer } from '../../api/ask.ts';

/** RFC 4180; a name that a spreadsheet would calculate is preceded by an apostrophe. */
export function groupsCsv({ by, groups }: Pick<Answer<'GET /measures/groups'>, 'by' | 'groups'>): string {
  const rows = groups.map(({ group, ageing, ...figures }) => ({
    [by]: /^[=+\-@\t\r]/.test(group) ? `'${group}` : group,
    ...figures,
    ...Object.fromEntries(Object.entries(ageing).map(([days, count]) => [`days_${days}`, count])),
  }));
  const header = Object.keys(rows[0] ?? { [by]: '' });
  const lines = [header, ...rows.map((row) => Object.values(row).map(String))];
  return lines.map((cells) => `${cells.map(cellOf).join(',')}\r\n`).join('');
}

function cellOf(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
