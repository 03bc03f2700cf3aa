/** What the page "today" says. Never a sentence of another page. */
import { sitesPhrase } from '../../../report/wording.ts';
import { formatCount, plural } from '../../format/decimals.ts';

const keys = (count: number): string => plural(count, 'key');
const are = (count: number): string => (count === 1 ? 'is' : 'are');

export const today = {
  title: 'Today',
  runNow: 'Run now',
  opening: {
    /** `units`: '' where it is not known. */
    agree: (sites: readonly string[], share: string, count: number, units: string) =>
      `${sitesPhrase(sites)} ${sites.length === 1 ? 'agrees' : 'agree'} on ${share} of ${keys(count)}${units === '' ? '' : ` (${units} of units)`}.`,
    off: (count: number, amount: string) => `${keys(count)} ${are(count)} off by ${amount} gross`,
    offUnits: (count: number, units: string) => `${keys(count)} ${are(count)} off by ${units} units gross`,
    unvalued: (count: number) =>
      `${formatCount(count)} of them ${count === 1 ? 'has no unit cost and is' : 'have no unit cost and are'} not in that amount.`,
    ofThem: (count: number, all: number) =>
      count === all ? (all === 1 ? 'it is part of' : 'all of them are') : `${formatCount(count)} of them ${are(count)}`,
    outage: (where: string) => `one outage of ${where}`,
    fault: (title: string) => `one fault: ${title}`,
    nothingOff: (sites: readonly string[], count: number) =>
      count === 1
        ? `Nothing is out of sync: the one key agrees at ${sitesPhrase(sites)}.`
        : `Nothing is out of sync: all ${keys(count)} agree at ${sitesPhrase(sites)}.`,
    nothingFound: (sites: readonly string[], count: number) =>
      `No discrepancy was found in what could be compared: ${keys(count)} ${count === 1 ? 'agrees' : 'agree'} at ${sitesPhrase(sites)}.`,
    nothingCompared: 'Nothing was compared: no key was found on either side.',
    timing: (count: number) => `${keys(count)} ${count === 1 ? 'differs' : 'differ'} only by what is on its way.`,
    rejected: (rows: number) =>
      `${plural(rows, 'row')} ${rows === 1 ? 'was' : 'were'} rejected; what ${rows === 1 ? 'it holds is' : 'they hold is'} in no figure here.`,
    unmapped: (statuses: number) =>
      `${plural(statuses, 'stock status', 'stock statuses')} ${statuses === 1 ? 'has' : 'have'} no category; what stands in ${statuses === 1 ? 'it' : 'them'} is in no figure here.`,
    siteAbsent: (site: string) => `The last run did not compare ${site}.`,
    limited: (what: string) => `The run was limited to ${what}.`,
    limitedItems: (count: number) => plural(count, 'item'),
    forced: (by: string, reason: string) => `The quality gate was overruled by ${by}: ${reason}`,
    cutOff: 'Cut-off',
    finished: 'compared',
    ago: (age: string) => `(${age})`,
  },
  figures: {
    label: 'Figures of the last run',
    netVariance: 'v′ is the net variance: WMS − ERP − in flight.',
    ofKeys: 'of keys',
    exact: (share: string) => `${share} exactly`,
    units: (share: string) => `${share} of units`,
    grossUnits: (units: string) => `${units} units`,
    cancels: (share: string) => `${share} of the gross cancels out`,
    tooHigh: 'ERP too high',
    tooHighDefinition: 'Σ|v′ × unit cost| over the discrepancies with v′ below 0: the ERP promises what is not there.',
    tooLow: 'too low',
    tooLowDefinition: 'Σ|v′ × unit cost| over the discrepancies with v′ above 0: stock that the ERP does not sell.',
    critical: 'Critical',
    criticalDefinition:
      'Discrepancies with open orders at risk, and those whose points for value, impact, turnover, events and age reach the limit of the configuration.',
    criticalNone: 'no order at risk',
    amountAt: (amount: string) => `${amount} gross`,
    atRisk: 'Orders at risk',
    atRiskDefinition:
      'Σ max(0, min(open orders, ERP) − WMS) of available stock, at unit cost, over the items that are off: what is promised from stock that the warehouse does not have. It makes a line critical, whatever the line is worth; so do points for value, impact, turnover, events and age beyond the limit of the configuration.',
    atRiskNone: 'none',
    atRiskItems: (units: string, items: number) => `${units} units of ${plural(items, 'item')}`,
    atRiskUnvalued: (items: number) => `${formatCount(items)} without a cost`,
    criticalLines: (lines: number) => plural(lines, 'critical line'),
    changed: 'New',
    gone: (count: number) => `${formatCount(count)} gone`,
    worse: (count: number) => `${formatCount(count)} worse`,
    better: (count: number) => `${formatCount(count)} better`,
    unchanged: 'all others as in the run before',
    firstRun: 'first run: nothing to compare with',
  },
  findings: {
    title: (count: number, lines: number) =>
      count === 1
        ? `Settle first: one fault behind ${plural(lines, 'line')}`
        : `Settle first: ${formatCount(count)} faults`,
    all: 'All findings',
    none: 'No systemic fault: the discrepancies have separate causes.',
  },
  work: {
    title: 'Work list',
    all: (count: number) => (count === 1 ? 'The one discrepancy' : `All ${formatCount(count)} discrepancies`),
    label: 'What matters most, first',
    keysHint: 'j and k move, Enter opens',
    empty: 'There is nothing to do: no key that was compared is out of sync.',
  },
  sites: {
    title: 'By site',
    site: 'Site',
    accuracy: 'Agree',
    off: 'Off',
    gross: 'Gross',
    net: 'Net',
    show: (site: string) => `Show ${site} only`,
    all: 'Show all sites',
  },
  trend: {
    title: (days: number) => `Last ${days} days`,
    one: 'One cut-off so far. The trend begins with the second one.',
    none: 'No run compared everything within this time, so there is no trend.',
    accuracy: 'Accuracy by keys',
    gross: 'Gross variance',
    more: 'Measures',
  },
  interfaces: {
    title: 'Interfaces',
    none: 'No messages were read: name the message log under messages in evenstock.yaml, and each interface is watched here.',
    more: 'All interfaces',
    unnamed: 'no interface named',
    silent: (age: string) => `silent for ${age}`,
    last: (age: string) => `last message ${age} before the cut-off`,
    failed: (rejected: number, late: number) =>
      [
        rejected > 0 ? `${formatCount(rejected)} rejected` : '',
        late > 0 ? `${formatCount(late)} without an outcome` : '',
      ]
        .filter((part) => part !== '')
        .join(', '),
    fine: 'no failures',
    messages: (count: number) => plural(count, 'message'),
    heartbeat: (name: string, lines: string) => `Interface ${name}, hour by hour: ${lines}`,
    hour: (lines: number, failed: number) =>
      `${plural(lines, 'line')}${failed === 0 ? '' : `, ${formatCount(failed)} failed`}`,
  },
  now: {
    title: 'Now',
    now: (count: number) => `${keys(count)} out of sync.`,
    same: (count: number) => `${keys(count)} out of sync, as the run found.`,
    more: (count: number, difference: number) =>
      `${keys(count)} out of sync: ${formatCount(difference)} more than the run found.`,
    fewer: (count: number, difference: number) =>
      `${keys(count)} out of sync: ${formatCount(difference)} fewer than the run found.`,
    none: 'No key is out of sync.',
    timing: (count: number) => `${keys(count)} out only by what is on its way.`,
    waiting: (batches: number) =>
      `${plural(batches, 'batch', 'batches')} of what was sent in ${are(batches)} not counted in yet.`,
    absent: 'What happens between runs is seen here once the movements of both systems are sent in.',
    alerts: (count: number) => (count === 0 ? 'No alert is open.' : `${plural(count, 'alert')} open`),
    manyAlerts: (count: number) => `More than ${formatCount(count)} alerts open`,
    late: (message: string, name: string) =>
      `Message ${message}${name === '' ? '' : ` of interface ${name}`} has no outcome, sent`,
    silent: (kind: string, name: string) => `No ${kind} from ${name} since`,
  },
  runs: {
    title: 'Runs',
    all: 'All runs',
    next: 'Next run',
    noSchedule: 'No schedule: runs are made when somebody asks.',
    onArrival: (name: string) => `when both snapshots are in (${name})`,
    off: 'Every schedule is switched off.',
    plan: 'Set one up',
    by: (name: string) => `(${name})`,
    when: 'When',
    state: 'Outcome',
    offKeys: 'Off',
    gross: 'Gross',
    states: {
      queued: 'waiting',
      running: 'running',
      complete: 'complete',
      refused: 'refused',
      failed: 'failed',
      cancelled: 'cancelled',
    },
    limited: 'limited',
  },
  notice: {
    queued: 'A run is waiting for its turn.',
    running: 'A run is going on.',
    stage: (stage: string) => `Now: ${stage}`,
    /** As runs name their stages. */
    stages: {
      read: 'reading the files',
      balances: 'reading the snapshots',
      history: 'looking at earlier runs',
      check: 'checking the files',
      compare: 'comparing',
      explain: 'finding the causes',
    } as Readonly<Record<string, string>>,
    left: (time: string) => `about ${time} left`,
    progress: 'Progress of the run',
    open: 'Open it',
    refused: 'The last run was refused',
    refusedLead: 'The files cannot be compared as they are, so there are no figures of it.',
    failed: 'The last run failed',
    shown: 'Until the next one you see the last good run.',
    noneGood: 'There is no earlier run to show.',
    details: 'See the run',
  },
  empty: {
    title: 'Nothing has been compared yet',
    lead: 'One run shows what is out of sync, why, and what to do. There are two ways to it:',
    ways: {
      sources: 'Say where the snapshots of ERP and WMS lie, and when to compare them:',
      sourcesLink: 'Sources and schedules',
      now: 'If the files named in evenstock.yaml are in place, compare them now:',
      nowForOthers: 'If the files named in evenstock.yaml are in place, an analyst can compare them now.',
    },
  },
} as const;
