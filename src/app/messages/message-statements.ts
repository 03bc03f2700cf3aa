/**
 * Decides how statements count and search indexed messages. A message counts as core/measure/count-messages.ts has it: once
 * for each line, however often its states were logged. Never runs a statement.
 */
import { CANONICAL_COLUMNS } from '../../contract/configuration.ts';
import { sqlText } from '../../duckdb/open-duckdb.ts';

/** What messages are judged by; moments and lags in milliseconds. */
export interface MessageFrame {
  readonly erpCutOff: number;
  readonly wmsCutOffs: Readonly<Record<string, number>>;
  /** Where a site has no cut-off of its own. */
  readonly wmsCutOff: number;
  /** The cut-off of rows that were taken in; undefined where none count. */
  readonly now: number;
  readonly lag: number;
  readonly lags: Readonly<Record<string, number>>;
  /** Rows that were taken in later do not count. */
  readonly takenInUntil: number | undefined;
}

/** What messages are searched by; what is undefined does not matter. */
export interface MessageSearch {
  readonly sites: readonly string[] | undefined;
  readonly interfaces?: readonly string[] | undefined;
  readonly items?: readonly string[] | undefined;
  readonly states?: readonly string[] | undefined;
  readonly reference?: string | undefined;
  readonly messageId?: string | undefined;
  readonly text?: string | undefined;
  /** Sent from this moment on, and before that one. */
  readonly from?: number | undefined;
  readonly until?: number | undefined;
  /** Only rows behind this one in the order of the list. */
  readonly after?: { readonly sentAt: number; readonly place: string } | undefined;
  readonly limit: number;
}

const HOUR_MS = 3_600_000;
const ENDED = "('rejected', 'failed', 'abandoned', 'superseded')";

/** All rows of the indexes that count. `sites` limits them; of a row that names none it is not known whether it may be seen. */
export function rowsSql(
  paths: readonly string[],
  { takenInUntil }: Pick<MessageFrame, 'takenInUntil'>,
  sites: readonly string[] | undefined,
): string {
  const files = paths.map((path) => sqlText(path)).join(', ');
  const limits = [
    ...(takenInUntil === undefined ? [] : [`(taken_in_at IS NULL OR taken_in_at <= ${takenInUntil})`]),
    ...oneOf('site', sites),
  ];
  return `SELECT *, lower(c_state) AS state FROM read_parquet([${files}])${whereOf(limits)}`;
}

/** One row for each line of a message, with what became of it, as the table `lines`. */
export function linesSql(rows: string, frame: MessageFrame): string {
  const applied = `(state = 'applied' OR (applied_at IS NOT NULL AND state NOT IN ${ENDED}))`;
  const lag = caseOf('interface', frame.lags, frame.lag);
  const cutOff = `CASE WHEN is_live THEN ${frame.now} WHEN from_role = 'wms' THEN ${frame.erpCutOff}
    ELSE ${caseOf('site', frame.wmsCutOffs, frame.wmsCutOff)} END`;
  return `CREATE OR REPLACE TEMP TABLE lines AS
    SELECT interface, message_id, first_sent, last_sent, duplicates, error, lag,
      times > 0 AS is_applied,
      times = 0 AND state IN ('rejected', 'failed') AS is_rejected,
      times = 0 AND is_late AS is_late,
      times = 0 AND NOT is_late AND state NOT IN ${ENDED} AS is_open
    FROM (
      SELECT *, greatest(times - 1, 0) AS duplicates,
        CASE WHEN first_applied IS NOT NULL THEN greatest(first_applied - first_sent, 0) // 1000 END AS lag,
        state = 'abandoned' OR (state NOT IN ('rejected', 'failed', 'superseded') AND (${cutOff}) - last_sent > ${lag}) AS is_late
      FROM (
        SELECT c_interface AS interface, c_message_id AS message_id, from_role, c_line, item_code,
          min(sent_at) AS first_sent, max(sent_at) AS last_sent,
          arg_max(state, (sent_at, place)) AS state, arg_max(c_error, (sent_at, place)) AS error,
          arg_max(site, (sent_at, place)) AS site, arg_max(taken_in_at IS NOT NULL, (sent_at, place)) AS is_live,
          count(DISTINCT CASE WHEN ${applied} THEN coalesce(applied_at, sent_at) END) AS times,
          min(CASE WHEN ${applied} THEN applied_at END) AS first_applied
        FROM (${rows}) GROUP BY c_interface, c_message_id, from_role, c_line, item_code
      )
    )`;
}

/** Figures of each interface over `lines`; lags in seconds. */
export const INTERFACES_SQL = `SELECT interface, count(DISTINCT message_id), count(*), sum(duplicates)::BIGINT,
  count(*) FILTER (is_rejected), count(*) FILTER (is_open), count(*) FILTER (is_late), count(*) FILTER (is_applied),
  quantile_disc(lag, 0.5), quantile_disc(lag, 0.95), max(lag), min(first_sent), max(last_sent)
  FROM lines GROUP BY interface ORDER BY interface`;

/** The commonest errors of each interface. */
export const ERRORS_SQL = `SELECT interface, error, count(*) AS times, max(last_sent) FROM lines WHERE is_rejected
  GROUP BY interface, error QUALIFY row_number() OVER (PARTITION BY interface ORDER BY count(*) DESC, error) <= 5
  ORDER BY interface, times DESC, error`;

/** Hours of each interface from a moment on, by when messages were sent first. */
export function hoursSql(from: number): string {
  return `SELECT interface, first_sent // ${HOUR_MS} AS hour, count(*), count(*) FILTER (is_rejected),
    count(*) FILTER (is_late) FROM lines WHERE first_sent >= ${from} GROUP BY interface, hour ORDER BY interface, hour`;
}

export const SEARCH_COLUMNS = [
  ...['place', 'source', 'file', 'row', 'batch', 'line', 'site', 'item_code', 'taken_in_at', 'sent_at', 'applied_at'],
  ...CANONICAL_COLUMNS.messages.map((name) => `c_${name}` as const),
] as const;

/** Rows that fit, those that were sent last first. */
export function searchSql(rows: string, search: MessageSearch): string {
  const { interfaces, items, states, reference, messageId, text, from, until, after, limit } = search;
  const is = (column: string, value: string | undefined): string[] =>
    value === undefined ? [] : [`${column} = ${sqlText(value)}`];
  const conditions = [
    ...oneOf('c_interface', interfaces),
    ...oneOf('item_code', items),
    ...oneOf('state', states),
    ...is('c_reference', reference),
    ...is('c_message_id', messageId),
    ...(text === undefined ? [] : [holds(text)]),
    ...(from === undefined ? [] : [`sent_at >= ${from}`]),
    ...(until === undefined ? [] : [`sent_at < ${until}`]),
    ...(after === undefined ? [] : [`(sent_at, place) < (${after.sentAt}, ${sqlText(after.place)})`]),
  ];
  const columns = SEARCH_COLUMNS.map((name) => `"${name}"`).join(', ');
  return `SELECT ${columns} FROM (${rows})${whereOf(conditions)} ORDER BY sent_at DESC, place DESC LIMIT ${limit}`;
}

/** Text anywhere in what people search by; case does not matter. */
function holds(text: string): string {
  const columns = ['message_id', 'reference', 'error', 'item', 'type', 'interface', 'batch'].map((name) => `c_${name}`);
  return `contains(lower(concat_ws(chr(10), ${columns.join(', ')}, item_code)), ${sqlText(text.toLowerCase())})`;
}

function oneOf(column: string, values: readonly string[] | undefined): string[] {
  if (values === undefined) return [];
  return [values.length === 0 ? 'false' : `${column} IN (${values.map(sqlText).join(', ')})`];
}

function whereOf(conditions: readonly string[]): string {
  return conditions.length === 0 ? '' : ` WHERE ${conditions.join(' AND ')}`;
}

function caseOf(column: string, values: Readonly<Record<string, number>>, otherwise: number): string {
  const cases = Object.entries(values).map(([name, value]) => `WHEN ${sqlText(name)} THEN ${value}`);
  return cases.length === 0 ? String(otherwise) : `CASE ${column} ${cases.join(' ')} ELSE ${otherwise} END`;
}
