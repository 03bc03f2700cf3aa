/**
 * Decides when two configurations are the same: after defaults and before secrets. Never contains a secret: where one
 * was brought in, the hash covers its name, so a changed password does not look like a changed rule.
 */
import { createHash } from 'node:crypto';
import { type Path, type Places, placeKey } from './node-reading.ts';

/** SHA-256, in hex, of the configuration as JSON; keys are sorted except under `categories`, where order decides. */
export function configurationHash(configuration: unknown, places: Places): string {
  return createHash('sha256')
    .update(JSON.stringify(canonical(configuration, [], places)))
    .digest('hex');
}

function canonical(value: unknown, path: Path, places: Places): unknown {
  const secret = places.get(placeKey(path))?.secret;
  if (secret !== undefined) return ['secret', secret];
  if (Array.isArray(value)) return value.map((entry, at) => canonical(entry, [...path, at], places));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, inner]) => inner !== undefined);
  if (path[0] !== 'categories') entries.sort(([a], [b]) => (a < b ? -1 : 1));
  return entries.map(([key, inner]) => [key, canonical(inner, [...path, key], places)]);
}
