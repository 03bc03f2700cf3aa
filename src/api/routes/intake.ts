/**
 * Takes in movements, messages and balances as other systems send them, and finds them again. Never judges a row, and never
 * answers that a row is taken before it is committed.
 */
import { createHash } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline, Transform } from 'node:stream';
import { finished } from 'node:stream/promises';
import { z } from 'zod';
import { FileImporter } from '../../app/file-importer.ts';
import { findImportSource } from '../../app/find-import-source.ts';
import { IntakeReader } from '../../app/intake-reader.ts';
import type { NamedSource } from '../../app/named-sources.ts';
import { type FoundIntakeRow, type IntakeSearch, searchIntake } from '../../app/search-intake.ts';
import { type TakenIn, takeAllButLast } from '../../app/take-in.ts';
import {
  intakePage,
  messagesQuery,
  movementsQuery,
  sendBalancesQuery,
  sendMessagesQuery,
  sendMovementsQuery,
  sentBalancesSchema,
  takenInSchema,
} from '../../contract/api/intake.ts';
import { isKeyUsed } from '../../store/work/idempotency.ts';
import type { IntakeKind } from '../../store/work/intake.ts';
import { canSee, type Principal } from '../../store/work/principal.ts';
import { storeNow } from '../../store/work/store-clock.ts';
import type { ApiContext } from '../api-context.ts';
import { currentPlan } from '../current-plan.ts';
import { pageFrom, positionOf } from '../cursor.ts';
import { momentText } from '../moment-text.ts';
import { ApiProblem } from '../problem.ts';
import { type Answer, type Call, type Route, route } from '../route.ts';
import { visibleSites } from '../visible-sites.ts';

const JSON_TYPES = ['application/json', 'application/x-ndjson'] as const;
/** A stream may be long: only a batch of it is in memory. */
const STREAM_BYTES_MAX = 2 ** 32;
/** Senders at once; more are asked to come again, so that memory and waiting stay bounded. */
const SENDERS_MAX = 32;
const SENDING = {
  tag: 'intake',
  role: 'analyst',
  scope: 'filtered',
  idempotency: 'by-content',
  consumes: JSON_TYPES,
  bytesMax: STREAM_BYTES_MAX,
  otherStatuses: { 503: 'Too many send at once; come again after Retry-After' },
} as const;
const READING = { tag: 'intake', role: 'viewer', scope: 'filtered', response: intakePage } as const;

export function intakeRoutes(context: ApiContext): Route[] {
  const door = new IntakeDoor(context);
  return [
    route({
      ...SENDING,
      method: 'POST',
      url: '/movements',
      summary: 'Send movements of one system: an array or JSON Lines; contents that were sent before change nothing',
      query: sendMovementsQuery,
      status: 202,
      response: takenInSchema,
      handle: (call) => door.take('movements', call.query.system, call),
    }),
    route({
      ...SENDING,
      method: 'POST',
      url: '/messages',
      summary: 'Send lines of messages and their states: an array or JSON Lines',
      query: sendMessagesQuery,
      status: 202,
      response: takenInSchema,
      handle: (call) => door.take('messages', '', call),
    }),
    route({
      ...SENDING,
      scope: 'all-sites',
      method: 'POST',
      url: '/balances',
      summary: 'Send a snapshot of one system: an import of its balances',
      query: sendBalancesQuery,
      status: 202,
      response: sentBalancesSchema,
      handle: (call) => door.import(call),
    }),
    route({
      ...READING,
      method: 'GET',
      url: '/movements',
      summary: 'Movements that were taken in, the newest first',
      query: movementsQuery,
      handle: ({ query, principal }) => door.find('movements', query, principal, { system: query.system }),
    }),
    route({
      ...READING,
      method: 'GET',
      url: '/messages',
      summary: 'Messages that were taken in, the newest first',
      query: messagesQuery,
      handle: ({ query, principal }) => door.find('messages', query, principal, { states: query.state }),
    }),
  ];
}

type SearchQuery = Omit<z.output<typeof messagesQuery>, 'state'>;

class IntakeDoor {
  private readonly context: ApiContext;
  private senders = 0;

  constructor(context: ApiContext) {
    this.context = context;
  }

  private get temporaryDirectory(): string {
    return join(this.context.dataDirectory, 'work', 'intake');
  }

  take(
    kind: IntakeKind,
    system: string,
    call: Call<unknown, { strict: 'true' | 'false' }, unknown>,
  ): Promise<Answer<TakenIn>> {
    const { query, principal, request, idempotencyKey, write } = call;
    return this.asOneOfFew(async () => {
      const { database, configuration, now } = this.context;
      const isKeyKnown =
        idempotencyKey !== undefined && (await isKeyUsed(database.db, principal.actor, idempotencyKey));
      const { upload, contentHash } = hashed(call, idempotencyKey !== undefined);
      if (isKeyKnown) {
        // Nothing of it is taken: it is either the same as before, or refused.
        upload.resume();
        await finished(upload);
        return write(forgotten, contentHash());
      }
      const loaded = configuration();
      await mkdir(this.temporaryDirectory, { recursive: true, mode: 0o700 });
      const reader = new IntakeReader(kind, system, loaded.configuration, await currentPlan(this.context, loaded));
      const takeLast = await takeAllButLast(upload, {
        ...{ database, reader },
        now: () => storeNow(database, now),
        layout: isLines(request.headers['content-type']) ? 'lines' : 'array',
        isStrict: query.strict === 'true',
        canSee: (site) => canSee(principal, site),
      });
      return write(async (transaction) => {
        const outcome = await takeLast(transaction);
        if (outcome.taken + outcome.duplicates === 0 && outcome.rejected > 0) throw noneTaken(outcome);
        return { body: outcome, status: outcome.taken > 0 ? 202 : 200 };
      }, contentHash());
    });
  }

  import({ query, upload, principal, request }: Call<unknown, z.output<typeof sendBalancesQuery>, unknown>) {
    return this.asOneOfFew(async () => {
      const { configuration, now, stopping } = this.context;
      const loaded = configuration();
      const { system, source: name } = query;
      const source = findImportSource(loaded.configuration, { part: 'balances', system, source: name });
      const format = isLines(request.headers['content-type']) ? 'jsonl' : 'json';
      refuseOtherFormat(source, format);
      const importer = new FileImporter({ ...this.context, loaded, signal: stopping });
      const receipt = { fileName: `balances.${format}`, modifiedMs: now(), receivedBy: principal.actor };
      const { row, isNew } = await importer.importFile({ source, content: upload, ...receipt });
      const { id, state, rows, rejected, failure } = row;
      return {
        body: { import_id: id, is_new: isNew, state, rows, rejected, failure },
        status: isNew ? 202 : 200,
      } as const;
    });
  }

  async find(
    kind: IntakeKind,
    query: SearchQuery,
    principal: Principal,
    more: Pick<IntakeSearch, 'system' | 'states'>,
  ) {
    const [batch, line] = positionOf(query.cursor, z.tuple([z.int(), z.int()])) ?? [];
    await mkdir(this.temporaryDirectory, { recursive: true, mode: 0o700 });
    const found = await searchIntake(
      { ...this.context, temporaryDirectory: this.temporaryDirectory },
      {
        ...more,
        kind,
        sites: visibleSites(principal, query.site),
        items: query.item,
        reference: query.reference,
        messageId: query.message_id,
        from: query.from === undefined ? undefined : Date.parse(query.from),
        until: query.until === undefined ? undefined : Date.parse(query.until),
        before: batch === undefined || line === undefined ? undefined : { batch, line },
        limit: query.limit + 1,
      },
    );
    return { body: pageFrom(found, query.limit, rowDocument, (row) => [row.batch, row.line]) };
  }

  private async asOneOfFew<T>(act: () => Promise<T>): Promise<T> {
    if (this.senders >= SENDERS_MAX)
      throw new ApiProblem(503, 'INTAKE_BUSY', `${SENDERS_MAX} others are sending just now`, {
        action: 'Send it again in a moment; what was taken is not taken twice.',
        headers: { 'retry-after': '1' },
      });
    this.senders++;
    try {
      return await act();
    } finally {
      this.senders--;
    }
  }
}

function isLines(contentType: string | undefined): boolean {
  return contentType?.startsWith('application/x-ndjson') ?? false;
}

/** The upload of a call, and the hash of what it held once it is read. */
function hashed({ upload, request }: Call<unknown, unknown, unknown>, isWanted: boolean) {
  if (!isWanted) return { upload, contentHash: () => undefined };
  const hash = createHash('sha256').update(`${request.headers['content-type']}\n`);
  const passing = new Transform({
    transform: (part: Buffer, _encoding, done) => {
      hash.update(part);
      done(null, part);
    },
  });
  pipeline(upload, passing, () => undefined);
  return { upload: passing, contentHash: () => hash.digest('hex') };
}

/** The answer was still kept when its key was looked up. */
async function forgotten(): Promise<never> {
  throw new ApiProblem(409, 'ANSWER_FORGOTTEN', 'the answer to this Idempotency-Key was just forgotten', {
    action: 'Send it again.',
  });
}

function noneTaken({ rejected, rejections }: TakenIn): ApiProblem {
  const errors = rejections.map(({ line, column, reason }) => ({ path: `line ${line}.${column}`, message: reason }));
  return new ApiProblem(422, 'ROWS_REJECTED', `${rejected} rows cannot be read, and none was taken`, { errors });
}

/** A run reads what was brought in as the configuration says of its source. */
function refuseOtherFormat({ name, config }: NamedSource, format: 'json' | 'jsonl'): void {
  if (config.format === format) return;
  throw new ApiProblem(422, 'FORMAT_DIFFERS', `${name} is declared as ${config.format}, and ${format} was sent`, {
    action: `Declare the source with format: ${format}, or send it as declared.`,
  });
}

function rowDocument({ batch, line, system, site, item, receivedAt, row }: FoundIntakeRow) {
  return { batch, line, system, site, item, received_at: momentText(receivedAt), row };
}
