/**
 * The visitor of a demonstration: a person without a password, and the link that signs them in, and a schedule to look at. Never kept, and never of a
 * server that others than this machine can reach.
 */
import type { ApiContext, SignInLink } from '../api/api-context.ts';
import { assert } from '../core/model/failure.ts';
import { createPerson, findPersonByLogin } from '../store/work/people.ts';
import { createSchedule, type ScheduleContent } from '../store/work/schedules.ts';
import { SECRET_BYTES, secretHash, secretText } from '../store/work/secrets.ts';

export interface Visitor {
  readonly login: string;
  readonly name: string;
}

/** So that a demonstration shows when its next run is. No more often: the same files give the same run. */
const MORNING: ScheduleContent = {
  name: 'Every morning',
  document: {
    time_zone: 'America/Chicago',
    times: [{ daily: ['06:00'] }],
    blackouts: [],
    filters: { site: [], item: [] },
    catch_up: 'never',
  },
  isEnabled: true,
};

const LINK_MS = 24 * 3_600_000;

/** Makes the visitor, an administrator of all sites, and a schedule, where there is none yet; and a new link, good for a day of this server. */
export async function letVisitorIn(
  { database, now, newId, randomBytes }: ApiContext,
  { login, name }: Visitor,
  host: string,
): Promise<{ readonly link: SignInLink; readonly token: string }> {
  assert(host === '127.0.0.1', 'visitors come from this machine only');
  const { db } = database;
  const id = newId();
  const person = { id, login, name, email: null, passwordHash: null, role: 'administrator', sites: null } as const;
  const { id: personId } =
    (await findPersonByLogin(db, login)) ??
    (await db.transaction().execute(async (transaction) => {
      await createSchedule(transaction, newId(), MORNING, { actor: 'system', now: now() });
      return createPerson(transaction, person, { actor: 'system' }, now());
    }));
  const token = secretText(randomBytes(SECRET_BYTES));
  return { link: { secretHash: secretHash(token), personId, endsAt: now() + LINK_MS }, token };
}
