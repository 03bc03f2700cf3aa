import { describe, expect, it } from 'vitest';
import { type Given, HEADER, type Outcome, useFiles, warnings } from '../../test/bad-inputs/reconciled-files.ts';

const files = useFiles();
const NOON = '2026-11-22T12:00:00Z';
const MOVEMENTS = 'movement_id,posted_at,site,item,status,quantity,reference\n';
const MESSAGES = 'message_id,sent_at,state,from_system,to_system,site,item,status,quantity,type\n';

interface Evidence {
  readonly wms?: readonly string[];
  readonly erp?: readonly string[];
  readonly messages?: readonly string[];
  /** Of the WMS's second file. */
  readonly second?: Readonly<Record<string, unknown>>;
}

/** The ERP holds 10 of A, the WMS so many; each text is the content of a file of its own. */
function given(wms: number, evidence: Evidence, erp = 10): Given {
  const contents: Record<string, string> = {};
  const write = (name: string, header: string, content: string): string => {
    contents[name] = /^[a-z_]+[,;]/.test(content) ? content : header + content;
    return name;
  };
  const ofSide = (side: 'erp' | 'wms'): object[] =>
    (evidence[side] ?? []).map((content, index) => ({
      system: side === 'erp' ? 'sap' : 'wms1',
      format: 'csv',
      path: write(`${side}-${index + 1}.csv`, MOVEMENTS, content),
      ...(side === 'wms' && index === 1 && evidence.second),
    }));
  const messages = (evidence.messages ?? []).map((content, index) => ({
    format: 'csv',
    path: write(`messages-${index + 1}.csv`, MESSAGES, content),
  }));
  return {
    erp: `${HEADER}DC1,A,UNRESTRICTED,${erp}\n`,
    wms: `${HEADER}DC1,A,AVAILABLE,${wms}\n`,
    erpSource: { as_of: NOON },
    wmsSource: { as_of: NOON },
    files: contents,
    configuration: { movements: [...ofSide('wms'), ...ofSide('erp')], ...(messages.length > 0 && { messages }) },
  };
}

const told = ({ run, lines }: Outcome) => ({
  timing: run.totals?.keys_timing_only,
  lines: lines.map((line) => `${line.net_variance_quantity} ${line.cause} ${line.unexplained_quantity}`),
  repeated: run.inputs.flatMap(({ file, repeated, excluded }) =>
    repeated === undefined ? [] : [`${file} ${repeated} ${excluded}`],
  ),
  warnings: warnings(run),
});

const YOUNG = 'M1,2026-11-22T11:50:00Z,DC1,A,AVAILABLE,-3,SO1\n';
const OLD = 'M1,2026-11-22T06:00:00Z,DC1,A,AVAILABLE,-3,SO1\n';
const EARLIER = 'M0,2026-11-20T06:00:00Z,DC1,A,AVAILABLE,4,PO1\n';
const EARLIER_ERP = 'E0,2026-11-20T06:01:00Z,DC1,A,UNRESTRICTED,4,PO1\n';

describe('a movement that two files hold', () => {
  it('is on its way once', async () => {
    const outcome = await files().run(given(7, { wms: [YOUNG, EARLIER + YOUNG], erp: [EARLIER_ERP] }));
    expect(told(outcome)).toEqual({
      timing: 1,
      lines: [],
      repeated: ['wms-2.csv 1 1'],
      warnings: ['ROWS_COUNTED_ONCE'],
    });
    const note = outcome.run.quality.find(({ code }) => code === 'ROWS_COUNTED_ONCE');
    expect(note?.message).toBe(
      'wms-2.csv: 1 of its 2 rows stand in other files of movements too, with the same number and content; they are counted there',
    );
    expect(outcome.run.totals?.excluded_rows).toBe(1);
  });

  it('is a cause once, and what the receiver booked twice is still found', async () => {
    const lost = given(7, { wms: [EARLIER + OLD, OLD], erp: [EARLIER_ERP, EARLIER_ERP] });
    expect(told(await files().run(lost))).toMatchObject({
      lines: ['-3 shipment-unconfirmed 0'],
      repeated: ['wms-2.csv 1 1', 'erp-2.csv 1 1'],
    });
    const twice =
      'E1,2026-11-22T06:01:00Z,DC1,A,UNRESTRICTED,-3,SO1\nE2,2026-11-22T06:02:00Z,DC1,A,UNRESTRICTED,-3,SO1\n';
    const posted = given(10, { wms: [EARLIER + OLD, OLD], erp: [EARLIER_ERP + twice, twice] }, 7);
    expect(told(await files().run(posted))).toMatchObject({
      lines: ['3 posted-twice 0'],
      repeated: ['wms-2.csv 1 1', 'erp-2.csv 2 2'],
    });
  });

  it('may be written in two notations, with columns that only one file has', async () => {
    const local =
      'id;wann;lager;artikel;bestand;menge;user\n M1 ;22.11.2026 12:50:00;DC1;A;AVAILABLE;-3,0;JO\nM2;22.11.2026 12:51:00;DC1;A;AVAILABLE;0,5;JO\n';
    const second = {
      columns: {
        movement_id: 'id',
        posted_at: 'wann',
        site: 'lager',
        item: 'artikel',
        status: 'bestand',
        quantity: 'menge',
      },
      ...{ delimiter: ';', decimal: ',', time_zone: 'Europe/Berlin', time_format: 'dd.MM.yyyy HH:mm:ss' },
    };
    const outcome = await files().run(given(7.5, { wms: [YOUNG, local], erp: [EARLIER_ERP], second }));
    expect(outcome.failure).toBeUndefined();
    expect(told(outcome)).toMatchObject({ timing: 1, lines: [], repeated: ['wms-2.csv 1 1'] });
  });

  it('counts as often as the file that has it most often: rows of one file are not each other’s repeats', async () => {
    const once = 'M1,2026-11-22T11:50:00Z,DC1,A,AVAILABLE,-1,SO1\n';
    const outcome = await files().run(given(7, { wms: [once + once, once + once + once], erp: [EARLIER_ERP] }));
    expect(told(outcome)).toMatchObject({ timing: 1, lines: [], repeated: ['wms-2.csv 2 2'] });
  });

  it.each([
    ['another quantity', 'M1,2026-11-22T11:50:00Z,DC1,A,AVAILABLE,-1,SO1\n', ['ROWS_DIFFER'], 6],
    ['another time', 'M1,2026-11-22T11:51:00Z,DC1,A,AVAILABLE,-3,SO1\n', ['ROWS_DIFFER'], 4],
    ['another document', 'M1,2026-11-22T11:50:00Z,DC1,A,AVAILABLE,-3,SO2\n', ['ROWS_DIFFER'], 4],
    ['another status: the other half of a move', 'M1,2026-11-22T11:50:00Z,DC1,A,DAMAGED,-3,SO1\n', [], 7],
    ['another number', 'M2,2026-11-22T11:50:00Z,DC1,A,AVAILABLE,-3,SO1\n', [], 4],
    ['no number', ',2026-11-22T11:50:00Z,DC1,A,AVAILABLE,-3,SO1\n', [], 4],
  ])('with %s is not one', async (_, other, codes, wms) => {
    const first = `${other.startsWith(',') ? other : YOUNG}M9,2026-11-22T11:55:00Z,DC1,A,AVAILABLE,0,\n`;
    const outcome = await files().run(given(wms, { wms: [first, EARLIER + other], erp: [EARLIER_ERP] }));
    expect(told(outcome)).toEqual({ timing: 1, lines: [], repeated: [], warnings: codes });
  });

  it('counts by the file that says more of it', async () => {
    const bare = OLD.replace('SO1', '');
    const erp = 'E1,2026-11-22T06:01:00Z,DC1,A,UNRESTRICTED,-2,SO1\n';
    const outcome = await files().run(given(7, { wms: [EARLIER + bare, OLD], erp: [EARLIER_ERP + erp] }, 8));
    expect(told(outcome).repeated).toEqual(['wms-1.csv 1 1']);
    const alone = await files().run(given(7, { wms: [EARLIER + OLD], erp: [EARLIER_ERP + erp] }, 8));
    expect(outcome.lines.map(({ cause }) => cause)).toEqual(alone.lines.map(({ cause }) => cause));
  });
});

it('a message that two logs hold is on its way once, in each of its states', async () => {
  const sent = 'X1,2026-11-22T11:50:00Z,sent,wms1,sap,DC1,A,AVAILABLE,3,shipment\n';
  const outcome = await files().run(given(7, { messages: [sent, sent] }));
  expect(told(outcome)).toEqual({
    timing: 1,
    lines: [],
    repeated: ['messages-2.csv 1 1'],
    warnings: ['ROWS_COUNTED_ONCE'],
  });
  const applied = sent.replace(',sent,', ',applied,');
  expect(told(await files().run(given(7, { messages: [sent, sent + applied] }))).repeated).toEqual([
    'messages-2.csv 1 1',
  ]);
});
