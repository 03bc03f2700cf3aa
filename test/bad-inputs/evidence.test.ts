import { describe, expect, it } from 'vitest';
import { expectRefusal, type Given, HEADER, useFiles, warnings } from './reconciled-files.ts';

const files = useFiles();
const NOON = '2026-11-22T12:00:00Z';
const MOVEMENTS = 'movement_id,posted_at,site,item,status,quantity,reference\n';
const MESSAGES = 'message_id,sent_at,state,from_system,to_system,site,item,status,quantity,type\n';

/** The ERP holds 10 of A, the WMS so many; movements of either side and messages as given. */
function given(
  wms: number,
  evidence: { readonly wms?: string; readonly erp?: string; readonly messages?: string },
): Given {
  const movements = (['erp', 'wms'] as const).flatMap((side) =>
    evidence[side] === undefined
      ? []
      : [{ system: side === 'erp' ? 'sap' : 'wms1', format: 'csv', path: `${side}-moves.csv` }],
  );
  return {
    erp: `${HEADER}DC1,A,UNRESTRICTED,10\n`,
    wms: `${HEADER}DC1,A,AVAILABLE,${wms}\n`,
    erpSource: { as_of: NOON },
    wmsSource: { as_of: NOON },
    files: {
      ...(evidence.erp === undefined ? {} : { 'erp-moves.csv': MOVEMENTS + evidence.erp }),
      ...(evidence.wms === undefined ? {} : { 'wms-moves.csv': MOVEMENTS + evidence.wms }),
      ...(evidence.messages === undefined ? {} : { 'messages.csv': MESSAGES + evidence.messages }),
    },
    configuration: {
      ...(movements.length > 0 ? { movements } : {}),
      ...(evidence.messages === undefined ? {} : { messages: [{ format: 'csv', path: 'messages.csv' }] }),
    },
  };
}

describe('ledgers and messages through a whole run', () => {
  const cases: readonly [
    name: string,
    given: Given,
    expected: { readonly net?: string; readonly timing?: number; readonly sync?: number },
  ][] = [
    ['nothing is known: a discrepancy', given(7, {}), { net: '-3' }],
    [
      'a young unposted movement: timing',
      given(7, { wms: 'M1,2026-11-22T11:50:00Z,DC1,A,AVAILABLE,-3,SO1\n', erp: '' }),
      { timing: 1 },
    ],
    [
      'an old unposted movement: a discrepancy',
      given(7, { wms: 'M1,2026-11-22T09:00:00Z,DC1,A,AVAILABLE,-3,SO1\n', erp: '' }),
      { net: '-3' },
    ],
    [
      'an old posting of a document, however old: a young movement of it is no news',
      given(10, {
        wms: 'M1,2026-11-22T11:50:00Z,DC1,A,AVAILABLE,-3,SO1\n',
        erp: 'E1,2026-11-20T09:00:00Z,DC1,A,UNRESTRICTED,-3,SO1\n',
      }),
      { sync: 1 },
    ],
    [
      'a pending message: timing',
      given(7, { messages: 'X1,2026-11-22T11:50:00Z,sent,wms1,sap,DC1,A,AVAILABLE,-3,\n' }),
      { timing: 1 },
    ],
    [
      'a shipment is outward whatever its sign',
      given(7, { messages: 'X1,2026-11-22T11:50:00Z,sent,wms1,sap,DC1,A,AVAILABLE,3,shipment\n' }),
      { timing: 1 },
    ],
    [
      'a rejected message: a discrepancy',
      given(7, { messages: 'X1,2026-11-22T11:50:00Z,rejected,wms1,sap,DC1,A,AVAILABLE,-3,\n' }),
      { net: '-3' },
    ],
    [
      'a pending message of the ERP',
      given(7, { messages: 'X1,2026-11-22T11:50:00Z,sent,sap,wms1,DC1,A,UNRESTRICTED,3,\n' }),
      { timing: 1 },
    ],
    [
      'a sender by its role',
      given(7, { messages: 'X1,2026-11-22T11:50:00Z,sent,ERP,,DC1,A,UNRESTRICTED,3,\n' }),
      { timing: 1 },
    ],
    [
      'a sender told by the receiver',
      given(7, { messages: 'X1,2026-11-22T11:50:00Z,sent,,wms1,DC1,A,UNRESTRICTED,3,\n' }),
      { timing: 1 },
    ],
    ['neither: the WMS', given(7, { messages: 'X1,2026-11-22T11:50:00Z,sent,,,DC1,A,AVAILABLE,-3,\n' }), { timing: 1 }],
  ];
  it.each(cases)('%s', async (_name, how, { net, timing = 0, sync = 0 }) => {
    const { failure, run, lines, rejections } = await files().run(how);
    expect(failure).toBeUndefined();
    expect(rejections).toEqual([]);
    expect(lines.map((line) => line.net_variance_quantity)).toEqual(net === undefined ? [] : [net]);
    expect(run.totals).toMatchObject({ keys_timing_only: timing, keys_in_sync: sync });
  });
});

describe('rows of evidence that cannot be used are rejected, and the run says so', () => {
  const cases: readonly [name: string, how: Given, file: string, column: string, value: string, reason: RegExp][] = [
    [
      'a sender that is none of the systems',
      given(7, { messages: 'X1,2026-11-22T11:50:00Z,sent,SAP_PRD,,DC1,A,AVAILABLE,-3,\n' }),
      'messages.csv',
      'from_system',
      'SAP_PRD',
      /one of the systems was expected: sap, wms1/,
    ],
    [
      'an unknown state',
      given(7, { messages: 'X1,2026-11-22T11:50:00Z,done,wms1,,DC1,A,AVAILABLE,-3,\n' }),
      'messages.csv',
      'state',
      'done',
      /a state of messages was expected/,
    ],
    [
      'a message without a number',
      given(7, { messages: ',2026-11-22T11:50:00Z,sent,wms1,,DC1,A,AVAILABLE,-3,\n' }),
      'messages.csv',
      'message_id',
      '',
      /missing/,
    ],
    [
      'a message without a time',
      given(7, { messages: 'X1,,sent,wms1,,DC1,A,AVAILABLE,-3,\n' }),
      'messages.csv',
      'sent_at',
      '',
      /blank/,
    ],
    [
      'a message whose quantity is no number',
      given(7, { messages: 'X1,2026-11-22T11:50:00Z,rejected,wms1,,DC1,A,AVAILABLE,three,\n' }),
      'messages.csv',
      'quantity',
      'three',
      /not a decimal number/,
    ],
    [
      'a movement without an offset',
      given(7, { wms: 'M1,2026-11-22T11:50:00,DC1,A,AVAILABLE,-3,\n' }),
      'wms-moves.csv',
      'posted_at',
      '2026-11-22T11:50:00',
      /declare time_zone/,
    ],
    [
      'a movement whose quantity is blank',
      given(7, { wms: 'M1,2026-11-22T11:50:00Z,DC1,A,AVAILABLE,,\n' }),
      'wms-moves.csv',
      'quantity',
      '',
      /a blank is not zero/,
    ],
    [
      'a movement at another’s site',
      given(7, { wms: 'M1,2026-11-22T11:50:00Z,DC7,A,AVAILABLE,-3,\n' }),
      'wms-moves.csv',
      'site',
      'DC7',
      /not one of those/,
    ],
  ];
  it.each(cases)('%s', async (_name, how, file, column, value, reason) => {
    const { failure, run, lines, rejections } = await files().run(how);
    expect(failure).toBeUndefined();
    expect(rejections).toMatchObject([{ file, row: 2, column, value, reason: expect.stringMatching(reason) }]);
    expect(run.totals?.rejected_rows).toBe(1);
    expect(lines.map((line) => line.net_variance_quantity)).toEqual(['-3']);
  });

  it('the state of a message counts although its quantity cannot be read', async () => {
    const how = given(7, {
      wms: 'M1,2026-11-22T11:50:00Z,DC1,A,AVAILABLE,-3,\n',
      erp: '',
      messages: 'X1,2026-11-22T11:51:00Z,rejected,wms1,,DC1,A,AVAILABLE,three,\n',
    });
    const withNumber = {
      ...how,
      files: {
        ...how.files,
        'wms-moves.csv':
          'movement_id,posted_at,site,item,status,quantity,message_id\nM1,2026-11-22T11:50:00Z,DC1,A,AVAILABLE,-3,X1\n',
      },
    };
    const { lines, run } = await files().run(withNumber);
    expect(lines.map((line) => line.net_variance_quantity)).toEqual(['-3']);
    expect(run.totals?.rejected_rows).toBe(1);
  });

  it('a pending message that names no quantity is warned of', async () => {
    const { run } = await files().run(given(7, { messages: 'X1,2026-11-22T11:50:00Z,sent,wms1,,,,,,\n' }));
    expect(warnings(run)).toEqual(['MESSAGES_UNPLACED']);
  });

  it.each([
    ['20 a ledger without its columns', 'a,b\n', 'NO_HEADER'],
    ['25 an empty ledger', '', 'EMPTY'],
    ['28 a ledger cut inside a row', `${MOVEMENTS}M1,2026-11-22T11:50:00Z,DC1`, 'CUT_OFF'],
  ])('%s refuses the run', async (_name, content, code) => {
    const how = given(7, { wms: '' });
    expectRefusal(await files().run({ ...how, files: { 'wms-moves.csv': content } }), code, /^wms-moves\.csv/);
  });
});
