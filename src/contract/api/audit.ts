/** The audit trail as it is listed, checked and exported. */
import { z } from 'zod';
import { pageOf, pageQuery } from './paging.ts';

const auditFilter = {
  entity: z.string().max(100).optional(),
  entity_id: z.string().max(200).optional(),
  actor: z.string().max(200).optional(),
  action: z.string().max(100).optional().describe('such as schedule.update, or its beginning up to a dot'),
  from: z.iso.datetime({ offset: true }).optional(),
  to: z.iso.datetime({ offset: true }).optional().describe('before this moment'),
};

export const auditQuery = z.strictObject({ ...auditFilter, ...pageQuery });
export const auditExportQuery = z.strictObject(auditFilter);

export const auditEntrySchema = z
  .strictObject({
    number: z.int(),
    at: z.string(),
    actor: z.string(),
    action: z.string(),
    entity: z.string(),
    entity_id: z.string(),
    before: z.unknown(),
    after: z.unknown(),
    request_id: z.string().nullable(),
    previous_hash: z.string(),
    hash: z.string(),
  })
  .meta({ id: 'AuditEntry' });

export const auditPage = pageOf(auditEntrySchema);

export const auditVerifyQuery = z.strictObject({
  number: z.coerce.number().int().min(1).optional().describe('of a head that was noted earlier, with its hash'),
  hash: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .optional(),
});

export const auditVerdictSchema = z.strictObject({
  is_whole: z.boolean(),
  head: z
    .strictObject({ number: z.int(), hash: z.string() })
    .optional()
    .describe('note it elsewhere: without it a trail that was rewritten as a whole looks like another one'),
  number: z.int().optional().describe('the first row that is wrong'),
  reason: z.string().optional(),
});
