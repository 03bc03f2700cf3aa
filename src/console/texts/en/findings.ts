/** What the page "findings" says, and what a finding says wherever it stands. Never a sentence of another page. */
import { formatCount, plural } from '../../format/decimals.ts';

export const findings = {
  title: 'Findings',
  run: 'Run',
  latest: 'The last run',
  lead: (count: number, covered: number, all: number) => {
    const faults = plural(count, 'systemic fault');
    const lines = plural(all, 'discrepancy', 'discrepancies');
    return `${faults} ${count === 1 ? 'makes' : 'make'} up ${formatCount(covered)} of ${lines}. Settle ${count === 1 ? 'it' : 'each'} once, before any single line.`;
  },
  leadMany: (count: number) => `${plural(count, 'systemic fault')}. Settle each once, before any single line.`,
  ofAllSites: 'Figures of a finding are of all sites; its lines are of the site that is chosen.',
  none: (count: number) =>
    count === 0
      ? 'No systemic fault was found, and nothing is out of sync.'
      : count === 1
        ? 'No systemic fault was found: the one discrepancy has a cause of its own.'
        : `No systemic fault was found: the ${formatCount(count)} discrepancies have separate causes.`,
  noneHint: 'A fault is called systemic where 8 documents or more failed with one thing in common.',
  noCauses: 'Why is not known: the run read no movements.',
  noCausesHint:
    'Name the movement files of both systems under movements in evenstock.yaml, and each discrepancy says what made it.',
  refused: 'This run was refused, so it has no findings.',
  noRun: 'Nothing has been compared yet',
  noRunHint: 'Findings are what many discrepancies of a run have in common. The first run brings them.',
  toToday: 'How to make a run',
  card: {
    gross: 'Gross',
    lines: 'Lines',
    documents: 'Documents failed',
    impact: 'Impact',
    when: 'When',
    why: 'Why',
    common: 'In common',
    failed: (failed: number, exposed: number) =>
      exposed > failed
        ? `${formatCount(failed)} of ${plural(exposed, 'document')} failed`
        : `${plural(failed, 'document')} failed`,
    ofExposed: (failed: number, exposed: number) => `${formatCount(failed)} of ${formatCount(exposed)}`,
    all: (failed: number) => `all ${formatCount(failed)}`,
    lineCount: (lines: number) => plural(lines, 'line'),
    do: 'What to do',
    /** `listed`: lines whose main cause it is; the others are mainly off for another reason. */
    showLines: (listed: number, all: number) =>
      listed === all
        ? `Show ${listed === 1 ? 'the line' : `the ${formatCount(listed)} lines`}`
        : `Show the ${plural(listed, 'line')} it is the main cause of`,
    howFound: 'How it was found',
    since: 'Also in the run before',
    isNew: 'New in this run',
    unknownWhen: 'not known',
    impactDefinition: 'What the lines cost if they stay: orders and sales that are lost, needless purchases, exposure.',
    /** Names of what documents have in common. */
    factors: {
      interface: 'interface',
      user: 'user',
      family: 'family',
      status: 'status',
      site: 'site',
      batch: 'batch',
      file: 'file',
      error: 'error',
    } as Readonly<Record<string, string>>,
  },
  proof: {
    share: (share: string) => `${share} of the documents with this in common failed`,
    times: (times: string) => `that is ${times} times as often as all others`,
    noOthers: 'none of the others failed',
    coverage: (share: string, cause: string) => `They are ${share} of all documents with the cause “${cause}”.`,
  },
  lines: {
    title: (shown: number, all: number) =>
      shown === all
        ? `The ${plural(all, 'line')} it is the main cause of`
        : `The ${formatCount(shown)} most important of the ${plural(all, 'line')} it is the main cause of`,
    more: 'Show more',
    all: 'Open in the run',
    none: (site: string) =>
      site === '' ? 'It is the main cause of no line.' : `It is the main cause of no line at ${site}.`,
  },
  causes: {
    title: 'Discrepancies by cause',
    cause: 'Cause',
    lines: 'Lines',
    gross: 'Gross',
    net: 'Net',
    share: 'Share of the gross',
    tiny: '< 0.1%',
  },
  gone: {
    title: 'No longer there',
    lead: 'Findings of the run before that this one does not have any more.',
  },
} as const;
