import { randomUUID } from 'node:crypto';
import { afterAll, expect, test } from 'vitest';
import { CUT_OFF, HEADER, ReconciledFiles } from '../../test/bad-inputs/reconciled-files.ts';
import { loadConfiguration } from '../config/load-configuration.ts';
import { describeOnBothStores } from '../store/database/both-stores-fixture.ts';
import { readParts } from '../store/work/intake-parts.ts';
import { jsonLines, type RowTexts, takeInStream } from './intake-fixture.ts';
import { IntakeReader } from './intake-reader.ts';
import { makePlan, startMasterData } from './make-plan.ts';
import { pinIntake } from './pin-intake.ts';

const ROWS: readonly RowTexts[] = [
  { movement_id: '1', posted_at: '2026-11-22T23:50:00-06:00', item: 'A', quantity: '-5', message_id: 'M1' },
  { movement_id: '2', posted_at: '2026-11-22T20:00:00-06:00', item: 'B', quantity: '-2', message_id: 'M2' },
].map((row) => ({ ...row, site: 'DC1', status: 'AVAILABLE' }));
/** A column of units that some rows leave blank rejects those rows in a file; taken in row by row they mean the base unit. */
const WITH_UNITS = { ...ROWS[1], movement_id: '3', uom: 'EA' };
const MESSAGES: readonly RowTexts[] = [
  { message_id: 'M1', sent_at: '2026-11-22T23:51:00-06:00', item: 'A', quantity: '-5' },
  { message_id: 'M2', sent_at: '2026-11-22T20:01:00-06:00', item: 'B', quantity: '-2' },
].map((row) => ({ ...row, state: 'sent', from_system: 'wms1', site: 'DC1', status: 'AVAILABLE' }));

describeOnBothStores('a run', (store) => {
  const files = new ReconciledFiles();
  afterAll(() => files.remove());

  test('reads from the lake what it reads from files', async () => {
    const database = await store.open();
    const given = {
      erp: `${HEADER}DC1,A,UNRESTRICTED,10\nDC1,B,UNRESTRICTED,10\n`,
      wms: `${HEADER}DC1,A,AVAILABLE,5\nDC1,B,AVAILABLE,8\n`,
      erpSource: { as_of: CUT_OFF },
      wmsSource: { as_of: CUT_OFF },
    };
    const sources = (more: object) => ({
      movements: [{ system: 'wms1', format: 'jsonl', ...more }],
      messages: [{ format: 'jsonl', ...more }],
    });
    const text = (rows: readonly RowTexts[]): string => rows.map((row) => JSON.stringify(row)).join('\n');
    files.write('movements.jsonl', text(ROWS));
    files.write('messages.jsonl', text(MESSAGES));
    const fromFiles = await files.attempt(
      {
        ...given,
        configuration: {
          movements: [{ system: 'wms1', format: 'jsonl', path: 'movements.jsonl' }],
          messages: [{ format: 'jsonl', path: 'messages.jsonl' }],
        },
      },
      'run-files',
    );
    expect(fromFiles.failure).toBeUndefined();
    expect(fromFiles.lines.map(({ item, net_variance_quantity: net }) => `${item} ${net}`)).toEqual(['B -2']);

    const lake = new ReconciledFiles();
    await lake.attempt({ ...given, configuration: sources({}) }, 'run-none');
    const { configuration } = await loadConfiguration(`${lake.folder}/evenstock.yaml`, {});
    const plan = makePlan(configuration, startMasterData(configuration), { site: [], item: [] });
    for (const [kind, system, rows] of [['movements', 'wms1', ROWS] as const, ['messages', '', MESSAGES] as const]) {
      const reader = new IntakeReader(kind, system, configuration, plan);
      const options = { database, reader, layout: 'lines' as const, isStrict: true, canSee: () => true, now: () => 1 };
      expect(await takeInStream(jsonLines(rows), options)).toMatchObject({ taken: rows.length, rejected: 0 });
    }
    const pin = () => pinIntake(database.db, lake.dataDirectory, configuration, { now: () => 1, newId: randomUUID });
    const pinned = await pin();
    expect(Object.keys(pinned)).toEqual(['wms1 movements', 'messages']);
    const fromLake = await lake.attempt({ ...given, configuration: sources({}), options: { pinned } }, 'run-lake');
    expect(fromLake.failure).toBeUndefined();
    expect(fromLake.lines).toEqual(fromFiles.lines);

    const reader = new IntakeReader('movements', 'wms1', configuration, plan);
    const options = { database, reader, layout: 'lines' as const, isStrict: true, canSee: () => true, now: () => 1 };
    await takeInStream(jsonLines([WITH_UNITS as RowTexts]), options);
    const { rejections, failure } = await lake.attempt(
      {
        ...given,
        configuration: sources({}),
        options: { pinned: await pin(), forced: { by: 'test', reason: 'again' } },
      },
      'run-units',
    );
    expect([failure, rejections]).toEqual([undefined, []]);
    expect((await readParts(database.db)).map(({ rows }) => rows)).toEqual([2, 2, 1]);
    lake.remove();
  });

  test('counts what was taken in and stands in a file beside it once', async () => {
    const database = await store.open();
    const beside = new ReconciledFiles();
    const file = ROWS.map((row) => ({ ...row, user: 'JO', posted_at: String(row['posted_at']).replace('.000', '') }));
    beside.write('movements.jsonl', file.map((row) => JSON.stringify(row)).join('\n'));
    beside.write('messages.jsonl', MESSAGES.map((row) => JSON.stringify(row)).join('\n'));
    const given = {
      erp: `${HEADER}DC1,A,UNRESTRICTED,10\nDC1,B,UNRESTRICTED,10\n`,
      wms: `${HEADER}DC1,A,AVAILABLE,5\nDC1,B,AVAILABLE,8\n`,
      configuration: {
        movements: [
          { system: 'wms1', format: 'jsonl', path: 'movements.jsonl' },
          { system: 'wms1', format: 'jsonl' },
        ],
        messages: [{ format: 'jsonl', path: 'messages.jsonl' }, { format: 'jsonl' }],
      },
    };
    await beside.attempt(given, 'run-none');
    const { configuration } = await loadConfiguration(`${beside.folder}/evenstock.yaml`, {});
    const plan = makePlan(configuration, startMasterData(configuration), { site: [], item: [] });
    for (const [kind, system, rows] of [['movements', 'wms1', ROWS] as const, ['messages', '', MESSAGES] as const]) {
      const reader = new IntakeReader(kind, system, configuration, plan);
      const options = { database, reader, layout: 'lines' as const, isStrict: true, canSee: () => true, now: () => 1 };
      await takeInStream(jsonLines(rows), options);
    }
    const clock = { now: () => 1, newId: randomUUID };
    const pinned = await pinIntake(database.db, beside.dataDirectory, configuration, clock);
    const { failure, lines, run } = await beside.run({ ...given, options: { pinned, runId: 'run-001' } });
    expect(failure).toBeUndefined();
    expect(lines.map(({ item, net_variance_quantity: net }) => `${item} ${net}`)).toEqual(['B -2']);
    expect(
      run.inputs.flatMap(({ source, repeated }) => (repeated === undefined ? [] : [`${source} ${repeated}`])),
    ).toEqual(['messages 2 2', 'wms1 movements 2 2']);
    beside.remove();
  });
});
