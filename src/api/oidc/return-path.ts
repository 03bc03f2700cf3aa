/** Decides where a browser may be sent after signing in: to a page of this server. Never to another origin, however it is written. */

const LENGTH_MAX = 2_000;
/** Any origin: only whether a path leaves it is asked. */
const OWN = 'http://own.invalid';

/** The path as browsers read it; undefined where it is none of ours, or an address of the API, which is no page. */
export function returnPathOf(given: string): string | undefined {
  if (given.length > LENGTH_MAX || !given.startsWith('/') || !URL.canParse(given, OWN)) return undefined;
  const { origin, pathname, search, hash } = new URL(given, OWN);
  // `/.//evil.example` stays here as a whole, but what is left of it after reading would not.
  if (origin !== OWN || pathname.startsWith('//') || /^\/api(\/|$)/i.test(pathname)) return undefined;
  return pathname + search + hash;
}
