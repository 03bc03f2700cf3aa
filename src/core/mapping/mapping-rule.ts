/** What a rule of the category map is: as the configuration writes it, and as one system sees it. Never decides which rule wins. */
import type { Role } from '../model/balance.ts';

/** A condition; each list holds exact texts or patterns with `*`. All that are given must fit. */
export interface MappingWhen {
  readonly site?: readonly string[] | undefined;
  readonly owner?: readonly string[] | undefined;
  readonly location?: readonly string[] | undefined;
  readonly family?: readonly string[] | undefined;
  readonly abc_class?: readonly string[] | undefined;
}

/** A native status, or one that counts only under a condition. */
export type MappingEntry = string | { readonly status: string; readonly when?: MappingWhen | undefined };

/** Category → side (a role or a system's id) → entries. The order of keys is the order of the rules. */
export type CategoryRules = Readonly<Record<string, Readonly<Record<string, readonly MappingEntry[]>>>>;

/** Rows of one system that are left out, with the reason the report gives. */
export interface IgnoreRule {
  readonly system: string;
  readonly status: readonly string[];
  readonly when?: MappingWhen | undefined;
  readonly reason: string;
}

export type MappedSystems = Readonly<Record<string, { readonly role: Role }>>;

export const MAPPING_DIMENSIONS = ['site', 'owner', 'location', 'family', 'abcClass'] as const;
export type MappingDimension = (typeof MAPPING_DIMENSIONS)[number];

/** What is known of a balance, normalised. A fact that is absent is '', which only `*` fits. */
export type MappingFacts = { readonly status: string } & {
  readonly [dimension in MappingDimension]?: string | undefined;
};

export type MappingResult =
  | { readonly kind: 'category'; readonly index: number; readonly name: string }
  | { readonly kind: 'ignored'; readonly reason: string }
  | { readonly kind: 'unmapped' };

/** Where a rule stands in the configuration. `entry` counts from 0 within its list. */
export type RulePlace =
  | { readonly kind: 'category'; readonly category: string; readonly side: string; readonly entry: number }
  | { readonly kind: 'ignored'; readonly ignore: number; readonly entry: number };

/** One rule as one system sees it. A dimension without patterns fits everything. */
export interface MappingRule {
  readonly status: string;
  readonly conditions: ReadonlyMap<MappingDimension, readonly string[]>;
  readonly result: MappingResult;
  readonly place: RulePlace;
}

/** Rules of one system by status, each list in order of precedence: ignore rules first, then categories as written. */
export type SystemRules = ReadonlyMap<string, readonly MappingRule[]>;
