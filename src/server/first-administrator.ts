/**
 * Where nobody can sign in yet: an administrator with the password that the machine sets, or a one-use link for a person to
 * set one up. Never a default password, and never anything where there is somebody.
 */
import type { ApiContext } from '../api/api-context.ts';
import { hashPassword } from '../api/password.ts';
import { createPerson, hasPeople } from '../store/work/people.ts';
import { SECRET_BYTES } from '../store/work/secrets.ts';
import { createSetupToken } from '../store/work/setup-tokens.ts';

const LOGIN = 'admin';

/** The token of the link; undefined where none is needed. */
export async function firstAdministrator(
  context: ApiContext,
  passwordSet: string | undefined,
): Promise<string | undefined> {
  const { database, now, newId, randomBytes } = context;
  const { db } = database;
  if (await hasPeople(db)) return undefined;
  if (passwordSet === undefined || passwordSet === '')
    return db.transaction().execute((transaction) => createSetupToken(transaction, randomBytes(SECRET_BYTES), now()));
  const passwordHash = await hashPassword(passwordSet);
  const person = { login: LOGIN, name: 'Administrator', email: null, role: 'administrator', sites: null } as const;
  await db.transaction().execute(async (transaction) => {
    // Another server of the same store may have been faster.
    if (!(await hasPeople(transaction)))
      await createPerson(transaction, { ...person, id: newId(), passwordHash }, { actor: 'system' }, now());
  });
  context.log.info({ login: LOGIN }, 'the administrator was set up with EVENSTOCK_ADMIN_PASSWORD');
  return undefined;
}
