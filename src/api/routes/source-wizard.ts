/** Samples a file, checks a source and adds one to the configuration. Never lets a file of the machine be read that is not the source's. */

import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { z } from 'zod';
import type { JudgedRow } from '../../app/judge-rows.ts';
import { listNamedSources } from '../../app/named-sources.ts';
import { pinFiles } from '../../app/pin-imports.ts';
import { checkSource } from '../../app/sources/check-source.ts';
import { knownColumns, previewSource } from '../../app/sources/preview-source.ts';
import { prepareSource } from '../../app/sources/save-source.ts';
import type { ShownRows } from '../../app/sources/show-rows.ts';
import {
  newSourceSchema,
  savedSourceSchema,
  sourceCheckSchema,
  sourceParams,
  sourcePreviewRequest,
  sourcePreviewSchema,
} from '../../contract/api/sources.ts';
import type { FileSourceConfig } from '../../contract/configuration.ts';
import { Failure } from '../../core/model/failure.ts';
import { appendAudit } from '../../store/work/audit.ts';
import { appendEvents } from '../../store/work/events.ts';
import { findImport } from '../../store/work/imports.ts';
import type { ApiContext } from '../api-context.ts';
import { currentPlanOrEmpty } from '../current-plan.ts';
import { type Answer, type Call, type Route, route } from '../route.ts';

const NAMES = { tag: 'sources', scope: 'all-sites', method: 'POST' } as const;
const PREVIEW_BYTES_MAX = 17 * 2 ** 20;
/** An imported file that is larger is previewed by its beginning, where its format allows that. */
const SAMPLE_BYTES_MAX = 12 * 2 ** 20;
/** Each of them may hold such a sample in memory. */
const PREVIEWS_PER_MINUTE = 120;

export function sourceWizardRoutes(context: ApiContext): Route[] {
  return [
    route({
      ...NAMES,
      url: '/sources/preview',
      summary: 'How a sample would be read: proposed settings, raw and parsed rows, rejections; nothing is saved',
      role: 'analyst',
      idempotency: 'repeatable',
      bytesMax: PREVIEW_BYTES_MAX,
      perMinuteMax: PREVIEWS_PER_MINUTE,
      body: sourcePreviewRequest,
      response: sourcePreviewSchema,
      handle: ({ body }) => preview(context, body),
    }),
    route({
      ...NAMES,
      url: '/sources',
      summary: 'Add a source to evenstock.yaml; If-Match is the ETag of GET /sources',
      role: 'administrator',
      idempotency: 'kept',
      ifMatch: true,
      status: 201,
      body: newSourceSchema,
      response: savedSourceSchema,
      otherStatuses: { 200: 'A trial: nothing was saved' },
      handle: (call) => save(context, call),
    }),
    route({
      ...NAMES,
      url: '/sources/:name/check',
      summary: 'Open the newest file of a source and say what it sees',
      role: 'analyst',
      idempotency: 'repeatable',
      params: sourceParams,
      response: sourceCheckSchema,
      handle: ({ params: { name } }) => check(context, name),
    }),
  ];
}

async function preview(
  context: ApiContext,
  { kind, system, file_name, content_base64, is_cut, settings, ...given }: z.output<typeof sourcePreviewRequest>,
): Promise<Answer<z.input<typeof sourcePreviewSchema>>> {
  const loaded = context.configuration();
  const plan = await currentPlanOrEmpty(context, loaded);
  const sample =
    given.import === undefined
      ? { content: Buffer.from(content_base64 ?? '', 'base64'), fileName: file_name, isCut: is_cut }
      : await importedSample(context, given.import);
  const request = { kind, system, ...sample, settings: settings as Partial<FileSourceConfig> };
  const {
    columns,
    unknownColumns,
    header,
    questions,
    problem,
    settings: proposed,
    ...shown
  } = await previewSource(request, loaded.configuration, plan);
  return {
    body: {
      settings: proposed,
      questions: questions.map((question) => ({ ...question })),
      columns: columns.map(({ canonical, column, isProposed }) => ({ canonical, column, is_proposed: isProposed })),
      canonical: knownColumns(kind),
      header: [...header],
      unknown_columns: [...unknownColumns],
      problem,
      ...rowsDocument(shown),
    },
  };
}

async function importedSample({ database, dataDirectory }: ApiContext, id: string) {
  const row = await findImport(database.db, id);
  if (row === undefined) throw new Failure('absent', 'IMPORT_UNKNOWN', `there is no import ${id}`);
  if (row.path === null) throw new Failure('conflict', 'IMPORT_NOT_KEPT', `the file of import ${id} is not kept`);
  const path = join(dataDirectory, row.path);
  const { size } = await stat(path).catch(() => ({ size: 0 }));
  if (size > SAMPLE_BYTES_MAX)
    throw new Failure('conflict', 'SAMPLE_TOO_LARGE', `the file has ${size} bytes`, 'Send its beginning with is_cut.');
  return { content: await readFile(path), fileName: row.file_name, isCut: false };
}

async function save(
  context: ApiContext,
  {
    body: { part, settings, is_trial },
    by,
    expectedVersion,
    write,
  }: Call<undefined, undefined, z.output<typeof newSourceSchema>>,
): Promise<Answer<z.input<typeof savedSourceSchema>>> {
  const { configurationFile: file, configuration, newId, now } = context;
  if (file === undefined)
    throw new Failure(
      'conflict',
      'CONFIGURATION_FIXED',
      'the configuration of this server is not changed over the API',
    );
  const { path, hash } = configuration();
  const prepare = () => prepareSource(path, { part, settings }, expectedVersion, { newId: newId(), load: file.load });
  if (is_trial) {
    const { name, diff, discard } = await prepare();
    await discard();
    return { status: 200, body: { name, part, is_saved: false, diff } };
  }
  const answer = await write(async (transaction) => {
    const prepared = await prepare();
    try {
      const { name, diff } = prepared;
      const entry = { ...by, action: 'source.add', entity: 'source', entityId: name, before: { hash } };
      await appendAudit(transaction, { ...entry, after: { part, settings, diff } }, now());
      await appendEvents(transaction, [{ kind: 'source.added', document: { name, part } }], now());
      // Last: what fails before leaves the file as it was.
      await prepared.place();
      const saved = { name, part, is_saved: true, diff };
      return { body: saved, version: prepared.version, location: '/sources' };
    } finally {
      await prepared.discard();
    }
  });
  await file.reload();
  return answer;
}

async function check(context: ApiContext, name: string): Promise<Answer<z.input<typeof sourceCheckSchema>>> {
  const loaded = context.configuration();
  const source = listNamedSources(loaded.configuration).find((each) => each.name === name);
  if (source === undefined)
    throw new Failure('absent', 'SOURCE_UNKNOWN', `there is no source ${name}`, 'GET /api/v1/sources lists all.');
  const pinned = await pinFiles(context.database.db, context.dataDirectory, loaded.configuration, 'all');
  const plan = await currentPlanOrEmpty(context, loaded);
  const { file, header, columns, unknownColumns, asOf, problem, ...shown } = await checkSource(
    source,
    loaded,
    pinned,
    plan,
  );
  return {
    body: {
      ...{ name, part: source.part, file: file?.name ?? null, bytes: file?.bytes ?? null },
      modified_at: file === undefined ? null : new Date(file.modifiedMs).toISOString(),
      as_of: asOf ?? null,
      columns: columns.map(([canonical, column]) => ({ canonical, column })),
      header: [...header],
      unknown_columns: [...unknownColumns],
      problem,
      ...rowsDocument(shown),
    },
  };
}

function rowsDocument({ rows, rejections, counts }: ShownRows) {
  const document = (row: JudgedRow) => ({ ...row, cells: [...row.cells] });
  return { rows: rows.map(document), rejections: rejections.map(document), counts };
}
