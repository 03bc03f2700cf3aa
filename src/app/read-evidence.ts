/**
 * Reads the movements and messages that can be in flight between the cut-offs, and finds what is.
 * Rows outside the time that matters are counted and passed over; rows that cannot be used are rejections.
 */
import type { Configuration, FileSourceConfig, SourceKind } from '../contract/configuration.ts';
import {
  type CutOffs,
  findInFlight,
  type InFlightResult,
  MESSAGE_STATES,
  type Message,
  type MessageState,
  type Movement,
} from '../core/compare/in-flight.ts';
import { type InFlightQuantity, type Role, UNMAPPED } from '../core/model/balance.ts';
import { Failure } from '../core/model/failure.ts';
import type { Rejection } from '../core/model/rejection.ts';
import { resolveItem, resolveSite } from '../core/normalize/master-data.ts';
import { normalizeBalance, type SourceRules } from '../core/normalize/normalize-balance.ts';
import type { Plan } from '../core/normalize/plan.ts';
import { durationMs, parseTime, type TimeFormat } from '../core/normalize/time.ts';
import { findFile } from '../ingest/files/find-file.ts';
import { numberFormatOf, openRows, openSource, timeFormatOf } from '../ingest/open-source.ts';
import { sourceName } from './balance-sources.ts';
import { cancelled } from './cancelled.ts';
import type { OnSourceFailure, ReadFile } from './read-master-data.ts';

type Row = Readonly<Record<string, string | undefined>>;
interface RowFault {
  readonly column: string;
  readonly value: string;
  readonly reason: string;
}
type Taken = RowFault | 'taken' | 'passed';

export interface Evidence extends InFlightResult {
  readonly files: readonly ReadFile[];
  /** Whether movements or messages of a side were given. */
  readonly sides: { readonly erp: boolean; readonly wms: boolean };
}

/** Movements this much before the earlier cut-off still matter beside the longest lag: clocks differ. */
const SLACK_MS = 3_600_000;
/** Shipments and the like lower the balance whichever way a message writes its quantity. */
const OUTWARD = new Set(['shipment', 'transfer-out', 'scrap', 'kit-consume']);

/** Finds what is in flight. Without the cut-offs of both sides there is nothing to align, and the sources are only checked. Without `onFailure` the first file that cannot be read throws. */
export async function readEvidence(
  configuration: Configuration,
  directory: string,
  temporaryDirectory: string,
  plan: Plan,
  cutOffs: { readonly erp: number | undefined; readonly wms: ReadonlyMap<string, number> },
  options: EvidenceOptions = {},
): Promise<Evidence> {
  const reader = new EvidenceReader(configuration, directory, temporaryDirectory, plan, cutOffs, options);
  return reader.read();
}

/** `onFailure` is told of a file that cannot be read; without it the first one throws. */
interface EvidenceOptions {
  readonly onFailure?: OnSourceFailure | undefined;
  readonly signal?: AbortSignal | undefined;
}

class EvidenceReader {
  private readonly signal: AbortSignal | undefined;
  private readonly configuration: Configuration;
  private readonly directory: string;
  private readonly temporaryDirectory: string;
  private readonly plan: Plan;
  private readonly cutOffs: CutOffs | undefined;
  private readonly earliest: number;
  private readonly movements: Movement[] = [];
  private readonly messages: Message[] = [];
  private readonly files: ReadFile[] = [];
  private readonly linked = new Set<string>();
  private readonly onFailure: OnSourceFailure | undefined;

  constructor(
    configuration: Configuration,
    directory: string,
    temporaryDirectory: string,
    plan: Plan,
    cutOffs: { readonly erp: number | undefined; readonly wms: ReadonlyMap<string, number> },
    options: EvidenceOptions,
  ) {
    this.onFailure = options.onFailure;
    this.signal = options.signal;
    this.configuration = configuration;
    this.directory = directory;
    this.temporaryDirectory = temporaryDirectory;
    this.plan = plan;
    const lags = configuration.lag?.interfaces ?? {};
    const general = durationMs(configuration.lag?.default ?? '30m');
    const lagOf = (name: string): number => (Object.hasOwn(lags, name) ? durationMs(lags[name] as string) : general);
    const erp = cutOffs.erp;
    const someWms = cutOffs.wms.values().next().value;
    if (erp !== undefined && someWms !== undefined) {
      this.cutOffs = { erp, wmsOf: (site) => cutOffs.wms.get(plan.wmsOf(site) ?? '') ?? someWms, lagOf };
    }
    const longest = Math.max(general, ...Object.values(lags).map(durationMs));
    this.earliest = Math.min(erp ?? 0, ...cutOffs.wms.values()) - longest - SLACK_MS;
  }

  async read(): Promise<Evidence> {
    const { configuration, plan } = this;
    const sides = { erp: false, wms: false };
    for (const [index, source] of (configuration.messages ?? []).entries()) {
      sides.wms = true;
      const name = sourceName('messages', source, index, configuration.messages?.length ?? 0);
      await this.readFile('messages', name, '', source, (row) => this.takeMessage(row, source));
    }
    // The WMS's ledger comes first: an ERP posting of one of its documents matters however old it is.
    const roleOf = (system: string): Role => configuration.systems[system]?.role ?? 'wms';
    const ledgers = (configuration.movements ?? []).toSorted((a, b) =>
      roleOf(b.system).localeCompare(roleOf(a.system)),
    );
    for (const source of ledgers) {
      const role = roleOf(source.system);
      sides[role] = true;
      const twins = (configuration.movements ?? []).filter((other) => other.system === source.system);
      const name = sourceName('movements', source, twins.indexOf(source), twins.length);
      const rules: SourceRules = {
        system: source.system,
        role,
        numberFormat: numberFormatOf(source),
        constants: source.constants ?? {},
      };
      await this.readFile('movements', name, source.system, source, (row) =>
        this.takeMovement(row, rules, timeFormatOf(source)),
      );
    }
    if (this.cutOffs === undefined) return { quantities: [], unplaced: 0, files: this.files, sides };
    const hasErpMovements = (configuration.movements ?? []).some(
      (source) => configuration.systems[source.system]?.role === 'erp',
    );
    const result = findInFlight({ movements: this.movements, messages: this.messages, hasErpMovements }, this.cutOffs);
    return {
      ...result,
      quantities: result.quantities.filter((entry) => plan.keeps(entry.site, entry.item)),
      files: this.files,
      sides,
    };
  }

  private takeMovement(row: Row, rules: SourceRules, times: TimeFormat): Taken {
    const posted = parseTime(row['posted_at']?.trim() ?? '', times);
    if (!posted.ok) return { column: 'posted_at', value: row['posted_at'] ?? '', reason: posted.fault.reason };
    const reference = row['reference']?.trim() ?? '';
    const messageId = row['message_id']?.trim() ?? '';
    const isLinked = this.linked.has(`message ${messageId}`) || this.linked.has(`reference ${reference}`);
    if (posted.value.epochMs < this.earliest && !isLinked) return 'passed';
    const eventText = row['event_at']?.trim() ?? '';
    const event = eventText === '' ? undefined : parseTime(eventText, times);
    if (event && !event.ok) return { column: 'event_at', value: eventText, reason: event.fault.reason };
    const outcome = normalizeBalance(row, rules, this.plan);
    if (outcome.kind === 'rejected')
      return { column: outcome.column, value: outcome.value, reason: outcome.fault.reason };
    if (outcome.kind === 'excluded') return 'passed';
    const { site, item, owner, lot, category, quantity } = outcome.balance;
    if (rules.role === 'wms') this.link(messageId, reference);
    this.movements.push({
      site,
      item,
      owner,
      lot,
      category,
      quantity,
      role: rules.role,
      system: rules.system,
      postedAt: posted.value.epochMs,
      eventAt: event?.value.epochMs,
      messageId,
      reference,
    });
    return 'taken';
  }

  private takeMessage(row: Row, source: FileSourceConfig): Taken {
    const times = timeFormatOf(source);
    const sent = parseTime(row['sent_at']?.trim() ?? '', times);
    if (!sent.ok) return { column: 'sent_at', value: row['sent_at'] ?? '', reason: sent.fault.reason };
    const appliedText = row['applied_at']?.trim() ?? '';
    const applied = appliedText === '' ? undefined : parseTime(appliedText, times);
    if (applied && !applied.ok) return { column: 'applied_at', value: appliedText, reason: applied.fault.reason };
    const state = row['state']?.trim().toLowerCase() as MessageState;
    if (!MESSAGE_STATES.includes(state))
      return {
        column: 'state',
        value: row['state'] ?? '',
        reason: `a state of messages was expected: ${MESSAGE_STATES.join(', ')}`,
      };
    const messageId = row['message_id']?.trim() ?? '';
    if (messageId === '') return { column: 'message_id', value: '', reason: 'message_id missing' };
    const system = this.senderOf(row);
    if (system === undefined) {
      const known = Object.keys(this.configuration.systems).join(', ');
      return {
        column: 'from_system',
        value: row['from_system'] ?? '',
        reason: `one of the systems was expected: ${known}`,
      };
    }
    const fromRole: Role = this.configuration.systems[system]?.role ?? 'wms';
    const placed = this.place(row, system, fromRole, source);
    const fault = placed !== undefined && 'reason' in placed ? placed : undefined;
    const reference = row['reference']?.trim() ?? '';
    const item = row['item'] ? resolveItem(system, row['item'], this.plan.master) : '';
    this.link(messageId, reference);
    this.messages.push({
      messageId,
      sentAt: sent.value.epochMs,
      appliedAt: applied?.value.epochMs,
      state,
      interfaceName: row['interface']?.trim() ?? '',
      reference,
      item,
      fromRole,
      // Its state counts also where its quantity cannot be read.
      placed: placed !== undefined && 'reason' in placed ? undefined : placed,
    });
    return fault ?? 'taken';
  }

  /**
   * The system whose balance changed first: the sender, else the one that is not the receiver. undefined where a sender is
   * named that is none of the systems: on which side it stands would be a guess.
   */
  private senderOf(row: Row): string | undefined {
    const from = row['from_system']?.trim() ?? '';
    if (Object.hasOwn(this.configuration.systems, from)) return from;
    if (from !== '') return /^(erp|wms)$/i.test(from) ? this.systemOf(from.toLowerCase() as Role, row) : undefined;
    const to = row['to_system']?.trim() ?? '';
    const toRole = Object.hasOwn(this.configuration.systems, to)
      ? this.configuration.systems[to]?.role
      : to.toLowerCase();
    return this.systemOf(toRole === 'wms' ? 'erp' : 'wms', row);
  }

  /** The system of a role that answers for a row's site, else the first of the role. */
  private systemOf(role: Role, row: Row): string | undefined {
    const ids = Object.entries(this.configuration.systems).flatMap(([id, system]) =>
      system.role === role ? [id] : [],
    );
    const { plan } = this;
    return (
      ids.find((id) => plan.siteScope(id, role, resolveSite(id, row['site'] ?? '', plan.master)) === 'in-scope') ??
      ids[0]
    );
  }

  private link(messageId: string, reference: string): void {
    if (messageId !== '') this.linked.add(`message ${messageId}`);
    if (reference !== '') this.linked.add(`reference ${reference}`);
  }

  /** What a message does to a key, where it says enough. */
  private place(
    row: Row,
    system: string,
    role: Role,
    source: FileSourceConfig,
  ): InFlightQuantity | RowFault | undefined {
    if (!row['site'] || !row['item'] || !row['quantity'] || !row['status']) return undefined;
    const outcome = normalizeBalance(
      row,
      { system, role, numberFormat: numberFormatOf(source), constants: {} },
      this.plan,
    );
    if (outcome.kind === 'rejected')
      return { column: outcome.column, value: outcome.value, reason: outcome.fault.reason };
    if (outcome.kind === 'excluded') return { site: '', item: '', owner: '', lot: '', category: UNMAPPED, quantity: 0 };
    const { site, item, owner, lot, category, quantity } = outcome.balance;
    const isOutward = OUTWARD.has(row['type']?.trim().toLowerCase() ?? '');
    return { site, item, owner, lot, category, quantity: isOutward ? -Math.abs(quantity) : quantity };
  }

  private async readFile(
    kind: SourceKind,
    name: string,
    system: string,
    source: FileSourceConfig,
    take: (row: Row) => Taken,
  ): Promise<void> {
    try {
      await this.readRows(kind, name, system, source, take);
    } catch (error) {
      if (this.onFailure === undefined || !(error instanceof Failure)) throw error;
      this.onFailure(kind, source, error);
    }
  }

  private async readRows(
    kind: SourceKind,
    name: string,
    system: string,
    source: FileSourceConfig,
    take: (row: Row) => Taken,
  ): Promise<void> {
    const file = await findFile(source.path ?? '', this.directory);
    const opened = await openSource(kind, source, file, this.temporaryDirectory);
    const rejections: Rejection[] = [];
    let rows = 0;
    for await (const batch of (await openRows(opened, this.temporaryDirectory)).batches) {
      if (this.signal?.aborted) throw cancelled();
      for (const raw of batch) {
        rows++;
        const row: Record<string, string | undefined> = { ...source.constants };
        for (const [column, position] of opened.columns) row[column] = raw.values[position] ?? '';
        const taken = raw.fault ? { ...raw.fault, column: opened.header[raw.fault.column] ?? '' } : take(row);
        if (typeof taken === 'object')
          rejections.push({
            source: name,
            file: file.name,
            row: raw.row,
            column: opened.header[opened.columns.get(taken.column) ?? -1] ?? taken.column,
            value: taken.value,
            reason: taken.reason,
          });
      }
    }
    this.files.push({ kind, name, system, file, rows, rejections });
  }
}
