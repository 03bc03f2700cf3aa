/** A schedule as fields hold it, and as its document. Decides how lists are typed. Never checks them: the server does. */
import type { Answer } from '../../api/ask.ts';

export type Schedule = Answer<'GET /schedules/{id}'>;

export interface TimeDraft {
  readonly id: number;
  readonly kind: 'daily' | 'hourly' | 'cron';
  /** Times of the day, the minute, or the expression. */
  readonly text: string;
  readonly from: string;
  readonly to: string;
}

export interface WindowDraft {
  readonly id: number;
  readonly from: string;
  readonly to: string;
  /** What no field shows: weekdays, a reason. */
  readonly rest: Readonly<Record<string, unknown>>;
}

export interface ScheduleDraft {
  readonly name: string;
  readonly isEnabled: boolean;
  readonly zone: string;
  readonly times: readonly TimeDraft[];
  readonly windows: readonly WindowDraft[];
  readonly isOnArrival: boolean;
  readonly wait: string;
  readonly days: readonly string[];
  readonly holidays: string;
  readonly extraDays: string;
  readonly sites: string;
  readonly items: readonly string[];
  readonly catchUp: string;
}

export interface ScheduleParts {
  readonly time_zone: string;
  readonly times?: readonly { daily?: readonly string[]; hourly?: number; from?: string; to?: string; cron?: string }[];
  readonly arrival?: { readonly wait?: string };
  readonly calendar?: {
    readonly weekdays?: readonly string[];
    readonly holidays?: readonly string[];
    readonly extra_days?: readonly string[];
  };
  readonly blackouts?: readonly ({ readonly from: string; readonly to: string } & Readonly<Record<string, unknown>>)[];
  readonly filters?: { readonly site?: readonly string[]; readonly item?: readonly string[] };
  readonly catch_up?: string;
}

export const EMPTY_TIME = { kind: 'daily', text: '06:00', from: '', to: '' } as const;

export function draftOf(schedule: Schedule | undefined, zone: string): ScheduleDraft {
  const parts = (schedule?.document ?? { time_zone: zone, times: [{ daily: ['06:00'] }] }) as unknown as ScheduleParts;
  const { times = [], arrival, calendar, blackouts = [], filters } = parts;
  return {
    name: schedule?.name ?? '',
    isEnabled: schedule?.is_enabled ?? true,
    zone: parts.time_zone,
    times: times.map(({ daily, hourly, cron, from = '', to = '' }, id) => ({
      id,
      kind: daily !== undefined ? 'daily' : cron !== undefined ? 'cron' : 'hourly',
      text: daily?.join(', ') ?? cron ?? String(hourly),
      ...{ from, to },
    })),
    windows: blackouts.map(({ from, to, ...rest }, id) => ({ id, from, to, rest })),
    isOnArrival: arrival !== undefined,
    wait: arrival?.wait ?? '0m',
    days: calendar?.weekdays ?? [],
    holidays: (calendar?.holidays ?? []).join(', '),
    extraDays: (calendar?.extra_days ?? []).join(', '),
    sites: (filters?.site ?? []).join(', '),
    items: filters?.item ?? [],
    catchUp: parts.catch_up ?? 'once',
  };
}

export function documentOf(draft: ScheduleDraft): Record<string, unknown> {
  const { days, holidays, extraDays, wait } = draft;
  const calendar = {
    ...(days.length > 0 && { weekdays: days }),
    ...{ holidays: listOf(holidays), extra_days: listOf(extraDays) },
  };
  const hasCalendar = days.length > 0 || calendar.holidays.length > 0 || calendar.extra_days.length > 0;
  return {
    time_zone: draft.zone,
    times: draft.times.map(ruleOf),
    ...(draft.isOnArrival && { arrival: { sides: 'both', wait: wait.trim() || '0m' } }),
    ...(hasCalendar && { calendar }),
    blackouts: draft.windows.map(({ from, to, rest }) => ({ ...rest, from: from.trim(), to: to.trim() })),
    filters: { site: listOf(draft.sites), item: draft.items },
    catch_up: draft.catchUp,
  };
}

function ruleOf({ kind, text, from, to }: TimeDraft): Record<string, unknown> {
  if (kind === 'daily') return { daily: listOf(text) };
  if (kind === 'cron') return { cron: text.trim() };
  const bounds = { ...(from.trim() !== '' && { from: from.trim() }), ...(to.trim() !== '' && { to: to.trim() }) };
  // What is no number goes to the server as it stands, which says so.
  return { hourly: /^\d+$/.test(text.trim()) ? Number(text) : text, ...bounds };
}

function listOf(text: string): string[] {
  return text.split(/[,;\s]+/).filter((each) => each !== '');
}
