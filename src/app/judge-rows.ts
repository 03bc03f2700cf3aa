/**
 * Judges the rows of one file one by one, as a run would, whatever kind of source it is of. Never compares, and never decides
 * what a row means: the core does.
 */
import type { Configuration, SourceKind } from '../contract/configuration.ts';
import { UNMAPPED } from '../core/model/balance.ts';
import { formatScaled } from '../core/model/decimal.ts';
import { addDemand, DemandBook } from '../core/normalize/demand.ts';
import { addAlias, addItem, addPack, type MasterFault, type MasterRow } from '../core/normalize/master-data.ts';
import { normalizeBalance, type SourceRules } from '../core/normalize/normalize-balance.ts';
import { MessageReader } from '../core/normalize/normalize-message.ts';
import { PostingReader } from '../core/normalize/normalize-posting.ts';
import type { Plan } from '../core/normalize/plan.ts';
import { addPromotion, PromotionBook } from '../core/normalize/promotions.ts';
import { numberFormatOf, type OpenedSource, openRows, timeFormatOf } from '../ingest/open-source.ts';
import { startMasterData } from './make-plan.ts';
import type { NamedSource } from './named-sources.ts';

/** A row as it was judged. `column` is named as the file has it. */
export interface JudgedRow {
  readonly row: number;
  readonly cells: readonly (string | null)[];
  /** By canonical name: what was understood, without blank ones. */
  readonly parsed: Readonly<Record<string, string>>;
  readonly outcome: 'accepted' | 'excluded' | 'rejected';
  /** Why it is rejected; empty otherwise. */
  readonly column: string;
  readonly value: string;
  readonly reason: string;
}

type Verdict =
  | { readonly kind: 'accepted'; readonly parsed?: Readonly<Record<string, string>> }
  | { readonly kind: 'excluded' }
  | { readonly kind: 'rejected'; readonly column: string; readonly value: string; readonly reason: string };
type Judge = (row: Readonly<Record<string, string>>, number: number) => Verdict;

export interface JudgedSource extends Pick<NamedSource, 'kind' | 'config'> {
  readonly system: string;
}

/** Batches of all rows in the order of the file. A declared control total is no row. */
export async function* judgeRows(
  opened: OpenedSource,
  source: JudgedSource,
  configuration: Configuration,
  plan: Plan,
  temporaryDirectory: string,
): AsyncGenerator<readonly JudgedRow[]> {
  const judge = judgeOf(source, opened.file.name, configuration, plan);
  const { total_row: total, constants = {} } = source.config;
  const totalColumn = total === undefined ? -1 : opened.header.indexOf(total.column);
  for await (const batch of (await openRows(opened, temporaryDirectory)).batches) {
    const judged: JudgedRow[] = [];
    for (const { row, values, fault } of batch) {
      if (totalColumn >= 0 && values[totalColumn]?.trim() === total?.value) continue;
      const texts: Record<string, string> = { ...constants };
      for (const [name, position] of opened.columns) texts[name] = values[position] ?? '';
      const verdict: Verdict =
        fault === undefined
          ? judge(texts, row)
          : { kind: 'rejected', ...fault, column: opened.header[fault.column] ?? '' };
      judged.push({ row, cells: values, ...described(verdict, texts, opened) });
    }
    yield judged;
  }
}

function described(
  verdict: Verdict,
  texts: Readonly<Record<string, string>>,
  { header, columns }: OpenedSource,
): Omit<JudgedRow, 'row' | 'cells'> {
  const entries = Object.entries({ ...texts, ...(verdict.kind === 'accepted' && verdict.parsed) });
  const parsed = Object.fromEntries(
    entries.flatMap(([name, text]) => (text.trim() === '' ? [] : [[name, text.trim()]])),
  );
  if (verdict.kind !== 'rejected') return { parsed, outcome: verdict.kind, column: '', value: '', reason: '' };
  const column = header[columns.get(verdict.column) ?? -1] ?? verdict.column;
  return { parsed, outcome: 'rejected', column, value: verdict.value, reason: verdict.reason };
}

function judgeOf(source: JudgedSource, file: string, configuration: Configuration, plan: Plan): Judge {
  const { kind, config, system } = source;
  const { constants = {} } = config;
  const role = configuration.systems[system]?.role ?? 'wms';
  const rules: SourceRules = { system, role, numberFormat: numberFormatOf(config), constants };
  if (kind === 'balances') return (row) => balanceVerdict(row, rules, plan);
  if (kind === 'movements') {
    const reader = new PostingReader(rules, timeFormatOf(config), file, plan);
    return (row, number) => {
      const outcome = reader.read(row, number);
      if (outcome.kind !== 'taken') return outcome;
      const { postedAt, site, item, quantity, category } = outcome.value;
      return {
        kind: 'accepted',
        parsed: { posted_at: momentText(postedAt), ...placeText({ site, item, quantity, category }, plan) },
      };
    };
  }
  if (kind === 'messages') {
    const reader = new MessageReader(rules.numberFormat, timeFormatOf(config), file, plan);
    return (row, number) => {
      const { outcome } = reader.read(row, number);
      if (outcome.kind !== 'taken') return outcome;
      const { sentAt, placed, item } = outcome.value;
      return {
        kind: 'accepted',
        parsed: { sent_at: momentText(sentAt), item, ...(placed && placeText(placed, plan)) },
      };
    };
  }
  const add = masterJudge(kind, source, configuration, plan);
  return (row, number) => {
    const fault = add(row, number);
    return fault === undefined ? { kind: 'accepted' } : { kind: 'rejected', ...fault };
  };
}

function balanceVerdict(row: Readonly<Record<string, string>>, rules: SourceRules, plan: Plan): Verdict {
  const outcome = normalizeBalance(row, rules, plan);
  if (outcome.kind === 'excluded') return outcome;
  if (outcome.kind === 'rejected')
    return { kind: 'rejected', column: outcome.column, value: outcome.value, reason: outcome.fault.reason };
  return { kind: 'accepted', parsed: placeText(outcome.balance, plan) };
}

/** Rows of master data are judged among those of their own file. */
function masterJudge(
  kind: Exclude<SourceKind, 'balances' | 'movements' | 'messages'>,
  { config }: JudgedSource,
  configuration: Configuration,
  { master: known, quantityDecimals }: Plan,
): (row: MasterRow, number: number) => MasterFault | undefined {
  const master = startMasterData(configuration);
  const numbers = numberFormatOf(config);
  const format = { master: known, quantityDecimals, needs: () => false, numbers, dayFormat: config.time_format };
  const books = { demand: new DemandBook(), promotions: new PromotionBook() };
  const judges = {
    items: (row: MasterRow) => addItem(master, row, numbers),
    packs: (row: MasterRow, number: number) => addPack(master, row, numbers, number),
    aliases: (row: MasterRow) => addAlias(master, row, 'item'),
    sites: (row: MasterRow) => addAlias(master, row, 'site'),
    demand: (row: MasterRow) => addDemand(books.demand, row, format),
    promotions: (row: MasterRow) => addPromotion(books.promotions, row, format),
  };
  return judges[kind];
}

/** What a row says of a key, by common names and in base units. */
function placeText(
  { site, item, quantity, category }: { site: string; item: string; quantity: number; category: number },
  { categories, quantityDecimals }: Plan,
): Record<string, string> {
  const named = category === UNMAPPED ? '' : (categories[category] ?? '');
  return { site, item, quantity: formatScaled(quantity, quantityDecimals), category: named };
}

function momentText(epochMs: number): string {
  return new Date(epochMs).toISOString();
}
