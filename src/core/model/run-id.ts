/** The ids of runs: they name the folders of runs and sort by time. Never knows the time or makes the randomness itself. */

/** An id that sorts by time to the millisecond: 20261124-061500123-4f9a1c. `now` is milliseconds since 1970. */
export function runIdOf(now: number, random: Uint8Array): string {
  const digits = new Date(now)
    .toISOString()
    .replaceAll(/[-:.Z]/g, '')
    .replace('T', '-');
  const suffix = [...random.slice(0, 3)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return `${digits}-${suffix}`;
}
