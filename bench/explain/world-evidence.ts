/**
 * Reads a simulated world into the evidence that explanations work on, all of it in memory.
 * Never explains, and never reads the truth. Which rows mean what is decided by the product's own core.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BalanceSource, openBalanceSource } from '../../src/app/balance-sources.ts';
import { makePlan } from '../../src/app/make-plan.ts';
import { readMasterData } from '../../src/app/read-master-data.ts';
import { SourceFiles } from '../../src/app/source-files.ts';
import { loadConfiguration } from '../../src/config/load-configuration.ts';
import type { BalanceSourceConfig, Configuration, FileSourceConfig } from '../../src/contract/configuration.ts';
import { findInFlight, type MessageState } from '../../src/core/compare/in-flight.ts';
import { append, type CutOffs } from '../../src/core/compare/ledger-evidence.ts';
import type {
  ExplainSettings,
  ItemEvidence,
  KeyFacts,
  KeyName,
  MessageLine,
  Posting,
} from '../../src/core/explain/evidence.ts';
import type { Balance, Role } from '../../src/core/model/balance.ts';
import { rescale } from '../../src/core/model/decimal.ts';
import { resolveItem } from '../../src/core/normalize/master-data.ts';
import { normalizeBalance } from '../../src/core/normalize/normalize-balance.ts';
import type { Plan } from '../../src/core/normalize/plan.ts';
import { durationMs } from '../../src/core/normalize/time.ts';
import { TimeReader } from '../../src/core/normalize/time-reader.ts';
import { numberFormatOf, openRows, openSource, timeFormatOf } from '../../src/ingest/open-source.ts';

export interface WorldEvidence {
  /** Every item, with all its keys: also those in agreement, and those of statuses that no category takes. */
  readonly items: readonly ItemEvidence[];
  readonly settings: ExplainSettings;
  readonly plan: Plan;
  /** Lines of messages that speak of packs. */
  readonly inPacks: ReadonlySet<MessageLine>;
  /** Hours by which the ERP's clock is ahead of UTC, as its cut-off is written. */
  readonly utcOffsetMs: number;
}

interface Row {
  readonly file: string;
  readonly row: number;
  readonly cells: Readonly<Record<string, string | undefined>>;
}

/** Reads the world's configuration and every file that it names. */
export async function readWorldEvidence(worldDirectory: string): Promise<WorldEvidence> {
  const loaded = await loadConfiguration(join(worldDirectory, 'evenstock.yaml'), {});
  const { configuration } = loaded;
  const files = new SourceFiles(loaded);
  const work = mkdtempSync(join(tmpdir(), 'bench-explain-'));
  try {
    const { master } = await readMasterData(configuration, files, work);
    const plan = makePlan(configuration, master, { site: [], item: [] });
    const reader = new WorldReader(configuration, files, work, plan);
    return await reader.read();
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

type MutableKey = { -readonly [name in keyof KeyFacts]: KeyFacts[name] } & { statuses: KeyFacts['statuses'][number][] };

class WorldReader {
  private readonly configuration: Configuration;
  private readonly files: SourceFiles;
  private readonly work: string;
  private readonly plan: Plan;
  private readonly keys = new Map<string, MutableKey>();
  private readonly postings: Posting[] = [];
  private readonly messages: MessageLine[] = [];
  private readonly inPacks = new Set<MessageLine>();

  constructor(configuration: Configuration, files: SourceFiles, work: string, plan: Plan) {
    this.configuration = configuration;
    this.files = files;
    this.work = work;
    this.plan = plan;
  }

  async read(): Promise<WorldEvidence> {
    const { configuration, plan } = this;
    const closing = await this.readBalances(configuration.balances, (key, { role, status, quantity }) => {
      key[role] += quantity;
      if (role === 'erp') key.erpPresent = true;
      else key.wmsPresent = true;
      const same = key.statuses.findIndex((held) => held.role === role && held.status === status);
      if (same < 0) key.statuses.push({ role, status, quantity });
      else key.statuses[same] = { role, status, quantity: quantity + key.statuses[same]!.quantity };
    });
    const hasOpening = (configuration.opening?.length ?? 0) > 0;
    const opening = await this.readBalances(configuration.opening ?? [], (key, { role, quantity }) => {
      const held = key.opening ?? { erp: 0, wms: 0 };
      key.opening = { ...held, [role]: held[role] + quantity };
    });
    for (const source of configuration.movements ?? []) await this.readMovements(source.system, source);
    for (const source of configuration.messages ?? []) await this.readMessages(source);
    this.postings.sort((a, b) => a.postedAt - b.postedAt);
    this.messages.sort((a, b) => a.sentAt - b.sentAt);
    const cutOffs = this.cutOffsOf(closing);
    this.settleInFlight(cutOffs);
    if (hasOpening) for (const key of this.keys.values()) key.opening ??= { erp: 0, wms: 0 };
    const openingCutOffs = this.cutOffsOf(opening);
    return {
      items: this.byItem(),
      plan,
      inPacks: this.inPacks,
      utcOffsetMs: offsetOf(closing.find(({ input }) => input.rules.role === 'erp')?.asOf?.text ?? ''),
      settings: {
        cutOffs,
        openingAt: hasOpening ? openingCutOffs : undefined,
        given: {
          erpLedger: this.postings.some(({ role }) => role === 'erp'),
          wmsLedger: this.postings.some(({ role }) => role === 'wms'),
          messages: this.messages.length > 0,
        },
        categories: plan.categories,
        quantityDecimals: plan.quantityDecimals,
      },
    };
  }

  private keyOf({ site, item, owner, lot, category }: KeyName): MutableKey {
    const name = JSON.stringify([site, item, owner, lot, category]);
    const found = this.keys.get(name);
    if (found !== undefined) return found;
    const key: MutableKey = {
      ...{ site, item, owner, lot, category, erp: 0, wms: 0, inFlight: 0, erpPresent: false, wmsPresent: false },
      ...{ opening: undefined, history: [], statuses: [] },
    };
    this.keys.set(name, key);
    return key;
  }

  private async readBalances(
    sources: readonly BalanceSourceConfig[],
    take: (key: MutableKey, balance: Balance) => void,
  ): Promise<BalanceSource[]> {
    const opened: BalanceSource[] = [];
    for (const config of sources) {
      const source = await openBalanceSource(this.configuration, config, this.files, this.work);
      opened.push(source);
      for await (const { cells } of this.rowsOf('balances', config)) {
        const outcome = normalizeBalance(cells, source.input.rules, this.plan);
        if (outcome.kind === 'balance') take(this.keyOf(outcome.balance), outcome.balance);
      }
    }
    return opened;
  }

  private cutOffsOf(sources: readonly BalanceSource[]): CutOffs {
    const at = new Map(sources.map(({ input, asOf }) => [input.rules.system, asOf?.epochMs ?? 0]));
    const roleOf = (system: string): Role => this.configuration.systems[system]?.role ?? 'wms';
    const lag = this.configuration.lag;
    return {
      erp: [...at].find(([system]) => roleOf(system) === 'erp')?.[1] ?? 0,
      wmsOf: (site) => at.get(this.plan.wmsOf(site) ?? '') ?? 0,
      lagOf: (name) => durationMs(lag?.interfaces?.[name] ?? lag?.default ?? '30m'),
    };
  }

  private async readMovements(system: string, source: FileSourceConfig): Promise<void> {
    const role = this.configuration.systems[system]?.role ?? 'wms';
    const rules = { system, role, numberFormat: numberFormatOf(source), constants: source.constants ?? {} };
    const times = new TimeReader(timeFormatOf(source));
    for await (const { cells, file, row } of this.rowsOf('movements', source)) {
      const outcome = normalizeBalance(cells, rules, this.plan);
      const postedAt = timeOf(cells['posted_at'], times);
      if (outcome.kind !== 'balance' || postedAt === undefined) continue;
      this.postings.push({
        ...outcome.balance,
        ...{ postedAt, eventAt: timeOf(cells['event_at'], times), source: { file, row } },
        messageId: textOf(cells, 'message_id'),
        reference: textOf(cells, 'reference'),
        line: textOf(cells, 'line'),
        movementId: textOf(cells, 'movement_id'),
        type: textOf(cells, 'type').toLowerCase(),
        ...{ reason: textOf(cells, 'reason'), user: textOf(cells, 'user'), batch: textOf(cells, 'batch') },
      });
    }
  }

  private async readMessages(source: FileSourceConfig): Promise<void> {
    const times = new TimeReader(timeFormatOf(source));
    for await (const { cells, file, row } of this.rowsOf('messages', source)) {
      const sentAt = timeOf(cells['sent_at'], times);
      const from = textOf(cells, 'from_system');
      const system = Object.hasOwn(this.configuration.systems, from) ? from : '';
      const fromRole = this.configuration.systems[system]?.role ?? 'wms';
      if (sentAt === undefined) continue;
      const rules = { system, role: fromRole, numberFormat: numberFormatOf(source), constants: {} };
      const hasPlace = ['site', 'item', 'quantity', 'status'].every((column) => textOf(cells, column) !== '');
      const outcome = hasPlace ? normalizeBalance(cells, rules, this.plan) : undefined;
      const type = textOf(cells, 'type').toLowerCase();
      const placed = outcome?.kind === 'balance' ? outcome.balance : undefined;
      const isOutward = ['shipment', 'transfer-out', 'scrap', 'kit-consume'].includes(type);
      const line: MessageLine = {
        messageId: textOf(cells, 'message_id'),
        ...{ sentAt, receivedAt: timeOf(cells['received_at'], times), appliedAt: timeOf(cells['applied_at'], times) },
        state: textOf(cells, 'state').toLowerCase() as MessageState,
        interfaceName: textOf(cells, 'interface'),
        reference: textOf(cells, 'reference'),
        item: textOf(cells, 'item') === '' ? '' : resolveItem(system, textOf(cells, 'item'), this.plan.master),
        fromRole,
        placed: placed && { ...placed, quantity: isOutward ? -Math.abs(placed.quantity) : placed.quantity },
        ...{ error: textOf(cells, 'error'), type, line: textOf(cells, 'line'), batch: textOf(cells, 'batch') },
        source: { file, row },
      };
      this.messages.push(line);
      const uom = textOf(cells, 'uom');
      if (uom !== '' && uom !== (this.plan.master.items.get(line.item)?.baseUom ?? uom)) this.inPacks.add(line);
    }
  }

  private async *rowsOf(kind: 'balances' | 'movements' | 'messages', source: FileSourceConfig): AsyncGenerator<Row> {
    const { file } = await this.files.find(source);
    const opened = await openSource(kind, source, file, this.work);
    for await (const batch of (await openRows(opened, this.work)).batches) {
      for (const { row, values } of batch) {
        const cells: Record<string, string | undefined> = { ...source.constants };
        for (const [column, position] of opened.columns) cells[column] = values[position] ?? '';
        yield { file: file.name, row, cells };
      }
    }
  }

  private settleInFlight(cutOffs: CutOffs): void {
    const hasErpMovements = this.postings.some(({ role }) => role === 'erp');
    const { quantities } = findInFlight(
      { movements: this.postings, messages: this.messages, hasErpMovements },
      cutOffs,
    );
    for (const quantity of quantities) this.keyOf(quantity).inFlight += quantity.quantity;
  }

  private byItem(): ItemEvidence[] {
    const { master } = this.plan;
    const keys = groupBy(this.keys.values(), ({ item }) => item);
    const postings = groupBy(this.postings, ({ item }) => item);
    const messages = groupBy(this.messages, ({ item }) => item);
    const nameless = groupBy(messages.get('') ?? [], ({ reference }) => reference);
    const items = new Set([...keys.keys(), ...postings.keys()]);
    return [...items].toSorted().map((item) => {
      const record = master.items.get(item);
      const own = postings.get(item) ?? [];
      const ofDocuments = [...new Set(own.map(({ reference }) => reference))].flatMap((reference) =>
        reference === '' ? [] : (nameless.get(reference) ?? []),
      );
      return {
        item,
        keys: keys.get(item) ?? [],
        postings: own,
        messages: [...(messages.get(item) ?? []), ...ofDocuments].toSorted((a, b) => a.sentAt - b.sentAt),
        packFactors: packFactorsOf(item, this.plan),
        family: record?.family ?? '',
        isWeighed: ['KG', 'G', 'LB', 'OZ'].includes(record?.baseUom ?? ''),
      };
    });
  }
}

/** Base units in each pack of an item, above one, scaled like quantities. */
function packFactorsOf(item: string, plan: Plan): number[] {
  const factors = [...(plan.master.packs.get(item)?.factors.values() ?? [])];
  return factors
    .map((factor) => Number(rescale(factor, plan.quantityDecimals) ?? 0))
    .filter((factor) => factor > 10 ** plan.quantityDecimals);
}

function groupBy<T>(rows: Iterable<T>, nameOf: (row: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const row of rows) append(groups, nameOf(row), row);
  return groups;
}

function textOf(cells: Row['cells'], column: string): string {
  return cells[column]?.trim() ?? '';
}

function timeOf(text: string | undefined, times: TimeReader): number | undefined {
  const time = times.read(text?.trim() ?? '');
  return time.ok ? time.value : undefined;
}

function offsetOf(asOf: string): number {
  const [, sign, hours, minutes] = /([+-])(\d\d):(\d\d)$/.exec(asOf) ?? [];
  return (sign === '-' ? -1 : 1) * (Number(hours ?? 0) * 60 + Number(minutes ?? 0)) * 60_000;
}
