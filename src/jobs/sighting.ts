/**
 * Decides whether a file in a watched folder is complete: a marker of its sender says so, or it stayed as it is for long
 * enough. Never reads the file; time is an argument.
 */
import type { FoundFile } from '../ingest/files/find-file.ts';

/** Suffixes that senders give to a file that says: the one before me is complete. */
export const MARKERS: readonly string[] = ['.done', '.ready', '.ok'];

/** A file as it was seen. */
export interface Sighting {
  readonly bytes: number;
  readonly modifiedMs: number;
  /** Since when it is so, in milliseconds since 1970. */
  readonly since: number;
  /** Its content at an earlier look. */
  readonly sha256: string | undefined;
}

export type Readiness =
  | { readonly step: 'wait'; readonly reason: string }
  /** Its content is to be hashed, and looked at again. */
  | { readonly step: 'hash' }
  | { readonly step: 'take' };

export interface ArrivalRule {
  readonly settleMs: number;
  /** Where the configuration demands one: no file is taken without. */
  readonly marker: string | undefined;
}

/** The same sighting as before where nothing changed, else a new one. */
export function seen(file: FoundFile, before: Sighting | undefined, now: number): Sighting {
  const { bytes, modifiedMs } = file;
  if (before !== undefined && before.bytes === bytes && before.modifiedMs === modifiedMs) return before;
  return { bytes, modifiedMs, since: now, sha256: undefined };
}

/**
 * What is to be done with a file. `markers` are the files beside it that may speak for it. A marker that is older than the file
 * spoke for an earlier one of the same name: its sender works with markers, and will send another.
 */
export function readiness(
  sighting: Sighting,
  markers: readonly FoundFile[],
  rule: ArrivalRule,
  now: number,
): Readiness {
  const isMarked = markers.some(({ modifiedMs }) => modifiedMs >= sighting.modifiedMs);
  if (isMarked) return { step: sighting.sha256 === undefined ? 'hash' : 'take' };
  if (markers.length > 0) return { step: 'wait', reason: 'its marker is older than the file' };
  if (rule.marker !== undefined) return { step: 'wait', reason: `its marker ${rule.marker} is not there yet` };
  const quietMs = now - sighting.since;
  if (sighting.sha256 === undefined && quietMs >= rule.settleMs / 2) return { step: 'hash' };
  if (sighting.sha256 !== undefined && quietMs >= rule.settleMs) return { step: 'take' };
  return { step: 'wait', reason: 'it changed a moment ago' };
}
