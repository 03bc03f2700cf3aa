/**
 * Decides whether limits make sense: durations, tolerance rules, priorities. Never compares them with any data.
 */
import type { Configuration } from '../contract/configuration.ts';
import { durationMs } from '../core/normalize/time.ts';
import type { Path } from './node-reading.ts';
import type { Report } from './reference-checks.ts';

/** Ten years: longer is a slip of the unit, and milliseconds stay far within exact numbers. */
const DURATION_DAYS_MAX = 3650;

/** Checks all limits of a configuration. */
export function checkLimits(configuration: Configuration, report: Report): void {
  checkDurations(configuration, report);
  checkTolerance(configuration, report);
  checkGrain(configuration, report);
  checkPriority(configuration, report);
}

function checkDurations({ balances, opening, quality, lag, watch, retention }: Configuration, report: Report): void {
  const gates: [Path, { max_age?: string | undefined; max_skew?: string | undefined } | undefined][] = [
    [['quality'], quality],
    ...balances.map((source, at): [Path, typeof source] => [['balances', at], source]),
    ...(opening ?? []).map((source, at): [Path, typeof source] => [['opening', at], source]),
  ];
  for (const [path, gate] of gates) {
    checkDuration([...path, 'max_age'], gate?.max_age, report);
    checkDuration([...path, 'max_skew'], gate?.max_skew, report);
    if (gate?.max_age !== undefined && durationMs(gate.max_age) === 0)
      report([...path, 'max_age'], 'max_age 0 would refuse every source');
  }
  checkDuration(['lag', 'default'], lag?.default, report);
  for (const [name, duration] of Object.entries(lag?.interfaces ?? {}))
    checkDuration(['lag', 'interfaces', name], duration, report);
  for (const name of ['every', 'settle'] as const) {
    checkDuration(['watch', name], watch?.[name], report);
    if (watch !== undefined && durationMs(watch[name]) === 0)
      report(['watch', name], 'a pause of 0 would look without end');
  }
  for (const name of ['runs', 'imports', 'events', 'idempotency_keys'] as const) {
    checkDuration(['retention', name], retention?.[name], report);
    if (retention !== undefined && durationMs(retention[name]) < durationMs('1h'))
      report(['retention', name], 'less than 1h would remove what is still in use');
  }
}

function checkDuration(path: Path, duration: string | undefined, report: Report): void {
  if (duration === undefined || durationMs(duration) <= durationMs(`${DURATION_DAYS_MAX}d`)) return;
  report(path, `a duration is at most ${DURATION_DAYS_MAX}d`);
}

function checkTolerance({ tolerance, categories }: Configuration, report: Report): void {
  tolerance?.rules?.forEach((rule, at) => {
    const path: Path = ['tolerance', 'rules', at];
    if (Object.keys(rule.when).length === 0)
      report([...path, 'when'], 'this rule fits everything; give its limits under tolerance itself');
    if (rule.quantity === undefined && rule.percent === undefined && rule.value === undefined) {
      report(path, 'this rule gives no limit: quantity, percent or value');
    }
    rule.when.category?.forEach((name, entry) => {
      if (name.includes('*') || Object.hasOwn(categories, name)) return;
      const known = Object.keys(categories).join(', ');
      report([...path, 'when', 'category', entry], `expected a category (${known})`, 'found');
    });
  });
}

function checkPriority({ priority, categories }: Configuration, report: Report): void {
  if (priority === undefined) return;
  priority.available?.forEach((name, at, names) => {
    const path: Path = ['priority', 'available', at];
    if (!Object.hasOwn(categories, name))
      report(path, `expected a category (${Object.keys(categories).join(', ')})`, 'found');
    else if (names.indexOf(name) < at) report(path, `${name} stands twice`);
  });
  if (Number(priority.lost_share) > 1) report(['priority', 'lost_share'], 'a share is at most 1');
  const { critical, high, medium } = priority.thresholds;
  if (critical < high || high < medium)
    report(['priority', 'thresholds'], `not in order: critical ${critical}, high ${high}, medium ${medium}`);
}

function checkGrain({ grain }: Configuration, report: Report): void {
  if (Array.isArray(grain)) {
    checkColumns(grain, ['grain'], report);
    return;
  }
  checkColumns(grain.default, ['grain', 'default'], report);
  grain.rules.forEach((rule, at) => {
    checkColumns(rule.grain, ['grain', 'rules', at, 'grain'], report);
    if (Object.keys(rule.when).length === 0)
      report(['grain', 'rules', at, 'when'], 'this rule fits everything; make it the default');
  });
}

function checkColumns(columns: readonly string[], path: Path, report: Report): void {
  columns.forEach((column, at) => {
    if (columns.indexOf(column) < at) report([...path, at], `${column} stands twice`);
  });
}
