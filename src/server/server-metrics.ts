/** What a server says of itself to Prometheus beside its requests: process, queue, intake. Never rows of data. */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { WorkDatabase } from '../store/database/open-database.ts';
import { countDeliveries } from '../store/work/notification-deliveries.ts';

const delay = monitorEventLoopDelay({ resolution: 20 });
delay.enable();

/** The delay of the event loop is that since the last look. */
export async function serverMetrics({ db }: WorkDatabase, isConfigurationValid: boolean): Promise<string> {
  const jobs = await db
    .selectFrom('jobs')
    .select(['kind', 'state', (query) => query.fn.countAll<number>().as('jobs')])
    .groupBy(['kind', 'state'])
    .execute();
  const counters = await db.selectFrom('counters').select(['name', 'value']).execute();
  const deliveries = Object.entries(await countDeliveries(db));
  const memory = process.memoryUsage();
  const lines = [
    ...family(
      'evenstock_jobs',
      'gauge',
      'Jobs by kind and state.',
      jobs.map(({ kind, state, jobs: count }) => [`kind="${kind}",state="${state}"`, Number(count)]),
    ),
    ...family(
      'evenstock_numbers',
      'counter',
      'Audit rows, events and intake batches so far; of the events, those that notifications have taken in.',
      counters.map(({ name, value }) => [`name="${name}"`, value]),
    ),
    ...family(
      'evenstock_notification_deliveries',
      'gauge',
      'Messages to people and systems by state, as far as they are kept.',
      deliveries.map(([state, count]) => [`state="${state}"`, count]),
    ),
    ...family('evenstock_configuration_valid', 'gauge', '0: the file cannot be used, the one before is in force.', [
      ['', isConfigurationValid ? 1 : 0],
    ]),
    ...family('process_resident_memory_bytes', 'gauge', 'Memory of the server, without that of runs.', [
      ['', memory.rss],
    ]),
    ...family('process_cpu_seconds_total', 'counter', 'Processor time of the server.', [['', cpuSeconds()]]),
    ...family('evenstock_event_loop_delay_seconds', 'gauge', 'p99 since the last look.', [
      ['', (delay.percentile(99) || 0) / 1e9],
    ]),
  ];
  delay.reset();
  return `${lines.join('\n')}\n`;
}

function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

function family(
  name: string,
  type: 'gauge' | 'counter',
  help: string,
  values: readonly (readonly [string, number])[],
): string[] {
  return [
    `# HELP ${name} ${help}`,
    `# TYPE ${name} ${type}`,
    ...values.map(([labels, value]) => `${name}${labels === '' ? '' : `{${labels}}`} ${value}`),
  ];
}
