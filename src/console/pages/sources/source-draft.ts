/**
 * What a person has decided of a new source, and what of it is sent. Decides which decisions a change undoes: other fields
 * have other columns. Never guesses: the server proposes.
 */

export type Settings = Readonly<Record<string, unknown>>;

export interface Placing {
  readonly system: string;
  readonly name: string;
  readonly path: string;
  /** '' where a column holds it. */
  readonly asOf: string;
  readonly completeness: string;
}

/** What decides which columns a file has. */
const STRUCTURE = ['format', 'delimiter', 'quote', 'encoding', 'header', 'skip_rows', 'sheet'];
/** Said together: one of them is no proposal for the others. */
const NUMBERS = ['decimal', 'thousands', 'negative'];
const SNAPSHOTS = ['balances', 'opening'];
/** Kinds whose source is of one system. */
const OF_SYSTEM = ['balances', 'movements', 'opening'];
/** Kinds of which a configuration may have several sources. */
const LISTS = ['balances', 'movements', 'messages', 'opening'];

export function isSnapshot(kind: string): boolean {
  return SNAPSHOTS.includes(kind);
}

export function isOfSystem(kind: string): boolean {
  return OF_SYSTEM.includes(kind);
}

export function mayHaveSeveral(kind: string): boolean {
  return LISTS.includes(kind);
}

/** The decisions after one more. `shown`: all that is in force, proposed or decided. undefined takes a setting away. */
export function decide(decided: Settings, shown: Settings, name: string, value: unknown): Settings {
  if (name === 'format') return { format: value };
  const { columns, constants, ...others } = decided;
  const isOtherFile = STRUCTURE.includes(name);
  const together = isOtherFile ? STRUCTURE : NUMBERS.includes(name) ? NUMBERS : [];
  const kept = Object.fromEntries(together.flatMap((each) => (shown[each] === undefined ? [] : [[each, shown[each]]])));
  const mapped = isOtherFile
    ? {}
    : { ...(columns !== undefined && { columns }), ...(constants !== undefined && { constants }) };
  return without({ ...others, ...kept, ...mapped, [name]: value });
}

/** A canonical column gets a column of the file, a value for all rows, or neither. */
export function mapColumn(
  decided: Settings,
  shown: Settings,
  canonical: string,
  to: { readonly column?: string; readonly constant?: string },
): Settings {
  const { [canonical]: _, ...columns } = namesOf(shown['columns']);
  const { [canonical]: __, ...constants } = namesOf(shown['constants']);
  if (to.column !== undefined) columns[canonical] = to.column;
  if (to.constant !== undefined) constants[canonical] = to.constant;
  const hasConstants = Object.keys(constants).length > 0;
  return without({ ...decided, columns, constants: hasConstants ? constants : undefined });
}

/** The settings as they would stand in the configuration. */
export function settingsToSave(
  kind: string,
  { system, name, path, asOf, completeness }: Placing,
  shown: Settings,
): Settings {
  const { format, ...others } = shown;
  return without({
    system: isOfSystem(kind) ? system : undefined,
    name: name.trim() || undefined,
    format,
    path: path.trim() || undefined,
    ...others,
    as_of: isSnapshot(kind) && asOf !== '' ? asOf : undefined,
    completeness: kind === 'balances' && completeness !== 'full' ? completeness : undefined,
  });
}

export function namesOf(value: unknown): Record<string, string> {
  return { ...(value as Record<string, string> | undefined) };
}

function without(settings: Settings): Settings {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
}
