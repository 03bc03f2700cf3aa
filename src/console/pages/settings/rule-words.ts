/**
 * The document of a rule as the form shows it. Never loses what the form does not show: the rest of the document is kept as
 * it was.
 */

export interface RuleWords {
  readonly topics: readonly string[];
  readonly channels: readonly string[];
  /** Empty: all. */
  readonly sites: readonly string[];
  readonly causes: readonly string[];
  readonly minValue: string;
  readonly isOnlyNew: boolean;
  readonly gather: string;
  readonly timeZone: string;
  /** Of the first quiet hours; '' where there are none. */
  readonly quietFrom: string;
  readonly quietTo: string;
  readonly linesMax: number;
}

type Document = Readonly<Record<string, unknown>>;

const list = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);

export function ruleWordsOf(document: Document): RuleWords {
  const [quiet] = (document['quiet_hours'] ?? []) as readonly { from?: string; to?: string }[];
  return {
    topics: list(document['topics'] ?? ['run-digest']),
    channels: list(document['channels']),
    sites: list(document['sites']),
    causes: list(document['causes']),
    minValue: String(document['min_value'] ?? ''),
    isOnlyNew: document['only_new'] === true,
    gather: String(document['gather'] ?? '5m'),
    timeZone: String(document['time_zone'] ?? Intl.DateTimeFormat().resolvedOptions().timeZone),
    quietFrom: quiet?.from ?? '',
    quietTo: quiet?.to ?? '',
    linesMax: Number(document['lines_max'] ?? 10),
  };
}

/** `before`: the document that was changed; {} for a new one. */
export function documentOf(words: RuleWords, before: Document): Document {
  const [first, ...others] = (before['quiet_hours'] ?? []) as readonly Document[];
  const quiet =
    words.quietFrom === '' || words.quietTo === '' ? [] : [{ ...first, from: words.quietFrom, to: words.quietTo }];
  return {
    ...before,
    topics: words.topics,
    channels: words.channels,
    sites: words.sites.length === 0 ? null : words.sites,
    causes: words.causes,
    min_value: words.minValue === '' ? null : words.minValue,
    only_new: words.isOnlyNew,
    gather: words.gather,
    time_zone: words.timeZone,
    quiet_hours: [...quiet, ...others],
    lines_max: words.linesMax,
  };
}
