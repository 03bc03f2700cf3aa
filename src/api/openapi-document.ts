/** The description of the API as OpenAPI 3.1, made of the very schemas that check requests. Never adds a rule of its own. */
import { z } from 'zod';
import { problemSchema } from '../contract/api/problem.ts';
import type { Route } from './route.ts';

type Json = Record<string, unknown>;

const PREFIX = '/api/v1';
const CODES: Readonly<Record<number, string>> = {
  200: 'Done',
  201: 'Made; the header location says where it is',
  202: 'Accepted; the header location says where it is',
  204: 'Done; there is nothing to say',
  302: 'Goes on at the address in the header location',
};

export function openApiDocument(routes: readonly Route[]): Json {
  const schemas: Record<string, Json> = {};
  const paths: Record<string, Json> = {};
  for (const route of routes) {
    const url = `${PREFIX}${route.url.replaceAll(/:(\w+)/g, '{$1}')}`;
    paths[url] = { ...paths[url], [route.method.toLowerCase()]: operationOf(route, schemas) };
  }
  const problem = schemaOf(problemSchema, 'output', schemas);
  return {
    openapi: '3.1.0',
    info: {
      title: 'Evenstock',
      version: '1',
      description: 'Keeps an ERP and its warehouse management systems in agreement about stock.',
    },
    servers: [{ url: '/' }],
    paths,
    components: {
      schemas: Object.fromEntries(Object.entries(schemas).sort(([a], [b]) => (a < b ? -1 : 1))),
      responses: {
        Problem: { description: 'It failed', content: { 'application/problem+json': { schema: problem } } },
      },
      securitySchemes: {
        key: { type: 'http', scheme: 'bearer', description: 'An API key' },
        session: {
          type: 'apiKey',
          in: 'cookie',
          name: '__Host-evenstock_session',
          description: 'A person who signed in; writes carry the header x-csrf-token',
        },
      },
    },
  };
}

function operationOf(route: Route, schemas: Record<string, Json>): Json {
  const status = route.status ?? 200;
  const body = requestBodyOf(route, schemas);
  const parameters = parametersOf(route, schemas);
  return {
    operationId: operationIdOf(route),
    tags: [route.tag],
    summary: route.summary,
    ...(route.role === 'public'
      ? { security: [] }
      : { security: [{ key: [] }, { session: [] }], 'x-role': route.role }),
    'x-sites': route.scope,
    ...(parameters.length > 0 && { parameters }),
    ...(body !== undefined && { requestBody: body }),
    responses: {
      [status]: { description: CODES[status], ...contentOf(route, schemas) },
      ...Object.fromEntries(
        Object.entries(route.otherStatuses ?? {}).map(([code, description]) => [
          code,
          { description, ...((Number(code) < 300 || Number(code) === 503) && contentOf(route, schemas)) },
        ]),
      ),
      default: { $ref: '#/components/responses/Problem' },
    },
  };
}

/** `GET /runs/:id/discrepancies` → getRunsIdDiscrepancies. */
function operationIdOf({ method, url }: Route): string {
  const words = url.split(/[^A-Za-z0-9]+/).filter((word) => word !== '');
  return method.toLowerCase() + words.map((word) => word[0]?.toUpperCase() + word.slice(1)).join('');
}

function contentOf(route: Route, schemas: Record<string, Json>): Json {
  if (route.produces !== undefined)
    return { content: Object.fromEntries(route.produces.map((type) => [type, { schema: { type: 'string' } }])) };
  if (route.response === undefined) return {};
  return { content: { 'application/json': { schema: schemaOf(route.response, 'output', schemas) } } };
}

function requestBodyOf(route: Route, schemas: Record<string, Json>): Json | undefined {
  if (route.consumes !== undefined) {
    const schema = route.body === undefined ? {} : schemaOf(route.body, 'input', schemas);
    return { required: true, content: Object.fromEntries(route.consumes.map((type) => [type, { schema }])) };
  }
  if (route.body === undefined) return undefined;
  const isRequired = !route.body.safeParse(undefined).success;
  return {
    ...(isRequired && { required: true }),
    content: { 'application/json': { schema: schemaOf(route.body, 'input', schemas) } },
  };
}

function parametersOf(route: Route, schemas: Record<string, Json>): Json[] {
  const header = (name: string, isRequired: boolean, description: string): Json => ({
    name,
    in: 'header',
    ...(isRequired && { required: true }),
    description,
    schema: { type: 'string' },
  });
  return [
    ...fieldsOf(route.params, 'path', schemas),
    ...fieldsOf(route.query, 'query', schemas),
    ...(route.ifMatch ? [header('If-Match', true, 'the ETag of what was read')] : []),
    ...(route.idempotency === 'kept' || route.idempotency === 'once' || route.idempotency === 'by-content'
      ? [header('Idempotency-Key', false, 'the same key with the same request is done once')]
      : []),
  ];
}

function fieldsOf(schema: z.ZodType | undefined, place: 'path' | 'query', schemas: Record<string, Json>): Json[] {
  if (schema === undefined) return [];
  const { properties = {}, required = [] } = schemaOf(schema, 'input', schemas) as {
    properties?: Record<string, Json>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, { description, ...rest }]) => ({
    name,
    in: place,
    ...(required.includes(name) && { required: true }),
    ...(description !== undefined && { description }),
    schema: rest,
  }));
}

/** Named parts move to `schemas`; the same name for two different shapes is our mistake. */
function schemaOf(schema: z.ZodType, io: 'input' | 'output', schemas: Record<string, Json>): Json {
  const made = z.toJSONSchema(schema, { target: 'draft-2020-12', io, unrepresentable: 'any' }) as Json;
  const {
    $schema: _,
    $defs = {},
    id,
    ...own
  } = JSON.parse(JSON.stringify(made).replaceAll('"#/$defs/', '"#/components/schemas/')) as Json & {
    $defs?: Record<string, Json>;
    id?: string;
  };
  for (const [name, { id: _id, ...part }] of Object.entries($defs)) keep(name, part, schemas);
  if (id === undefined) return own;
  keep(id, own, schemas);
  return { $ref: `#/components/schemas/${id}` };
}

function keep(name: string, part: Json, schemas: Record<string, Json>): void {
  const before = schemas[name];
  if (before !== undefined && JSON.stringify(before) !== JSON.stringify(part))
    throw new Error(`Invariant broken: two shapes are called ${name}`);
  schemas[name] = part;
}
