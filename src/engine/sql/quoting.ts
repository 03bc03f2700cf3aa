/** Quotes names for SQL; texts are quoted by sqlText. Never assembles statements. */

/** A column or table name as an SQL identifier. */
export function sqlName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
