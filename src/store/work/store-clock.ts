/**
 * The clock that leases and schedules go by: one for all servers of a store, so that a server whose own clock is wrong takes
 * nothing from the others. Never corrects a clock.
 */
import { sql } from 'kysely';
import type { WorkDatabase } from '../database/open-database.ts';

/** Milliseconds since 1970: PostgreSQL's own, or `now` where one server has the store for itself. */
export async function storeNow({ kind, db }: WorkDatabase, now: () => number): Promise<number> {
  if (kind === 'sqlite') return now();
  const { rows } = await sql<{ now: number }>`
    SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT) AS now`.execute(db);
  return (rows[0] as { now: number }).now;
}
