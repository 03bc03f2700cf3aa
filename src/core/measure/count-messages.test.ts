import { describe, expect, it } from 'vitest';
import type { MessageState } from '../compare/ledger-evidence.ts';
import type { MessageLine } from '../explain/evidence.ts';
import { countMessages } from './count-messages.ts';

/** Minutes after midnight. */
const at = (minutes: number) => minutes * 60_000;
const CUT_OFF = at(600);
const cutOffs = {
  erp: CUT_OFF,
  wmsOf: () => at(500),
  lagOf: (name: string) => (name === '945' ? at(60) : at(30)),
};

/** "M1 sent 540", "M1 applied 540 545": message, state, minute of sending, minute of application. */
function messages(log: string, change: Partial<MessageLine> = {}): MessageLine[] {
  return log
    .trim()
    .split('\n')
    .map((text, row) => {
      const [messageId = '', state = '', sent = '', applied] = text.trim().split(/\s+/);
      return {
        messageId,
        state: state as MessageState,
        sentAt: at(Number(sent)),
        appliedAt: applied === undefined ? undefined : at(Number(applied)),
        receivedAt: undefined,
        interfaceName: '945',
        reference: '',
        item: 'A',
        fromRole: 'wms',
        placed: undefined,
        error: '',
        type: '',
        line: '1',
        batch: '',
        source: { file: 'messages.csv', row: row + 2 },
        ...change,
      };
    });
}
const counted = (log: string, change: Partial<MessageLine> = {}) => {
  const {
    messages: all,
    rejected,
    duplicate,
    unposted,
    lags,
  } = countMessages(messages(log, change), cutOffs).get(change.interfaceName ?? '945') as NonNullable<
    ReturnType<ReturnType<typeof countMessages>['get']>
  >;
  return [all, rejected, duplicate, unposted, [...lags]] as const;
};

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

  it('two lines of a document are two messages, and interfaces are counted apart', () => {
    const log = [
      ...messages('M1 applied 500 501', { line: '1' }),
      ...messages('M1 applied 500 501', { line: '2' }),
      ...messages('M1 rejected 500', { interfaceName: '944' }),
    ];
    const counts = countMessages(log, cutOffs);
    expect([...counts].map(([name, { messages: all }]) => [name, all])).toEqual([
      ['945', 2],
      ['944', 1],
    ]);
  });
});
