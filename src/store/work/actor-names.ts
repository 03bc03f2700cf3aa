/** Names of those who do things, people and keys, as others may know them. Never their logins or rights. */
import type { Kysely } from 'kysely';
import type { WorkState } from '../database/work-state.ts';

export interface ActorName {
  /** As the audit trail and runs name it: person:<id>, key:<id>. */
  actor: string;
  name: string;
}

/** Of all, also of those who may not sign in any more: what they did stays theirs. */
export async function actorNames(db: Kysely<WorkState>): Promise<ActorName[]> {
  const people = await db.selectFrom('people').select(['id', 'name']).orderBy('id').execute();
  const keys = await db.selectFrom('api_keys').select(['id', 'name']).orderBy('id').execute();
  return [
    ...people.map(({ id, name }) => ({ actor: `person:${id}`, name })),
    ...keys.map(({ id, name }) => ({ actor: `key:${id}`, name })),
  ];
}
