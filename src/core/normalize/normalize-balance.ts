/**
 * Decides what one balance row means: which key it belongs to and how many base units it holds, or why it cannot be used.
 * The one definition that every engine follows, also for the order in which faults are looked for. Never reads files.
 */
import { type Balance, type Role, UNMAPPED } from '../model/balance.ts';
import type { Decimal } from '../model/decimal.ts';
import type { Fault } from '../model/rejection.ts';
import { isForeignCurrency, itemCode, resolveOwner, resolveSite } from './master-data.ts';
import { type NumberFormat, parseDecimal } from './number.ts';
import type { Plan } from './plan.ts';
import { normalizeText } from './text.ts';
import { resolveConversion, toBaseUnits } from './unit.ts';

/** What is declared of the source that a row comes from. */
export interface SourceRules {
  readonly system: string;
  readonly role: Role;
  readonly numberFormat: NumberFormat;
  /** Canonical name → value of every row; where the column exists too, another value is a fault. */
  readonly constants: Readonly<Record<string, string>>;
  /** Its rows hold sites, owners and items by their common names already, as kept balances do: no alias is applied. */
  readonly isCanonical?: boolean;
}

/** The system whose aliases read a source's rows: '', which is no system and has no aliases, where they are canonical. */
export function aliasSystemOf(rules: SourceRules): string {
  return rules.isCanonical === true ? '' : rules.system;
}

/** A balance row by canonical column name; a column that the source lacks is undefined, a null cell is ''. */
export interface BalanceRow {
  readonly site?: string | undefined;
  readonly item?: string | undefined;
  readonly status?: string | undefined;
  readonly quantity?: string | undefined;
  readonly owner?: string | undefined;
  readonly lot?: string | undefined;
  readonly location?: string | undefined;
  readonly uom?: string | undefined;
  readonly unit_cost?: string | undefined;
  readonly [column: string]: string | undefined;
}

export type Exclusion = 'ignored' | 'out-of-scope' | 'filtered';

export type BalanceOutcome =
  | {
      readonly kind: 'balance';
      readonly balance: Balance;
      readonly unitCost: Decimal | undefined;
      readonly costFault: string | undefined;
    }
  | { readonly kind: 'excluded'; readonly why: Exclusion; readonly detail: string }
  | { readonly kind: 'rejected'; readonly column: string; readonly value: string; readonly fault: Fault };

/**
 * Normalises one row. Faults are looked for in this order, and the first one decides: constants, site, its scope, item,
 * filters, status (ignore rules), unit, quantity. Rows left out on purpose are not looked at further.
 */
export function normalizeBalance(row: BalanceRow, source: SourceRules, plan: Plan): BalanceOutcome {
  for (const [column, expected] of Object.entries(source.constants)) {
    const found = row[column];
    if (found !== undefined && normalizeText(found) !== normalizeText(expected))
      return rejected(column, found, `the source says that this is always ${expected}`);
  }
  const field = (column: string): string | undefined => row[column] ?? source.constants[column];
  const aliasSystem = aliasSystemOf(source);
  const site = resolveSite(aliasSystem, field('site') ?? '', plan.master);
  const scope = plan.siteScope(source.system, source.role, site);
  if (scope === 'missing') return rejected('site', field('site') ?? '', 'site missing');
  if (scope === 'foreign')
    return rejected('site', field('site') ?? '', `site ${site} is not one of those that ${source.system} answers for`);
  if (scope === 'out-of-scope') return { kind: 'excluded', why: 'out-of-scope', detail: site };
  const code = itemCode(field('item') ?? '', plan.master);
  if (code === '') return rejected('item', field('item') ?? '', 'item missing');
  const item = plan.master.itemAliases.get(aliasSystem)?.get(code) ?? code;
  if (!plan.keeps(site, item)) return { kind: 'excluded', why: 'filtered', detail: '' };
  return normalizeQuantity(row, field, source, plan, site, item);
}

function normalizeQuantity(
  row: BalanceRow,
  field: (column: string) => string | undefined,
  source: SourceRules,
  plan: Plan,
  site: string,
  item: string,
): BalanceOutcome {
  const record = plan.master.items.get(item);
  const status = normalizeText(field('status') ?? '');
  const owner = resolveOwner(aliasSystemOf(source), field('owner') ?? '', plan.master);
  const facts = {
    status,
    site,
    owner,
    location: normalizeText(field('location') ?? ''),
    family: record?.family ?? '',
    abcClass: record?.abcClass ?? '',
  };
  const mapped = plan.map.resolve(source.system, source.role, facts);
  if (mapped.kind === 'ignored') return { kind: 'excluded', why: 'ignored', detail: mapped.reason };
  const uom = field('uom');
  const conversion = resolveConversion(item, record, uom === undefined ? undefined : normalizeText(uom), plan.master);
  if (!conversion.ok) return { kind: 'rejected', column: 'uom', value: uom ?? '', fault: conversion.fault };
  const text = (field('quantity') ?? '').trim();
  const decimal = parseDecimal(text, source.numberFormat);
  const quantity = decimal.ok ? toBaseUnits(decimal.value, conversion.value, plan.quantityDecimals) : decimal;
  if (!quantity.ok)
    return { kind: 'rejected', column: 'quantity', value: field('quantity') ?? '', fault: quantity.fault };
  const grain = plan.grainOf(facts.family, facts.abcClass);
  const cost = isForeignCurrency(field('currency'), plan.master)
    ? { unitCost: undefined, costFault: `a cost in ${field('currency')}, not in ${plan.master.currency}` }
    : parseUnitCost(row.unit_cost ?? source.constants['unit_cost'], source.numberFormat);
  const balance: Balance = {
    role: source.role,
    system: source.system,
    site,
    item,
    owner: grain.owner ? owner : '',
    lot: grain.lot ? normalizeText(field('lot') ?? '') : '',
    status,
    category: mapped.kind === 'category' ? mapped.index : UNMAPPED,
    quantity: quantity.value,
  };
  return { kind: 'balance', balance, ...cost };
}

/** A unit cost that cannot be read leaves the row without a cost: its units still count. */
export function parseUnitCost(
  text: string | undefined,
  format: NumberFormat,
): { unitCost: Decimal | undefined; costFault: string | undefined } {
  const trimmed = text?.trim() ?? '';
  if (trimmed === '') return { unitCost: undefined, costFault: undefined };
  const cost = parseDecimal(trimmed, format);
  if (!cost.ok) return { unitCost: undefined, costFault: cost.fault.reason };
  if (cost.value.coefficient < 0n) return { unitCost: undefined, costFault: 'a unit cost below zero' };
  return { unitCost: cost.value, costFault: undefined };
}

function rejected(column: string, value: string, reason: string): BalanceOutcome {
  return { kind: 'rejected', column, value, fault: { scope: 'row', reason } };
}
