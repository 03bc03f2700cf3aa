/** How well interfaces carry messages, and the messages of a run. Never counts a message of a site that the caller does not see. */
import { z } from 'zod';
import type { FoundMessage, InterfaceFigures } from '../../app/messages/message-shelf.ts';
import type { MessageSearch } from '../../app/messages/message-statements.ts';
import { type MessagesOfRun, RunMessages } from '../../app/messages/run-messages.ts';
import { RunFiles } from '../../app/run-files.ts';
import { runParams } from '../../contract/api/discrepancies.ts';
import { interfacesQuery, interfacesSchema, runMessagesPage, runMessagesQuery } from '../../contract/api/interfaces.ts';
import type { Configuration } from '../../contract/configuration.ts';
import type { RunDocument } from '../../contract/run.ts';
import { sumOfDecimals } from '../../core/measure/scaled-text.ts';
import { durationMs } from '../../core/normalize/time.ts';
import { type AlertRow, listAlerts } from '../../store/work/alerts.ts';
import { readFeeds } from '../../store/work/intake.ts';
import type { Principal } from '../../store/work/principal.ts';
import type { ApiContext } from '../api-context.ts';
import { currentPlan } from '../current-plan.ts';
import { pageFrom, positionOf } from '../cursor.ts';
import { momentText } from '../moment-text.ts';
import { type Route, route } from '../route.ts';
import { visibleSites } from '../visible-sites.ts';

const HOUR_MS = 3_600_000;
const SECOND_MS = 1_000;
/** Alerts that are looked through for interfaces that fell silent. */
const ALERTS_MAX = 1_000;
const NAMES = { role: 'viewer', scope: 'filtered', method: 'GET' } as const;

export function interfaceRoutes(context: ApiContext): Route[] {
  const messages = new RunMessages({
    ...context,
    files: new RunFiles(context),
    planOf: (loaded) => currentPlan(context, loaded),
  });
  return [
    route({
      ...NAMES,
      url: '/interfaces',
      summary: 'What became of the messages of each interface: volume, lag, rejects, duplicates, silence',
      tag: 'interfaces',
      query: interfacesQuery,
      response: interfacesSchema,
      handle: async ({ query, principal }) => ({ body: await overview(context, messages, query, principal) }),
    }),
    route({
      ...NAMES,
      url: '/runs/:id/messages',
      summary: 'Messages of a run, those that were sent last first; of the newest run with what was taken in since',
      tag: 'interfaces',
      params: runParams,
      query: runMessagesQuery,
      response: runMessagesPage,
      handle: async ({ params: { id }, query, principal }) => {
        const found = await messages.of(id, context.configuration());
        const rows = await messages.search(found, searchOf(query, principal));
        return { body: pageFrom(rows, query.limit, messageDocument, (row) => [Number(row.sent_at), row.place]) };
      },
    }),
  ];
}

async function overview(
  { database, configuration, now }: ApiContext,
  messages: RunMessages,
  { run, site, hours }: z.output<typeof interfacesQuery>,
  principal: Principal,
): Promise<z.input<typeof interfacesSchema>> {
  const loaded = configuration();
  const found = await messages.of(run, loaded);
  const { interfaces, unreadable } = await messages.interfaces(found, visibleSites(principal, site), hours);
  const [feeds, alerts] = await Promise.all([
    readFeeds(database.db),
    listAlerts(database.db, { kinds: ['silent-feed'], isOpen: true, limit: ALERTS_MAX }),
  ]);
  const newest = Math.max(...interfaces.map(({ lastSent }) => lastSent));
  const from = interfaces.length === 0 ? null : (Math.floor(newest / HOUR_MS) - hours + 1) * HOUR_MS;
  const world: World = { found, ...loaded, feeds, alerts, now: now(), from: from ?? 0, hours };
  const items = interfaces.map((figures) => interfaceDocument(figures, world, principal.sites === null));
  items.sort((a, b) => urgencyOf(b) - urgencyOf(a) || (a.interface < b.interface ? -1 : 1));
  return {
    run_id: found.run?.run_id ?? null,
    currency: found.run?.currency ?? loaded.configuration.currency,
    heartbeat_from: from === null ? null : momentText(from),
    files: found.files.map(({ input, state, message }) => ({
      ...{ source: input.source, file: input.file, message },
      state: state as 'as-read' | 'changed' | 'gone',
    })),
    unreadable_rows: unreadable,
    items,
  };
}

function searchOf(query: z.output<typeof runMessagesQuery>, principal: Principal): MessageSearch {
  const [sentAt, place] = positionOf(query.cursor, z.tuple([z.int(), z.string()])) ?? [];
  const text = query.text?.trim() ?? '';
  return {
    sites: visibleSites(principal, query.site),
    interfaces: query.interface,
    items: query.item,
    states: query.state?.map((state) => state.toLowerCase()),
    reference: query.reference,
    messageId: query.message_id,
    text: text === '' ? undefined : text,
    from: query.from === undefined ? undefined : Date.parse(query.from),
    until: query.until === undefined ? undefined : Date.parse(query.until),
    after: sentAt === undefined || place === undefined ? undefined : { sentAt, place },
    limit: query.limit + 1,
  };
}

interface World {
  readonly found: MessagesOfRun;
  readonly configuration: Configuration;
  readonly feeds: Awaited<ReturnType<typeof readFeeds>>;
  readonly alerts: readonly AlertRow[];
  readonly now: number;
  readonly from: number;
  readonly hours: number;
}

function interfaceDocument(figures: InterfaceFigures, world: World, seesAll: boolean) {
  const { name, messages, lines, applied, rejected, open, late, duplicates, lagMedian, lagP95, lagMax } = figures;
  const { found, from, hours } = world;
  const { lag, lags } = found.set.frame;
  const strip = (value: (hour: InterfaceFigures['hours'][number]) => number): number[] => {
    const values = new Array<number>(hours).fill(0);
    for (const each of figures.hours) {
      const at = each.hour - from / HOUR_MS;
      if (at >= 0 && at < hours) values[at] = value(each);
    }
    return values;
  };
  return {
    interface: name,
    ...{ messages, lines, applied, rejected, open, late, duplicates },
    superseded: lines - applied - rejected - open - late,
    lag: {
      median_seconds: lagMedian ?? null,
      p95_seconds: lagP95 ?? null,
      max_seconds: lagMax ?? null,
      allowed_seconds: Math.round((lags[name] ?? lag) / SECOND_MS),
    },
    errors: figures.errors.map(({ error, lines: times, lastSent }) => ({
      ...{ error, lines: times, last_at: momentText(lastSent) },
    })),
    first_seen: momentText(figures.firstSent),
    last_seen: momentText(figures.lastSent),
    heartbeat: {
      lines: strip((hour) => hour.lines),
      rejected: strip((hour) => hour.rejected),
      late: strip((hour) => hour.late),
    },
    silence: silenceOf(figures, world),
    explained: seesAll ? explainedBy(name, found.run) : null,
  };
}

/** What is taken in can be silent now; a log only up to where it ends. */
function silenceOf({ name, lastSent }: InterfaceFigures, { found, configuration, feeds, alerts, now }: World) {
  const { silent_after: limits } = configuration;
  const limitText = limits?.feeds?.[name] ?? limits?.default;
  const limitMs = limitText === undefined ? null : durationMs(limitText);
  const feed = feeds.find((each) => each.kind === 'messages' && each.name === name);
  const { erpCutOff, wmsCutOff } = found.set.frame;
  const ms = feed === undefined ? Math.max(erpCutOff, wmsCutOff) - lastSent : now - feed.last_at;
  const alert = alerts.find(({ subject }) => subject === JSON.stringify(['messages', name]));
  return {
    seconds: Math.max(0, Math.round(ms / SECOND_MS)),
    limit_seconds: limitMs === null ? null : Math.round(limitMs / SECOND_MS),
    is_silent: alert !== undefined || (limitMs !== null && ms > limitMs),
    alert_id: alert?.id ?? null,
  };
}

function explainedBy(name: string, run: RunDocument | undefined) {
  const findings = (run?.findings ?? []).filter(({ factor }) => factor['interface'] === name);
  const sum = (value: (finding: RunDocument['findings'][number]) => string): string =>
    sumOfDecimals(findings.map(value));
  return {
    findings: findings.map(({ id }) => id),
    discrepancies: findings.reduce((all, { discrepancies }) => all + discrepancies, 0),
    gross_variance_quantity: sum((finding) => finding.gross_variance_quantity),
    gross_variance_value: sum((finding) => finding.gross_variance_value),
    impact_value: sum((finding) => finding.impact_value),
  };
}

function urgencyOf({
  silence,
  rejected,
  late,
}: {
  silence: { is_silent: boolean };
  rejected: number;
  late: number;
}): number {
  return (silence.is_silent ? Number.MAX_SAFE_INTEGER / 2 : 0) + rejected + late;
}

function messageDocument(found: FoundMessage) {
  const numberOf = (text: string): number | null => (text === '' ? null : Number(text));
  const momentOf = (text: string): string | null => (text === '' ? null : momentText(Number(text)));
  const columns = Object.entries(found).flatMap(([name, value]) =>
    name.startsWith('c_') && value !== '' ? [[name.slice(2), value] as const] : [],
  );
  return {
    source: found.source,
    file: found.file,
    row: found.row === '0' ? null : numberOf(found.row),
    batch: numberOf(found.batch),
    line: numberOf(found.line),
    taken_in_at: momentOf(found.taken_in_at),
    site: found.site,
    item: found.item_code,
    sent_at: momentText(Number(found.sent_at)),
    applied_at: momentOf(found.applied_at),
    message: Object.fromEntries(columns),
  };
}
