/** `evenstock simulate`. */
import type { WarehouseOptions, WrittenWorld } from '../../app/simulate.ts';
import { Failure } from '../../core/model/failure.ts';
import { EXIT_DONE } from '../exit-code.ts';
import { wholeNumber } from '../limits.ts';
import type { TerminalIo } from '../terminal-io.ts';

interface SimulateFlags {
  readonly out: string;
  readonly seed: string;
  readonly items: string;
  readonly sites: string;
  readonly days: string;
  readonly faults: string;
  readonly activity?: string;
  readonly clockSkew?: string;
  readonly cutOff?: string;
  readonly cutOffSkew?: string;
  readonly hourlySummary?: boolean;
  readonly references?: string;
  readonly retention?: string;
  readonly snapshot?: string;
  /** False with --no-messages and --no-openings. */
  readonly messages?: boolean;
  readonly openings?: boolean;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

const SNAPSHOTS = ['none', 'stale', 'time-zone', 'scope'] as const;

export async function runSimulate(io: TerminalIo, flags: SimulateFlags): Promise<number> {
  const options = optionsOf(flags);
  const { simulate } = await import('../../app/simulate.ts');
  const world = await simulate(flags.out, options);
  if (flags.json) io.out.write(`${JSON.stringify(world, null, 2)}\n`);
  else if (!flags.quiet) io.out.write(summary(world));
  return EXIT_DONE;
}

function summary({
  directory,
  configuration,
  keys,
  erpMovements,
  wmsMovements,
  messages,
  discrepantKeys,
  faults,
}: WrittenWorld): string {
  const count = (value: number): string => value.toLocaleString('en-US');
  return `wrote ${directory}: ${count(keys)} keys, ${count(discrepantKeys)} of them differ, by ${count(faults)} faults and what is in flight
  ${count(erpMovements)} ERP movements, ${count(wmsMovements)} WMS movements, ${count(messages)} message lines; the truth is in ${directory}/truth

Next: evenstock reconcile --config ${configuration} --out out
`;
}

function optionsOf(flags: SimulateFlags): WarehouseOptions {
  const given: { -readonly [Name in keyof WarehouseOptions]: WarehouseOptions[Name] } = {
    seed: wholeNumber('--seed', flags.seed, 0, 4_294_967_295),
    items: wholeNumber('--items', flags.items, 10, 2_000_000),
    sites: wholeNumber('--sites', flags.sites, 1, 100),
    days: wholeNumber('--days', flags.days, 1, 365),
    faults: flags.faults,
    hourlySummary: flags.hourlySummary === true,
    messages: flags.messages !== false,
    openings: flags.openings !== false,
    retentionDays: wholeNumber('--retention', flags.retention ?? '0', 0, 365),
  };
  if (flags.activity !== undefined) given.activity = decimalBetween('--activity', flags.activity, 0.05, 50);
  if (flags.references !== undefined) given.references = decimalBetween('--references', flags.references, 0, 1);
  if (flags.clockSkew !== undefined)
    given.clockSkewMinutes = decimalBetween('--clock-skew', flags.clockSkew, -720, 720);
  if (flags.cutOffSkew !== undefined)
    given.cutOffSkewMinutes = decimalBetween('--cut-off-skew', flags.cutOffSkew, -720, 720);
  if (flags.cutOff !== undefined) given.cutOffTime = timeOfDay(flags.cutOff);
  if (flags.snapshot !== undefined) given.snapshot = snapshotFault(flags.snapshot);
  return given;
}

function decimalBetween(option: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (!/^-?\d+(\.\d+)?$/.test(text) || value < least || value > most)
    throw refusal(`${option} ${text}: a number from ${least} to ${most} was expected`);
  return value;
}

function timeOfDay(text: string): string {
  if (!/^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?$/.test(text))
    throw refusal(`--cut-off ${text}: a time of day such as 14:00 was expected`);
  return text;
}

function snapshotFault(text: string): NonNullable<WarehouseOptions['snapshot']> {
  const found = SNAPSHOTS.find((each) => each === text);
  if (found === undefined) throw refusal(`--snapshot ${text}: expected one of ${SNAPSHOTS.join(', ')}`);
  return found;
}

function refusal(message: string): Failure {
  return new Failure('usage', 'OPTION_UNREADABLE', message, 'Correct the option.');
}
