/** The commands and their options. Each command's module is loaded only when it runs. */
import { Command, Option } from 'commander';
import type { TerminalIo } from './terminal-io.ts';

const list = (value: string, before: string[] = []): string[] => [
  ...before,
  ...value
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== ''),
];

/** `exit` takes the exit code of the command that ran. */
export function makeProgram(io: TerminalIo, version: string, exit: (code: number) => void): Command {
  const program = new Command('evenstock');
  program
    .description('Keeps an ERP and its warehouse management systems in agreement about stock.')
    .version(version)
    .showHelpAfterError('(evenstock --help lists the commands)')
    .configureOutput({ writeOut: (text) => io.out.write(text), writeErr: (text) => io.err.write(text) })
    .addHelpText('after', '\nExample: evenstock init acme && cd acme && evenstock reconcile --out out\n');
  addInit(program, io, exit);
  addCheck(program, io, exit);
  addReconcile(program, io, exit);
  addReport(program, io, exit);
  addImport(program, io, exit);
  addBackup(program, io, exit);
  addExplain(program, io, exit);
  addTrend(program, io, exit);
  addSimulate(program, io, exit);
  addServe(program, io, exit);
  addKey(program, io, exit);
  addDemo(program, io, exit);
  addDoctor(program, io, exit);
  for (const command of program.commands)
    command.configureOutput({ writeOut: (text) => io.out.write(text), writeErr: (text) => io.err.write(text) });
  return program;
}

const example = (text: string): string => `\nExample: ${text}\n`;
const common = (command: Command): Command =>
  command
    .option('--data <dir>', 'data directory (default: .evenstock beside the configuration)')
    .option('--json', 'print JSON')
    .option('--quiet', 'print no progress and no hints');
const limits = (command: Command): Command =>
  command
    .option('--memory <size>', 'memory that a run may take, such as 1GB')
    .option('--threads <n>', 'threads (default: one per processor)');
const store = (command: Command): Command =>
  command.option('--store <address>', 'postgres:// address of the work state (default: a file in the data directory)');

function addInit(program: Command, io: TerminalIo, exit: (code: number) => void): void {
  program
    .command('init')
    .argument('[dir]', 'folder', '.')
    .description('Writes a commented starter evenstock.yaml and the founding example; never overwrites.')
    .option('--json', 'print JSON')
    .addHelpText('after', example('evenstock init acme'))
    .action(async (directory: string, options: { json?: boolean }) =>
      exit(await (await import('./commands/init.ts')).runInit(io, directory, options)),
    );
}

function addCheck(program: Command, io: TerminalIo, exit: (code: number) => void): void {
  store(limits(common(program.command('check'))))
    .argument('[file...]', 'only the sources that read these files')
    .description(
      'Validates the configuration, opens every source, shows rows as they will be read, unmapped statuses, unknown units and overlapping rules.',
    )
    .option('--config <file>', 'configuration', 'evenstock.yaml')
    .addHelpText('after', example('evenstock check --config acme/evenstock.yaml'))
    .action(async (files: string[], options) =>
      exit(await (await import('./commands/check.ts')).runCheck(io, files, options)),
    );
}

function addReconcile(program: Command, io: TerminalIo, exit: (code: number) => void): void {
  store(limits(common(program.command('reconcile'))))
    .description('Compares ERP and WMS and reports every item that is out of sync.')
    .option('--config <file>', 'configuration', 'evenstock.yaml')
    .option('--out <dir>', 'folder for the report')
    .addOption(new Option('--format <formats>', 'table,csv,json,html,xlsx,parquet (default: all)').argParser(list))
    .addOption(new Option('--site <site>', 'only these sites').argParser(list))
    .addOption(new Option('--item <item>', 'only these items').argParser(list))
    .option('--top <n>', 'discrepancies to print', '15')
    .option('--dry-run', 'print the report, keep and write nothing')
    .option('--force <reason>', 'accept what the quality gate refuses; the run keeps who and why')
    .option('--exit-code', 'exit with 1 where discrepancies beyond tolerance were found')
    .addHelpText('after', example('evenstock reconcile --config acme/evenstock.yaml --out out --site DC1'))
    .action(async (options) => exit(await (await import('./commands/reconcile.ts')).runReconcile(io, options)));
}

function addReport(program: Command, io: TerminalIo, exit: (code: number) => void): void {
  common(program.command('report'))
    .argument('[run]', 'run id (default: the newest)')
    .description("Prints an earlier run's report again.")
    .option('--config <file>', 'configuration', 'evenstock.yaml')
    .option('--out <dir>', 'folder for the report')
    .addOption(
      new Option(
        '--format <formats>',
        'table (the default without --out), csv, json, html; with --out also xlsx, parquet',
      ).argParser(list),
    )
    .addOption(new Option('--site <site>', 'only these sites').argParser(list))
    .addOption(new Option('--category <category>', 'only these categories').argParser(list))
    .addOption(new Option('--cause <cause>', 'only these causes').argParser(list))
    .option('--min-value <amount>', 'only discrepancies of at least this value')
    .option('--top <n>', 'discrepancies to print (default: 15, with --json all)')
    .option('--list', 'list the kept runs')
    .addHelpText('after', example('evenstock report --site DC1 --min-value 500 --top 50'))
    .action(async (run: string | undefined, options) =>
      exit(await (await import('./commands/report.ts')).runReport(io, run, options)),
    );
}

function addImport(program: Command, io: TerminalIo, exit: (code: number) => void): void {
  store(common(program.command('import')))
    .argument('<kind>', 'balances, movements, messages, opening, items, packs, aliases, sites, demand or promotions')
    .argument('<file...>', 'files as the source of the configuration describes them')
    .description('Brings files in; the same content is brought in once, however often it is sent.')
    .option('--config <file>', 'configuration', 'evenstock.yaml')
    .option('--system <id>', 'the system that the files are of')
    .option('--source <name>', 'the source, where a system has several')
    .addHelpText('after', example('evenstock import balances erp_stock.csv --system sap'))
    .action(async (kind: string, files: string[], options) =>
      exit(await (await import('./commands/import.ts')).runImport(io, kind, files, options)),
    );
}

function addBackup(program: Command, io: TerminalIo, exit: (code: number) => void): void {
  store(common(program.command('backup')))
    .argument('<dir>', 'folder that is not there yet')
    .description('Writes all that the data directory and the work state hold, also while a server works.')
    .option('--config <file>', 'configuration, beside which the data directory is', 'evenstock.yaml')
    .addHelpText('after', example('evenstock backup /backups/2026-11-24'))
    .action(async (folder: string, options) =>
      exit(await (await import('./commands/backup.ts')).runBackup(io, folder, options)),
    );
  store(common(program.command('restore')))
    .argument('<dir>', 'folder that `evenstock backup` wrote')
    .description('Puts a backup into an empty data directory and an empty work state, of either kind.')
    .option('--config <file>', 'configuration, beside which the data directory is', 'evenstock.yaml')
    .addHelpText('after', example('evenstock restore /backups/2026-11-24 --data /srv/evenstock'))
    .action(async (folder: string, options) =>
      exit(await (await import('./commands/backup.ts')).runRestore(io, folder, options)),
    );
}

function addExplain(program: Command, io: TerminalIo, exit: (code: number) => void): void {
  store(common(program.command('explain')))
    .argument('<item>', "its code, another system's code for it, or a part of one")
    .description(
      'Says why an item is out of sync: both systems by status, causes with their proof, what to do, the timeline.',
    )
    .option('--config <file>', 'configuration', 'evenstock.yaml')
    .option('--site <site>', 'only this site')
    .option('--lot <lot>', 'only this lot')
    .option('--run <run>', 'run id (default: the newest complete one)')
    .option('--all', 'every document and every reason')
    .addHelpText('after', example('evenstock explain 00123 --site DC1'))
    .action(async (item: string, options) =>
      exit(await (await import('./commands/explain.ts')).runExplain(io, item, options)),
    );
}

function addTrend(program: Command, io: TerminalIo, exit: (code: number) => void): void {
  common(program.command('trend'))
    .description('Shows the measures of the kept runs over time, each with what it is.')
    .option('--config <file>', 'configuration', 'evenstock.yaml')
    .option('--days <n>', 'days up to the newest run', '30')
    .option('--site <site>', 'only this site')
    .option('--by-run', 'one row for each run instead of each day')
    .addHelpText('after', example('evenstock trend --days 90 --site DC1'))
    .action(async (options) => exit(await (await import('./commands/trend.ts')).runTrend(io, options)));
}

function addSimulate(program: Command, io: TerminalIo, exit: (code: number) => void): void {
  program
    .command('simulate')
    .description('Writes a simulated warehouse, ERP and interface with faults, and the truth about them.')
    .requiredOption('--out <dir>', 'folder for the data set')
    .option('--seed <n>', 'the same seed makes the same world', '1')
    .option('--items <n>', 'items', '3000')
    .option('--sites <n>', 'sites', '2')
    .option('--days <n>', 'days', '14')
    .option(
      '--faults <profile>',
      'none, ordinary, heavy, systemic, unseen, all, or a list such as message-lost:0.002,outage:1',
      'ordinary',
    )
    .option('--activity <x>', 'movements, as a multiple of the usual')
    .option('--clock-skew <minutes>', "minutes that the ERP's clock is ahead")
    .option('--cut-off <time>', 'local time of the cut-off, such as 22:00')
    .option('--cut-off-skew <minutes>', 'minutes that the WMS counts later than the ERP')
    .option('--hourly-summary', 'the ERP posts one document per hour')
    .option('--references <share>', 'share of ERP postings with a reference, 0 to 1')
    .option('--retention <days>', 'days that ledgers and message log hold')
    .option('--snapshot <fault>', 'stale, time-zone or scope')
    .option('--no-messages', 'no message log')
    .option('--no-openings', 'no opening snapshots')
    .option('--json', 'print JSON')
    .option('--quiet', 'print nothing')
    .addHelpText('after', example('evenstock simulate --out world --seed 7 --faults heavy'))
    .action(async (options) => exit(await (await import('./commands/simulate.ts')).runSimulate(io, options)));
}

function addServe(program: Command, io: TerminalIo, exit: (code: number) => void): void {
  store(limits(program.command('serve')))
    .description('Serves the API, runs schedules and what is asked for, takes files and messages in.')
    .option('--config <file>', 'configuration', 'evenstock.yaml')
    .option('--data <dir>', 'data directory (default: .evenstock beside the configuration)')
    .option('--port <n>', 'port; 0 takes any that is free', '8470')
    .option('--host <host>', 'address to listen on', '127.0.0.1')
    .option('--public-url <url>', 'address that people open, where a proxy stands before the server')
    .addOption(new Option('--trusted-proxy <address>', 'proxies whose X-Forwarded headers count').argParser(list))
    .addHelpText('after', example('evenstock serve --config acme/evenstock.yaml --port 8470'))
    .action(async (options) =>
      exit(await (await import('./commands/serve.ts')).runServe(io, options, program.version() ?? '')),
    );
}

function addKey(program: Command, io: TerminalIo, exit: (code: number) => void): void {
  store(program.command('key').description('Keys with which other systems use the API.').command('create'))
    .description('Makes an API key and prints it, once. Works while a server runs.')
    .requiredOption('--name <name>', 'what it is for')
    .addOption(
      new Option('--role <role>', 'what it may')
        .choices(['viewer', 'analyst', 'approver', 'administrator'])
        .makeOptionMandatory(),
    )
    .addOption(new Option('--site <site>', 'only these sites (default: all)').argParser(list))
    .option('--days <n>', 'days until it ends (default: never)')
    .option('--config <file>', 'configuration', 'evenstock.yaml')
    .option('--data <dir>', 'data directory (default: .evenstock beside the configuration)')
    .option('--json', 'print JSON')
    .addHelpText('after', example('evenstock key create --name scanner --role analyst --site DC1'))
    .action(async (options) => exit(await (await import('./commands/key.ts')).runKeyCreate(io, options)));
}

function addDemo(program: Command, io: TerminalIo, exit: (code: number) => void): void {
  limits(program.command('demo'))
    .description(
      'Makes a simulated warehouse and ERP with faults, reconciles them, prints the report and serves the console.',
    )
    .option('--dir <dir>', 'folder for the demo', 'evenstock-demo')
    .option(
      '--port <n>',
      'port of the console, also where nobody is at a terminal (default: 8470 or the next free one)',
    )
    .option('--no-serve', 'end after the report')
    .option('--json', 'print JSON')
    .option('--quiet', 'print no progress')
    .addHelpText('after', example('evenstock demo --dir /tmp/demo'))
    .action(async (options) =>
      exit(await (await import('./commands/demo.ts')).runDemo(io, options, program.version() ?? '')),
    );
}

function addDoctor(program: Command, io: TerminalIo, exit: (code: number) => void): void {
  store(common(program.command('doctor')))
    .description(
      'Checks Node, engine, data directory, disk, clock, configuration, store, lake, schedules and audit trail; also beside a server.',
    )
    .option('--config <file>', 'configuration', 'evenstock.yaml')
    .addHelpText('after', example('evenstock doctor'))
    .action(async (options) =>
      exit(await (await import('./commands/doctor.ts')).runDoctor(io, options, program.version() ?? '')),
    );
}
