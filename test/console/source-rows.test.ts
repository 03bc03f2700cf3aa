/** Rows of every format that a run reads, opened from the console: as they stand there, and as they were read. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeXlsx } from 'hucre/xlsx';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDuckDb, sqlText } from '../../src/duckdb/open-duckdb.ts';
import { json, until } from '../e2e/run-server.ts';
import {
  type ConsoleWorld,
  expectWellDrawn,
  isChromiumMissing,
  openConsole,
  picture,
  violations,
} from './console-world-fixture.ts';

/** The log as JSON, the warehouse's movements as Parquet and the ERP's as a sheet; the demo's files are plain CSV. */
async function convert(folder: string): Promise<void> {
  rmSync(join(folder, '.evenstock'), { recursive: true });
  const table = (name: string) => {
    const [head = '', ...lines] = readFileSync(join(folder, name), 'utf8').trimEnd().split('\n');
    return { header: head.split(','), lines: lines.map((line) => line.match(/("[^"]*"|[^,]*)(,|$)/g) ?? []) };
  };
  const log = table('messages.csv');
  const records = log.lines.map((cells) =>
    Object.fromEntries(log.header.map((name, at) => [name, (cells[at] ?? '').replace(/,$/, '').replaceAll('"', '')])),
  );
  writeFileSync(
    join(folder, 'messages.json'),
    `{"messages": [\n${records.map((each) => JSON.stringify(each, null, 2)).join(',\n')}\n]}`,
  );
  const database = await openDuckDb({ temporaryDirectory: folder });
  const read = (name: string) => `read_csv(${sqlText(join(folder, name))}, all_varchar = true)`;
  await database.run(
    `COPY (SELECT * FROM ${read('wms_movements.csv')}) TO ${sqlText(join(folder, 'wms_movements.parquet'))} (FORMAT parquet)`,
  );
  const sheet = await database.rows(`SELECT * FROM ${read('erp_movements.csv')}`);
  database.close();
  const rows = [
    table('erp_movements.csv').header,
    ...sheet.map((row) => row.map((cell) => (cell === null ? null : String(cell)))),
  ];
  writeFileSync(join(folder, 'erp_movements.xlsx'), await writeXlsx({ sheets: [{ name: 'Postings', rows }] }));
  const path = join(folder, 'evenstock.yaml');
  const text = readFileSync(path, 'utf8')
    .replace(/format: csv,( *)path: messages\.csv/, 'format: json,$1path: messages.json')
    .replace(/format: csv,( *)path: wms_movements\.csv/, 'format: parquet,$1path: wms_movements.parquet')
    .replace(/format: csv,( *)path: erp_movements\.csv/, 'format: xlsx,$1path: erp_movements.xlsx');
  expect(text.match(/format: (json|parquet|xlsx)/g)).toHaveLength(3);
  writeFileSync(path, text);
}

describe.skipIf(isChromiumMissing)('rows of every format in Chromium (skipped where Chromium is missing)', () => {
  let world: ConsoleWorld;
  beforeAll(async () => {
    world = await openConsole(convert);
    const { id } = await json(await world.call('POST', '/runs', {}));
    const isOver = async (): Promise<boolean> => {
      const run = await json(await world.call('GET', `/runs/${id}`));
      if (!['queued', 'running', 'complete'].includes(run.state)) throw new Error(JSON.stringify(run));
      return run.state === 'complete';
    };
    // A machine that does much else takes its time.
    await until(isOver).catch(() => until(isOver, 'the run'));
  }, 300_000);
  afterAll(() => world?.close());

  const opened = async (page: Page, file: string, row: number) => {
    await page.goto(`${world.origin}/items/000000000010000042?file=${file}&row=${row}`);
    const drawer = page.getByRole('dialog');
    await drawer.getByText('The file is unchanged since the run read it.', { exact: false }).waitFor();
    return drawer;
  };

  it('a record of JSON is its text, a row of Parquet JSON, a row of a sheet its cells', async () => {
    const { page, said, close } = await world.visit('/items/000000000010000042');
    const record = await opened(page, 'messages.json', 3);
    const text = (await record.locator('pre').textContent()) ?? '';
    expect(readFileSync(join(world.folder, 'messages.json'), 'utf8')).toContain(text);
    const state = JSON.parse(text).state;
    await record.getByRole('heading', { name: 'As it stands in the file' }).waitFor();
    await record.getByRole('row', { name: `state ${state}` }).waitFor();
    expect(await record.getByRole('region', { name: 'The rows around it' }).innerText()).toContain(
      text.replaceAll(/\s*\n\s*/g, ' '),
    );
    await picture(page, 'source-json');
    expect(await violations(page)).toEqual([]);
    const parquet = await opened(page, 'wms_movements.parquet', 5);
    await parquet.getByRole('heading', { name: 'The row of the Parquet file, as JSON' }).waitFor();
    const row = JSON.parse((await parquet.locator('pre').textContent()) ?? '');
    await parquet.getByRole('row', { name: `movement_id ${row.movement_id}` }).waitFor();
    await picture(page, 'source-parquet');
    expect(await violations(page)).toEqual([]);
    await expectWellDrawn(world, '/items/000000000010000042', 'source-sheet', async (other) => {
      const sheet = await opened(other, 'erp_movements.xlsx', 2);
      const cells = sheet.getByRole('table', { name: 'Cells of the row, as they stand in the sheet' });
      await cells.getByRole('row', { name: /^site / }).waitFor();
    });
    expect(said).toEqual([]);
    await close();
  }, 180_000);

  it('a message is opened in the same way', async () => {
    const { page, close } = await world.visit('/interfaces?state=rejected');
    const open = page.getByRole('button', { name: /^Open / }).first();
    await open.click();
    const drawer = page.getByRole('dialog', { name: /^Message / });
    expect(JSON.parse((await drawer.locator('pre').textContent()) ?? '')).toMatchObject({ state: 'rejected' });
    await drawer.getByText(/^messages\.json row \d/).waitFor();
    await picture(page, 'source-message');
    expect(await violations(page)).toEqual([]);
    await close();
  }, 120_000);
});
