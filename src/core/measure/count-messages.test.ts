import { describe, expect, it } from 'vitest';
import type { MessageState } from '../compare/ledger-evidence.ts';
import { type LoggedState, MessageCounts } from './count-messages.ts';

/** Minutes after midnight. */
const at = (minutes: number) => minutes * 60_000;
const CUT_OFF = at(600);
const cutOffs = {
  erp: CUT_OFF,
  wmsOf: () => at(500),
  lagOf: (name: string) => (name === '945' ? at(60) : at(30)),
};

/** "M1 sent 540", "M1 applied 540 545": message, state, minute of sending, minute of application. */
function messages(log: string, change: Partial<LoggedState> = {}): LoggedState[] {
  return log
    .trim()
    .split('\n')
    .map((text) => {
      const [message = '', state = '', sent = '', applied] = text.trim().split(/\s+/);
      return {
        message: Number(message.slice(1)),
        interfaceName: '945',
        fromRole: 'wms',
        site: 'DC1',
        state: state as MessageState,
        sentAt: at(Number(sent)),
        appliedAt: applied === undefined ? undefined : at(Number(applied)),
        ...change,
      };
    });
}

function countsOf(rows: readonly LoggedState[]) {
  const counts = new MessageCounts(cutOffs);
  for (const row of rows) counts.add(row);
  return counts.byInterface();
}

function counted(log: string, change: Partial<LoggedState> = {}) {
  const found = countsOf(messages(log, change)).get(change.interfaceName ?? '945');
  if (found === undefined) throw new Error('the interface is not counted');
  return [found.messages, found.rejected, found.duplicate, found.unposted, [...found.lags]] as const;
}

describe('what became of a message', () => {
  it.each([
    ['applied, with its lag', 'M1 sent 500\nM1 applied 500 502', [1, 0, 0, 0, [[120, 1]]]],
    ['applied, nobody knows when', 'M1 applied 500', [1, 0, 0, 0, []]],
    ['applied twice', 'M1 applied 500 502\nM1 applied 500 507', [1, 0, 1, 0, [[120, 1]]]],
    ['the same row logged twice', 'M1 applied 500 502\nM1 applied 500 502', [1, 0, 0, 0, [[120, 1]]]],
    ['rejected', 'M1 sent 500\nM1 rejected 500', [1, 1, 0, 0, []]],
    ['failed', 'M1 failed 500', [1, 1, 0, 0, []]],
    ['rejected, resent, applied', 'M1 rejected 500\nM1 applied 520 522', [1, 0, 0, 0, [[1327, 1]]]],
    ['rejected with a time', 'M1 rejected 500 501', [1, 1, 0, 0, []]],
    ['on its way within the lag', 'M1 sent 540', [1, 0, 0, 0, []]],
    ['on its way beyond it', 'M1 sent 539', [1, 0, 0, 1, []]],
    ['acknowledged and never applied', 'M1 acknowledged 100', [1, 0, 0, 1, []]],
    ['given up', 'M1 abandoned 599', [1, 0, 0, 1, []]],
    ['superseded by another', 'M1 superseded 100', [1, 0, 0, 0, []]],
    ['two messages', 'M1 rejected 500\nM2 sent 599', [2, 1, 0, 0, []]],
  ])('%s', (_, log, expected) => {
    expect(counted(log)).toEqual(expected);
  });

  it('the cut-off is the receiver’s, the lag the interface’s', () => {
    expect(counted('M1 sent 469', { fromRole: 'erp', interfaceName: '940' })).toEqual([1, 0, 0, 1, []]);
    expect(counted('M1 sent 470', { fromRole: 'erp', interfaceName: '940' })).toEqual([1, 0, 0, 0, []]);
  });

  it('interfaces are counted apart', () => {
    const log = [
      ...messages('M1 applied 500 501\nM2 applied 500 501'),
      ...messages('M3 rejected 500', { interfaceName: '944' }),
    ];
    expect([...countsOf(log)].map(([name, { messages: all }]) => [name, all])).toEqual([
      ['945', 2],
      ['944', 1],
    ]);
  });

  it('of a hundred thousand messages none is lost or counted twice', () => {
    // Numbers that differ in their high half only, and in their low half only.
    const numbers = Array.from({ length: 50_000 }, (_, index) => [index + 1, (index + 1) * 2 ** 32]).flat();
    const rows = ['sent', 'applied'].flatMap((state) =>
      numbers.flatMap((message) => messages(`M0 ${state} 400`, { message })),
    );
    const found = countsOf(rows).get('945');
    expect([found?.messages, found?.unposted, found?.duplicate]).toEqual([100_000, 0, 0]);
  });
});
