/** People, their sessions and the keys of other systems, as the API shows and takes them. Never shows a secret twice. */
import { z } from 'zod';
import { pageOf, pageQuery } from './paging.ts';

const roleSchema = z
  .enum(['viewer', 'analyst', 'approver', 'administrator'])
  .describe('each includes the ones before it');
const sitesSchema = z.array(z.string().min(1).max(200)).max(1_000).nullable().describe('null: all sites');
/** ISO 8601 in UTC. */
export const momentSchema = z.iso.datetime();

export const loginSchema = z
  .string()
  .regex(/^[\p{L}\p{N}][\p{L}\p{N}@._+-]{0,99}$/u, 'letters, digits and @ . _ + -')
  .describe('what a person types to sign in; upper and lower case are the same');
const personName = z.string().trim().min(1).max(200);
const password = z.string().min(1).max(256);
export const emailSchema = z.email().max(320).nullable();
export const idSchema = z.string().regex(/^[0-9A-Za-z-]{1,64}$/);

export const personSchema = z
  .strictObject({
    id: z.string(),
    login: z.string(),
    name: z.string(),
    email: z.string().nullable(),
    role: roleSchema,
    sites: sitesSchema,
    is_enabled: z.boolean(),
    has_password: z.boolean(),
    created_at: momentSchema,
    version: z.int(),
  })
  .meta({ id: 'Person' });
export type Person = z.infer<typeof personSchema>;

export const actorsSchema = z.strictObject({
  items: z.array(z.strictObject({ actor: z.string(), name: z.string() })),
});

export const peopleQuery = z.strictObject({ ...pageQuery });
export const peoplePage = pageOf(personSchema);
export const newPersonSchema = z.strictObject({
  login: loginSchema,
  name: personName,
  email: emailSchema.default(null),
  role: roleSchema,
  sites: sitesSchema.default(null),
  password,
});
export const personChangeSchema = z.strictObject({
  name: personName.optional(),
  email: emailSchema.optional(),
  role: roleSchema.optional(),
  sites: sitesSchema.optional(),
  is_enabled: z.boolean().optional(),
  password: password.optional(),
});

export const signInSchema = z.strictObject({ login: z.string().min(1).max(100), password });
export const linkSchema = z.strictObject({ token: z.string().min(1).max(100) });
export const setupSchema = z.strictObject({
  token: z.string().min(1).max(100),
  login: loginSchema,
  name: personName,
  password,
});
export const ownPasswordSchema = z.strictObject({ current_password: password, new_password: password });

/** Who sends the request. */
export const sessionSchema = z
  .strictObject({
    actor: z.string().describe('person:<id> or key:<id>, as the audit trail names it'),
    role: roleSchema,
    sites: sitesSchema,
    person: personSchema.nullable().describe('null: a key'),
    csrf_token: z
      .string()
      .nullable()
      .describe('goes back in the header x-csrf-token of every write; null: a key needs none'),
  })
  .meta({ id: 'Session' });

export const apiKeySchema = z
  .strictObject({
    id: z.string(),
    name: z.string(),
    prefix: z.string().describe('how its secret begins'),
    role: roleSchema,
    sites: sitesSchema,
    created_by: z.string(),
    created_at: momentSchema,
    expires_at: momentSchema.nullable(),
    last_used_at: momentSchema.nullable().describe('to the minute'),
    revoked_at: momentSchema.nullable(),
  })
  .meta({ id: 'ApiKey' });
export type ApiKey = z.infer<typeof apiKeySchema>;

export const apiKeyPage = pageOf(apiKeySchema);
export const newApiKeySchema = z.strictObject({
  name: z.string().trim().min(1).max(200),
  role: roleSchema,
  sites: sitesSchema.default(null),
  expires_at: momentSchema.nullable().default(null),
});
export const createdApiKeySchema = z.strictObject({
  ...apiKeySchema.shape,
  secret: z.string().describe('shown this once: goes into Authorization: Bearer'),
});
