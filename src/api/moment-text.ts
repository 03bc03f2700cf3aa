/** A moment as the API writes it. */

export function momentText(at: number): string {
  return new Date(at).toISOString();
}

export function momentTextOrNull(at: number | null): string | null {
  return at === null ? null : momentText(at);
}
