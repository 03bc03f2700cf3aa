/** Rows of files that a run read. Never opens a file that the run does not name, and never shows a row of a site that the caller does not see. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { z } from 'zod';
import { readSourceRows, type SourceRows } from '../../app/read-source-row.ts';
import { RunFiles } from '../../app/run-files.ts';
import { type FoundIntakeRow, searchIntake } from '../../app/search-intake.ts';
import { runParams } from '../../contract/api/discrepancies.ts';
import { documentQuery, documentSchema } from '../../contract/api/documents.ts';
import { CANONICAL_COLUMNS, type SourceKind } from '../../contract/configuration.ts';
import type { RunDocument, RunInput } from '../../contract/run.ts';
import { Failure } from '../../core/model/failure.ts';
import { resolveSite } from '../../core/normalize/master-data.ts';
import type { Plan } from '../../core/normalize/plan.ts';
import { canSee, type Principal } from '../../store/work/principal.ts';
import type { ApiContext } from '../api-context.ts';
import { currentPlan } from '../current-plan.ts';
import { type Route, route } from '../route.ts';

type DocumentQuery = z.output<typeof documentQuery>;
type DocumentView = z.input<typeof documentSchema>;

export function documentRoutes(context: ApiContext): Route[] {
  const files = new RunFiles(context);
  return [
    route({
      method: 'GET',
      url: '/runs/:id/document',
      summary: 'A row of a file that a run read, or that was taken in: raw and parsed, with the rows around it',
      tag: 'runs',
      role: 'viewer',
      scope: 'filtered',
      params: runParams,
      query: documentQuery,
      response: documentSchema,
      handle: async ({ params: { id }, query, principal }) => {
        const run = await context.results.document(id);
        const { batch, line } = query;
        if (batch !== undefined && line !== undefined)
          return { body: await takenInDocument(context, run, { ...query, batch, line }, principal) };
        return { body: await fileDocument(context, files, run, query, principal) };
      },
    }),
  ];
}

async function fileDocument(
  context: ApiContext,
  files: RunFiles,
  run: RunDocument,
  query: DocumentQuery,
  principal: Principal,
): Promise<DocumentView> {
  const input = inputOf(run, query);
  const loaded = context.configuration();
  const found = await files.find(input, loaded);
  const { at, state, message } = found;
  const frame = {
    ...{ run_id: run.run_id, source: input.source, kind: input.kind, system: input.system, file: input.file },
    ...{ format: at?.config.format ?? '', sha256: input.sha256, state, message, row: query.row ?? null },
  };
  const nothing = { raw_header: null, header: [], columns: [], rows: [] };
  if (at === undefined) return { ...frame, ...nothing };
  const kind: SourceKind = input.kind === 'opening' ? 'balances' : input.kind;
  const { row, around } = query;
  const range = row === undefined ? { first: 0, last: 1 + 2 * around } : { first: row - around, last: row + around };
  let read: SourceRows;
  try {
    read = await readSourceRows(kind, at.config, at.path, range);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const reason = error.kind === 'unreachable' ? 'it cannot be opened' : error.message;
    return { ...frame, ...nothing, state: 'unreadable', message: `${input.file} cannot be read any more: ${reason}` };
  }
  const constants = at.config.constants ?? {};
  const plan = principal.sites === null ? undefined : await currentPlan(context, loaded);
  const rows = read.rows
    .map((each) => ({ ...each, parsed: parsedOf(each.cells, read.columns, constants) }))
    .filter(({ parsed }) => plan === undefined || isVisible(input, kind, parsed, plan, principal));
  if (row !== undefined && !rows.some((each) => each.row === row)) throw unknownRow(input.file, row);
  return {
    ...frame,
    raw_header: read.rawHeader,
    header: [...read.header],
    columns: [...read.columns].map(([canonical, position]) => ({ canonical, column: read.header[position] ?? '' })),
    rows: rows.map(({ row: number, raw, cells, fault, parsed }) => ({
      ...{ row: number, is_asked: number === row, raw, cells: [...cells], parsed, fault },
    })),
  };
}

/** The one input of that name. Of what is asked for nothing is made but a comparison with the names that the run knows. */
function inputOf(run: RunDocument, { file = '', source }: DocumentQuery): RunInput {
  const named = run.inputs.filter((input) => input.file === file && (source === undefined || input.source === source));
  const [first] = named;
  if (first === undefined)
    throw new Failure('absent', 'DOCUMENT_UNKNOWN', `the run read no file ${file}`, 'Its result lists its inputs.');
  if (named.some(({ source: other }) => other !== first.source)) {
    const names = named.map((input) => input.source).join(', ');
    throw new Failure(
      'conflict',
      'DOCUMENT_AMBIGUOUS',
      `several sources have a file ${file}: ${names}`,
      'Name one with source.',
    );
  }
  return first;
}

function parsedOf(
  cells: readonly (string | null)[],
  columns: ReadonlyMap<string, number>,
  constants: Readonly<Record<string, string>>,
): Record<string, string> {
  const parsed: Record<string, string> = { ...constants };
  for (const [name, position] of columns) {
    const text = cells[position]?.trim() ?? '';
    if (text !== '') parsed[name] = text;
  }
  return parsed;
}

/** What names no site where rows of its kind do is nobody's who sees some sites only. */
function isVisible(
  { system }: RunInput,
  kind: SourceKind,
  parsed: Readonly<Record<string, string>>,
  { systems, master }: Plan,
  principal: Principal,
): boolean {
  if (!(CANONICAL_COLUMNS[kind] as readonly string[]).includes('site')) return true;
  const sender = parsed['from_system'] ?? '';
  const of = system === '' ? (systems.find(({ id }) => id === sender)?.id ?? '') : system;
  const site = resolveSite(of, parsed['site'] ?? '', master);
  return site !== '' && canSee(principal, site);
}

async function takenInDocument(
  context: ApiContext,
  run: RunDocument,
  { kind, batch, line }: DocumentQuery & { readonly batch: number; readonly line: number },
  principal: Principal,
): Promise<DocumentView> {
  const temporaryDirectory = join(context.dataDirectory, 'work', 'intake');
  await mkdir(temporaryDirectory, { recursive: true, mode: 0o700 });
  const search = { kind, sites: principal.sites ?? undefined, before: { batch, line: line + 1 }, limit: 1 };
  const [found] = await searchIntake({ ...context, temporaryDirectory }, search);
  if (found === undefined || found.batch !== batch || found.line !== line) throw unknownRow(`batch ${batch}`, line);
  const receivedAt = new Date(found.receivedAt).toISOString();
  return {
    ...{ run_id: run.run_id, source: '', kind, system: found.system, file: '', format: 'json', sha256: '' },
    ...{ state: 'taken-in', message: `taken in at ${receivedAt}`, row: line, raw_header: null },
    ...takenInRow(found),
  };
}

function takenInRow({ row, line }: FoundIntakeRow): Pick<DocumentView, 'header' | 'columns' | 'rows'> {
  const header = Object.keys(row);
  return {
    header,
    columns: header.map((name) => ({ canonical: name, column: name })),
    rows: [
      {
        ...{ row: line, is_asked: true, raw: JSON.stringify(row, null, 2), fault: null },
        ...{ cells: Object.values(row), parsed: { ...row } },
      },
    ],
  };
}

function unknownRow(of: string, row: number): Failure {
  return new Failure('absent', 'ROW_UNKNOWN', `${of} has no row ${row}`);
}
