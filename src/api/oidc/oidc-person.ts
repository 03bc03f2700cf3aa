/**
 * Decides whose session begins when the provider has named somebody: the person that this identity was linked to, and nobody
 * else, whatever e-mail or name the provider tells. Writes what the provider says of role, sites, name and e-mail; never enables
 * whom an administrator has disabled.
 */
import type { Transaction } from 'kysely';
import { z } from 'zod';
import { emailSchema, loginSchema } from '../../contract/api/people.ts';
import { Failure } from '../../core/model/failure.ts';
import type { WorkState } from '../../store/database/work-state.ts';
import { sitesOf } from '../../store/work/api-keys.ts';
import { appendAudit, type ChangedBy } from '../../store/work/audit.ts';
import { findIdentity, type Identity, linkIdentity } from '../../store/work/identities.ts';
import {
  assertAdministrator,
  createPerson,
  findPersonByLogin,
  getPerson,
  type PersonChange,
  type PersonRow,
  updatePerson,
} from '../../store/work/people.ts';
import { endSessionsOf } from '../../store/work/sessions.ts';
import type { Claims, OidcAccess } from './oidc-access.ts';

export interface SignInOf {
  readonly identity: Identity;
  readonly claims: Claims;
  readonly access: OidcAccess;
  /** A person who was signed in when they asked for it, and links the identity to themselves. */
  readonly linkTo: string | null;
  readonly createsPeople: boolean;
  readonly newId: string;
  readonly requestId: string;
  readonly now: number;
}

const NAME_LENGTH_MAX = 200;
const LOGINS_TRIED_MAX = 50;

/** Throws a Failure where nobody may sign in; then nothing of it stays. */
export async function signInPerson(transaction: Transaction<WorkState>, sign: SignInOf): Promise<PersonRow> {
  const { identity, linkTo, createsPeople, newId, now } = sign;
  const known = await findIdentity(transaction, identity);
  if (known !== undefined) {
    if (linkTo !== null && linkTo !== known.person_id) throw taken();
    return adopt(transaction, known.person_id, sign);
  }
  if (linkTo !== null) {
    await link(transaction, linkTo, sign);
    return adopt(transaction, linkTo, sign);
  }
  if (!createsPeople)
    throw new Failure(
      'forbidden',
      'PERSON_NOT_LINKED',
      'nobody here is linked to this account',
      'Sign in with your password and link the account, or ask an administrator to add you.',
    );
  // Whoever signs in for the first time twice at once waits here for the first, and is found then.
  if (!(await linkIdentity(transaction, identity, newId, now))) {
    const first = await findIdentity(transaction, identity);
    if (first === undefined) throw taken();
    return adopt(transaction, first.person_id, sign);
  }
  return create(transaction, sign);
}

/** Whom the provider gives no right any more: what they have open here ends as well. */
export async function endAccess(transaction: Transaction<WorkState>, identity: Identity): Promise<void> {
  const known = await findIdentity(transaction, identity);
  if (known !== undefined) await endSessionsOf(transaction, known.person_id);
}

async function create(transaction: Transaction<WorkState>, sign: SignInOf): Promise<PersonRow> {
  const { claims, access, newId, now } = sign;
  const login = await freeLogin(transaction, claims, newId);
  const said = saidOf(claims);
  const person = { id: newId, login, name: said.name ?? login, email: said.email ?? null, passwordHash: null };
  const row = await createPerson(transaction, { ...person, ...access }, byOf(sign), now);
  await auditLink(transaction, newId, sign);
  // The link with which an administrator is set up is worth nothing once there is somebody.
  await assertAdministrator(transaction, {
    code: 'SET_UP_FIRST',
    message: 'there is no administrator of all sites yet',
    action: 'Let the administrator be set up first.',
  });
  return row;
}

async function link(transaction: Transaction<WorkState>, personId: string, sign: SignInOf): Promise<void> {
  if (!(await linkIdentity(transaction, sign.identity, personId, sign.now))) throw taken();
  await auditLink(transaction, personId, sign);
}

function taken(): Failure {
  return new Failure(
    'conflict',
    'IDENTITY_TAKEN',
    'this account is linked to somebody else here, or you to another account',
    'Sign in with the account that is linked to you.',
  );
}

async function adopt(transaction: Transaction<WorkState>, id: string, sign: SignInOf): Promise<PersonRow> {
  const row = await getPerson(transaction, id);
  if (row.is_enabled !== 1)
    throw new Failure('forbidden', 'PERSON_DISABLED', 'you are disabled here', 'Ask an administrator.');
  const change = changeOf(row, sign);
  if (Object.keys(change).length === 0) return row;
  return updatePerson(transaction, id, row.version, change, byOf(sign), sign.now);
}

function changeOf(row: PersonRow, { claims, access }: SignInOf): PersonChange {
  const { name, email } = saidOf(claims);
  const sites = sitesOf(row.sites);
  return {
    ...(name !== undefined && name !== row.name && { name }),
    ...(email !== undefined && email !== row.email && { email }),
    ...(access.role !== row.role && { role: access.role }),
    ...(JSON.stringify(access.sites) !== JSON.stringify(sites) && { sites: access.sites }),
  };
}

function byOf({ identity, requestId }: SignInOf): ChangedBy {
  return { actor: `oidc:${identity.issuer}`, requestId };
}

async function auditLink(transaction: Transaction<WorkState>, personId: string, sign: SignInOf): Promise<void> {
  const { identity, linkTo, requestId, now } = sign;
  const actor = linkTo === null ? byOf(sign).actor : `person:${linkTo}`;
  const entry = { actor, action: 'person.link', entity: 'person', entityId: personId, after: identity, requestId };
  await appendAudit(transaction, entry, now);
}

/** What may be shown; anything else is left as it was. */
function saidOf(claims: Claims): { readonly name: string | undefined; readonly email: string | undefined } {
  const { data: email } = emailSchema.safeParse(claims['email']);
  return {
    name: textOf(claims['name']) ?? textOf(claims['preferred_username']),
    email: claims['email_verified'] === false ? undefined : (email ?? undefined),
  };
}

function textOf(value: unknown): string | undefined {
  const { data } = z.string().safeParse(value);
  const text = data?.replaceAll(/\p{C}/gu, '').trim().slice(0, NAME_LENGTH_MAX).trim();
  return text === '' ? undefined : text;
}

/** Only a name: where somebody has it, another is made. */
async function freeLogin(transaction: Transaction<WorkState>, claims: Claims, newId: string): Promise<string> {
  const wanted =
    ['preferred_username', 'email', 'name']
      .map((claim) => (textOf(claims[claim]) ?? '').replaceAll(/\s+/g, '.'))
      .find((login) => loginSchema.safeParse(login).success) ?? 'person';
  const base = wanted.slice(0, 90);
  for (let number = 1; number <= LOGINS_TRIED_MAX; number++) {
    const login = number === 1 ? wanted : `${base}-${number}`;
    if ((await findPersonByLogin(transaction, login)) === undefined) return login;
  }
  return `${base.slice(0, 60)}-${newId.toLowerCase()}`;
}
