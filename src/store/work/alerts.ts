/**
 * What asks for somebody by itself: a message past its lag, a feed that fell silent. One open alert for each subject, with its
 * events. Never decides what is late.
 */
import type { Kysely, Selectable, Transaction } from 'kysely';
import type { AlertKind, WorkState } from '../database/work-state.ts';
import type { WorkEvent } from './events.ts';

export type AlertRow = Selectable<WorkState['alerts']>;

/** A message of which nothing says what became of it. `site` and `item` are '' where it names none. */
export interface LateMessage {
  readonly messageId: string;
  readonly fromRole: string;
  readonly item: string;
  readonly site: string;
  readonly interfaceName: string;
  readonly reference: string;
  readonly sentAt: number;
}

export interface NewAlert {
  readonly kind: AlertKind;
  readonly subject: string;
  readonly site: string;
  readonly item: string;
  readonly document: Readonly<Record<string, unknown>>;
}

export interface AlertOptions {
  readonly now: number;
  readonly newId: () => string;
}

const ROWS_PER_STATEMENT = 2_000;

function lateSubject({ fromRole, messageId, item }: LateMessage): string {
  return JSON.stringify([fromRole, messageId, item]);
}

function lateAlert(message: LateMessage): NewAlert {
  const { messageId, item, site, interfaceName, reference, sentAt } = message;
  return {
    kind: 'late-message',
    subject: lateSubject(message),
    site,
    item,
    document: { message_id: messageId, interface: interfaceName, reference, sent_at: new Date(sentAt).toISOString() },
  };
}

/** Opens and closes alerts of late messages so that they are those of the entries, for these items and messages. */
export async function settleLateAlerts(
  transaction: Transaction<WorkState>,
  entries: readonly {
    readonly kind: 'item' | 'message';
    readonly name: string;
    readonly late: readonly LateMessage[];
  }[],
  options: AlertOptions,
): Promise<WorkEvent[]> {
  const wanted = new Map(
    entries.flatMap(({ late }) => late.map((message) => [lateSubject(message), lateAlert(message)])),
  );
  const open: AlertRow[] = [];
  for (let start = 0; start < entries.length; start += ROWS_PER_STATEMENT) {
    const some = entries.slice(start, start + ROWS_PER_STATEMENT);
    const items = some.filter(({ kind }) => kind === 'item').map(({ name }) => name);
    const roles = ['erp', 'wms'];
    const subjects = some
      .filter(({ kind }) => kind === 'message')
      .flatMap(({ name }) => roles.map((role) => JSON.stringify([role, name, ''])));
    open.push(
      ...(await transaction
        .selectFrom('alerts')
        .selectAll()
        .where('kind', '=', 'late-message')
        .where('closed_at', 'is', null)
        .where((row) =>
          row.or([
            items.length === 0 ? row.lit(false) : row('item', 'in', items),
            subjects.length === 0 ? row.lit(false) : row('subject', 'in', subjects),
          ]),
        )
        .execute()),
    );
  }
  return settle(transaction, wanted, open, options);
}

/** The same for all late messages at once: what none of them is about is closed. */
export async function settleAllLate(
  transaction: Transaction<WorkState>,
  late: Iterable<LateMessage>,
  options: AlertOptions,
): Promise<WorkEvent[]> {
  const wanted = new Map([...late].map((message) => [lateSubject(message), lateAlert(message)]));
  return settle(transaction, wanted, await openAlerts(transaction, 'late-message'), options);
}

/** The same for all feeds that are silent. */
export async function settleSilent(
  transaction: Transaction<WorkState>,
  silent: readonly NewAlert[],
  options: AlertOptions,
): Promise<WorkEvent[]> {
  const wanted = new Map(silent.map((alert) => [alert.subject, alert]));
  return settle(transaction, wanted, await openAlerts(transaction, 'silent-feed'), options);
}

/** All open ones of a kind. */
function openAlerts(db: Kysely<WorkState>, kind: AlertKind): Promise<AlertRow[]> {
  return db.selectFrom('alerts').selectAll().where('kind', '=', kind).where('closed_at', 'is', null).execute();
}

async function settle(
  transaction: Transaction<WorkState>,
  wanted: ReadonlyMap<string, NewAlert>,
  open: readonly AlertRow[],
  { now, newId }: AlertOptions,
): Promise<WorkEvent[]> {
  const known = new Set(open.map(({ subject }) => subject));
  const fresh = [...wanted.values()].filter(({ subject }) => !known.has(subject));
  const over = open.filter(({ subject }) => !wanted.has(subject));
  const rows = fresh.map(({ kind, subject, site, item, document }) => ({
    ...{ id: newId(), kind, subject, open_subject: `${kind} ${subject}`, site, item },
    ...{ document: JSON.stringify(document), opened_at: now },
  }));
  for (let start = 0; start < rows.length; start += ROWS_PER_STATEMENT)
    await transaction
      .insertInto('alerts')
      .values(rows.slice(start, start + ROWS_PER_STATEMENT))
      .execute();
  for (let start = 0; start < over.length; start += ROWS_PER_STATEMENT) {
    const ids = over.slice(start, start + ROWS_PER_STATEMENT).map(({ id }) => id);
    await transaction
      .updateTable('alerts')
      .set({ closed_at: now, open_subject: null })
      .where('id', 'in', ids)
      .execute();
  }
  return [...rows.map((row) => alertEvent('alert.opened', row)), ...over.map((row) => alertEvent('alert.closed', row))];
}

function alertEvent(kind: string, row: Omit<AlertRow, 'closed_at' | 'open_subject' | 'subject'>): WorkEvent {
  const { id, site, item } = row;
  const document = { id, kind: row.kind, site, item, ...JSON.parse(row.document) };
  return site === '' ? { kind, document } : { kind, site, document };
}

export interface AlertSelection {
  readonly kinds?: readonly AlertKind[] | undefined;
  readonly isOpen?: boolean | undefined;
  /** Alerts of these sites, and those that are of none. */
  readonly sites?: readonly string[] | undefined;
  readonly items?: readonly string[] | undefined;
  /** Only alerts that were opened before this one. */
  readonly before?: { readonly openedAt: number; readonly id: string } | undefined;
  readonly limit: number;
}

/** The newest first. */
export function listAlerts(db: Kysely<WorkState>, selection: AlertSelection): Promise<AlertRow[]> {
  const { kinds, isOpen, sites, items, before, limit } = selection;
  let query = db.selectFrom('alerts').selectAll();
  if (kinds !== undefined) query = query.where('kind', 'in', kinds);
  if (isOpen !== undefined) query = query.where('closed_at', isOpen ? 'is' : 'is not', null);
  if (sites !== undefined) query = query.where('site', 'in', ['', ...sites]);
  if (items !== undefined) query = query.where('item', 'in', items);
  if (before !== undefined)
    query = query.where((row) =>
      row.or([
        row('opened_at', '<', before.openedAt),
        row.and([row('opened_at', '=', before.openedAt), row('id', '<', before.id)]),
      ]),
    );
  return query.orderBy('opened_at', 'desc').orderBy('id', 'desc').limit(limit).execute();
}
