/** Views that people keep, their own and shared ones. Never shows what a view would show: its page asks for that. */
import type { z } from 'zod';
import { viewContentSchema, viewParams, viewSchema, viewsQuery, viewsSchema } from '../../contract/api/views.ts';
import { Failure } from '../../core/model/failure.ts';
import { hasRole, type Principal } from '../../store/work/principal.ts';
import {
  addView,
  changeView,
  findView,
  listViews,
  removeView,
  type ViewContent,
  type ViewRow,
} from '../../store/work/views.ts';
import type { ApiContext } from '../api-context.ts';
import { momentText } from '../moment-text.ts';
import { type Route, route } from '../route.ts';

const NAMES = { tag: 'views', role: 'viewer', scope: 'none' } as const;

export function viewRoutes(context: ApiContext): Route[] {
  return [...readRoutes(context), ...writeRoutes(context)];
}

function readRoutes({ database: { db } }: ApiContext): Route[] {
  return [
    route({
      ...NAMES,
      method: 'GET',
      url: '/views',
      summary: 'Saved views of the caller and shared ones',
      query: viewsQuery,
      response: viewsSchema,
      handle: async ({ query: { page }, principal }) => {
        const items = (await listViews(db, principal.actor, page)).map((row) => viewDocument(row, principal));
        return { body: { items: items.sort((a, b) => Number(b.is_mine) - Number(a.is_mine)) } };
      },
    }),
    route({
      ...NAMES,
      method: 'GET',
      url: '/views/:id',
      summary: 'One saved view',
      params: viewParams,
      response: viewSchema,
      handle: async ({ params: { id }, principal }) => answerOf(await findView(db, id, principal.actor), principal),
    }),
  ];
}

function writeRoutes({ newId, now }: ApiContext): Route[] {
  const changeBy = (by: { actor: string; requestId: string }, principal: Principal) => ({
    ...by,
    now: now(),
    isAdministrator: hasRole(principal, 'administrator'),
  });
  return [
    route({
      ...NAMES,
      method: 'POST',
      url: '/views',
      summary: 'Save a view',
      idempotency: 'kept',
      status: 201,
      body: viewContentSchema,
      response: viewSchema,
      handle: ({ body, by, principal, write }) =>
        write(async (transaction) => {
          const row = await addView(transaction, newId(), contentOf(body, principal), changeBy(by, principal));
          return { ...answerOf(row, principal), location: `/views/${row.id}` };
        }),
    }),
    route({
      ...NAMES,
      method: 'PUT',
      url: '/views/:id',
      summary: 'Change a view; its owner and administrators may',
      idempotency: 'kept',
      ifMatch: true,
      params: viewParams,
      body: viewContentSchema,
      response: viewSchema,
      handle: ({ params: { id }, body, by, principal, expectedVersion: version, write }) =>
        write(async (transaction) => {
          const content = contentOf(body, principal);
          return answerOf(await changeView(transaction, { id, version }, content, changeBy(by, principal)), principal);
        }),
    }),
    route({
      ...NAMES,
      method: 'DELETE',
      url: '/views/:id',
      summary: 'Remove a view; its owner and administrators may',
      idempotency: 'kept',
      ifMatch: true,
      params: viewParams,
      status: 204,
      handle: ({ params: { id }, by, principal, expectedVersion: version, write }) =>
        write(async (transaction) => {
          await removeView(transaction, { id, version }, changeBy(by, principal));
          return {};
        }),
    }),
  ];
}

function contentOf(
  { columns, is_shared, ...content }: z.output<typeof viewContentSchema>,
  principal: Principal,
): ViewContent {
  if (is_shared && !hasRole(principal, 'analyst'))
    throw new Failure(
      'forbidden',
      'SHARING_NOT_ALLOWED',
      'viewers keep views for themselves',
      'Save it without sharing it.',
    );
  return { ...content, columns: JSON.stringify(columns), is_shared: is_shared ? 1 : 0 };
}

function answerOf(row: ViewRow, principal: Principal) {
  return { body: viewDocument(row, principal), version: Number(row.version) };
}

function viewDocument({ columns, is_shared, created_at, updated_at, version, ...row }: ViewRow, { actor }: Principal) {
  return {
    ...row,
    columns: JSON.parse(columns) as string[],
    is_shared: is_shared === 1,
    is_mine: row.owner === actor,
    version: Number(version),
    created_at: momentText(Number(created_at)),
    updated_at: momentText(Number(updated_at)),
  };
}
