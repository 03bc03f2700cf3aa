/** People as administrators see and change them. Never removes one: disabling ends their sessions, and the trail keeps the name. */
import { z } from 'zod';
import {
  actorsSchema,
  idSchema,
  newPersonSchema,
  peoplePage,
  peopleQuery,
  personChangeSchema,
  personSchema,
} from '../../contract/api/people.ts';
import { actorNames } from '../../store/work/actor-names.ts';
import { createPerson, getPerson, listPeople, type PersonChange, updatePerson } from '../../store/work/people.ts';
import type { ApiContext } from '../api-context.ts';
import { pageFrom, positionOf } from '../cursor.ts';
import { checkNewPassword, hashPassword } from '../password.ts';
import { personDocument } from '../person-document.ts';
import { type Route, route } from '../route.ts';

const NAMES = { tag: 'users', role: 'administrator', scope: 'all-sites' } as const;
const params = z.strictObject({ id: idSchema });

export function userRoutes(context: ApiContext): Route[] {
  return [actorsRoute(context), ...personRoutes(context)];
}

function actorsRoute({ database }: ApiContext): Route {
  return route({
    method: 'GET',
    tag: 'users',
    role: 'viewer',
    scope: 'none',
    url: '/actors',
    summary: 'Names of the people and keys that runs, versions and imports are by',
    response: actorsSchema,
    handle: async () => ({ body: { items: await actorNames(database.db) } }),
  });
}

function personRoutes({ database, now, newId }: ApiContext): Route[] {
  return [
    route({
      ...NAMES,
      method: 'GET',
      url: '/users',
      summary: 'People who may sign in, by login',
      query: peopleQuery,
      response: peoplePage,
      handle: async ({ query }) => {
        const [after] = positionOf(query.cursor, z.tuple([z.string()])) ?? [];
        const rows = await listPeople(database.db, after, query.limit + 1);
        return { body: pageFrom(rows, query.limit, personDocument, ({ login }) => [login]) };
      },
    }),
    route({
      ...NAMES,
      method: 'GET',
      url: '/users/:id',
      summary: 'One person',
      params,
      response: personSchema,
      handle: async ({ params: { id } }) => {
        const row = await getPerson(database.db, id);
        return { body: personDocument(row), version: row.version };
      },
    }),
    route({
      ...NAMES,
      method: 'POST',
      url: '/users',
      summary: 'Add a person',
      idempotency: 'kept',
      body: newPersonSchema,
      status: 201,
      response: personSchema,
      handle: async ({ body: { password, ...person }, by, write }) => {
        checkNewPassword(password, person.login);
        const passwordHash = await hashPassword(password);
        return write(async (transaction) => {
          const row = await createPerson(transaction, { ...person, id: newId(), passwordHash }, by, now());
          return { body: personDocument(row), version: row.version, location: `/users/${row.id}` };
        });
      },
    }),
    route({
      ...NAMES,
      method: 'PATCH',
      url: '/users/:id',
      summary: 'Change a person; a new password or disabling ends their sessions',
      idempotency: 'kept',
      ifMatch: true,
      params,
      body: personChangeSchema,
      response: personSchema,
      handle: async ({ params: { id }, body, by, expectedVersion, write }) => {
        const { password, is_enabled, ...rest } = body;
        if (password !== undefined) checkNewPassword(password, (await getPerson(database.db, id)).login);
        const change = {
          ...rest,
          ...(is_enabled !== undefined && { isEnabled: is_enabled }),
          ...(password !== undefined && { passwordHash: await hashPassword(password) }),
        } as PersonChange;
        return write(async (transaction) => {
          const row = await updatePerson(transaction, id, expectedVersion, change, by, now());
          return { body: personDocument(row), version: row.version };
        });
      },
    }),
  ];
}
