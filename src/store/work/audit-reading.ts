/** Reads the audit trail, limited to what is asked for. Never writes to it. */
import type { Kysely } from 'kysely';
import type { WorkState } from '../database/work-state.ts';
import type { AuditRow } from './audit.ts';

/** `from` included, `to` not; moments in milliseconds. `action`: whole, or its beginning up to a dot. */
export interface AuditSelection {
  readonly entity?: string | undefined;
  readonly entityId?: string | undefined;
  readonly actor?: string | undefined;
  readonly action?: string | undefined;
  readonly from?: number | undefined;
  readonly to?: number | undefined;
}

/** The newest first, before a number; or the oldest first, after one. */
export type AuditPlace =
  | { readonly order: 'desc'; readonly before?: number | undefined }
  | { readonly order: 'asc'; readonly after: number };

/** Rows that fit, from a place on. */
export function listAudit(
  db: Kysely<WorkState>,
  { entity, entityId, actor, action, from, to }: AuditSelection,
  place: AuditPlace,
  limit: number,
): Promise<AuditRow[]> {
  let query = db.selectFrom('audit').selectAll();
  if (entity !== undefined) query = query.where('entity', '=', entity);
  if (entityId !== undefined) query = query.where('entity_id', '=', entityId);
  if (actor !== undefined) query = query.where('actor', '=', actor);
  if (action !== undefined)
    // From "run." up to "run/", the character after the dot: all that begin so.
    query = query.where((row) =>
      row.or([
        row('action', '=', action),
        row.and([row('action', '>=', `${action}.`), row('action', '<', `${action}/`)]),
      ]),
    );
  if (from !== undefined) query = query.where('at', '>=', from);
  if (to !== undefined) query = query.where('at', '<', to);
  if (place.order === 'asc') query = query.where('number', '>', place.after);
  else if (place.before !== undefined) query = query.where('number', '<', place.before);
  return query.orderBy('number', place.order).limit(limit).execute();
}
