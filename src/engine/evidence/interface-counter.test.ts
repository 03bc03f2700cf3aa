import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { MessageCounts } from '../../core/measure/count-messages.ts';
import { openDelimited } from '../../ingest/delimited/open-delimited.ts';
import { plainPlan } from '../sql/sql-fixture.ts';
import type { EvidenceInput } from './evidence-input.ts';
import { InterfaceCounter } from './interface-counter.ts';
import { EVERY_ROW } from './row-matcher.ts';
import { selectRows } from './select-rows.ts';

const folder = mkdtempSync(join(tmpdir(), 'interface-counter-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const LOG = `message_id,interface,from_system,to_system,sent_at,applied_at,state,item,line
M1,945,wms1,sap,2026-11-22T08:00:00Z,2026-11-22T08:00:40Z,applied,A,1
M1,945,wms1,sap,2026-11-22T08:00:00Z,2026-11-22T08:05:00Z,applied,A,1
 M1 ,945,wms1,sap,2026-11-22T08:00:00Z,,sent,A,1
M1,945,wms1,sap,2026-11-22T08:00:00Z,2026-11-22 08:00:50Z,Applied,A,2
M2,945,WMS,,2026-11-22T09:00:00Z,,rejected,A,1
M3,945,,wms1,2026-11-22T05:00:00Z,,sent,B,1
M3,945,wms1,,2026-11-22T05:00:00Z,,superseded,B,1
M4,944,wms1,sap,yesterday,,rejected,B,1
M5,944,wms1,sap,2026-11-22T09:00:00Z,soon,applied,B,1
M6,944,wms9,sap,2026-11-22T09:00:00Z,,rejected,B,1
M7,944,wms1,sap,2026-11-22T09:00:00Z,,lost,B,1
,944,wms1,sap,2026-11-22T09:00:00Z,,rejected,B,1
M8,944,wms1,sap,2026-11-22T09:50:00Z,,created,,
`;

const cutOff = Date.parse('2026-11-22T10:00:00Z');
const cutOffs = { erp: cutOff, wmsOf: () => cutOff, lagOf: () => 1_800_000 };

/** Counted from bytes, and from rows of texts. */
async function counted(text: string) {
  const path = join(folder, 'log.csv');
  writeFileSync(path, text);
  const knownColumns = new Set(['message_id']);
  const delimited = await openDelimited(path, { format: 'csv', knownColumns, temporaryDirectory: folder });
  const input = {
    kind: 'messages',
    config: {},
    times: {},
    file: { path, name: 'log.csv', bytes: statSync(path).size },
    header: delimited.header,
    columns: new Map(delimited.header.map((name, position) => [name, position])),
    delimited,
  } as unknown as EvidenceInput;
  const [bytes, rows] = [new MessageCounts(cutOffs), new MessageCounts(cutOffs)];
  const options = { temporaryDirectory: folder, isCancelled: () => false };
  const ofRows = new InterfaceCounter(input, rows, plainPlan());
  const witness = new InterfaceCounter(input, bytes, plainPlan());
  await selectRows(input, EVERY_ROW, (row) => ofRows.countRow(row), options, witness);
  return { bytes: bytes.byInterface(), rows: rows.byInterface() };
}

it('counts each message once, and passes over rows that say nothing', async () => {
  const { bytes, rows } = await counted(LOG);
  expect(bytes.get('944')).toEqual({ messages: 1, rejected: 0, duplicate: 0, unposted: 0, lags: new Map() });
  const lags = new Map([
    [40, 1],
    [50, 1],
  ]);
  expect(rows.get('945')).toEqual({ messages: 5, rejected: 1, duplicate: 1, unposted: 1, lags });
  expect(bytes).toEqual(rows);
});
