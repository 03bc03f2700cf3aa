/** Lists the sources of a configuration with the names that reports and imports call them by. Never opens one. */
import type { Configuration, FileSourceConfig, SourceKind } from '../contract/configuration.ts';

/** Where sources stand in a configuration; also the KIND of `evenstock import`. */
export const SOURCE_PARTS = [
  'balances',
  'movements',
  'messages',
  'opening',
  'items',
  'packs',
  'aliases',
  'sites',
  'demand',
  'promotions',
] as const;
export type SourcePart = (typeof SOURCE_PARTS)[number];

export interface NamedSource {
  readonly part: SourcePart;
  readonly kind: SourceKind;
  readonly name: string;
  /** Empty where the source is not of one system. */
  readonly system: string;
  readonly config: FileSourceConfig & { readonly system?: string };
}

/** What reports call a source: its name, else its system and part. */
export function sourceName(
  kind: string,
  source: { readonly name?: string | undefined; readonly system?: string },
  index: number,
  count: number,
): string {
  if (source.name !== undefined) return source.name;
  const base = source.system === undefined ? kind : `${source.system} ${kind}`;
  return count > 1 ? `${base} ${index + 1}` : base;
}

/** In the order of SOURCE_PARTS, and within a part of the configuration. */
export function listNamedSources(configuration: Configuration): NamedSource[] {
  return SOURCE_PARTS.flatMap((part) => {
    const entry: NamedSource['config'] | readonly NamedSource['config'][] | undefined = configuration[part];
    if (entry === undefined) return [];
    const configs = [entry].flat() as NamedSource['config'][];
    return configs.map((config) => {
      const twins = configs.filter(({ system }) => system === config.system);
      const name = sourceName(part, config, twins.indexOf(config), twins.length);
      return { part, kind: part === 'opening' ? 'balances' : part, name, system: config.system ?? '', config };
    });
  });
}
