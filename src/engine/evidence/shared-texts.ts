/** Gives equal texts of plain data one place in memory. Never changes what they say. */

/** Beyond so many different texts they are forgotten: those that come again are met again soon. */
const TEXTS_MAX = 50_000;

type PlainData = { [name: string]: unknown } | unknown[];

export class SharedTexts {
  private readonly known = new Map<string, string>();

  /** Goes through lists and objects to their ends; nobody else holds them. */
  share(data: readonly unknown[]): void {
    this.visit(data as PlainData);
  }

  private visit(data: PlainData): void {
    const fields = data as { [name: string]: unknown };
    for (const name in fields) {
      const value = fields[name];
      if (typeof value === 'string') fields[name] = this.textOf(value);
      else if (typeof value === 'object' && value !== null) this.visit(value as PlainData);
    }
  }

  private textOf(text: string): string {
    const known = this.known.get(text);
    if (known !== undefined) return known;
    if (this.known.size >= TEXTS_MAX) this.known.clear();
    this.known.set(text, text);
    return text;
  }
}
