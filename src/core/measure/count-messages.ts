/** Decides what became of each message of a log, for the figures of its interface. Never says what that did to a key. */
import { append, type CutOffs, cutOffOf, type MessageState } from '../compare/ledger-evidence.ts';
import type { MessageLine } from '../explain/evidence.ts';
import { addLag, type InterfaceCounts, noInterfaceCounts } from './interface-measures.ts';

const SECOND_MS = 1000;
/** A time of application beside these is that of an earlier attempt, or none. */
const ENDED: ReadonlySet<MessageState> = new Set(['rejected', 'failed', 'abandoned', 'superseded']);

/**
 * Counts by name of the interface, '' where the log names none. Rows with one message, item and line are the states and resends
 * of one message: it counts once. An applied message that was applied again is a duplicate for each time beyond the first.
 */
export function countMessages(messages: Iterable<MessageLine>, cutOffs: CutOffs): Map<string, InterfaceCounts> {
  const rowsOf = new Map<string, MessageLine[]>();
  for (const row of messages) {
    append(rowsOf, JSON.stringify([row.interfaceName, row.fromRole, row.messageId, row.item, row.line]), row);
  }
  const counts = new Map<string, InterfaceCounts>();
  for (const rows of rowsOf.values()) {
    const { interfaceName } = rows[0] as MessageLine;
    let ofInterface = counts.get(interfaceName);
    if (ofInterface === undefined) {
      ofInterface = noInterfaceCounts();
      counts.set(interfaceName, ofInterface);
    }
    count(rows, cutOffs, ofInterface);
  }
  return counts;
}

function count(rows: readonly MessageLine[], cutOffs: CutOffs, into: InterfaceCounts): void {
  into.messages++;
  const applied = rows.filter(
    ({ state, appliedAt }) => state === 'applied' || (appliedAt !== undefined && !ENDED.has(state)),
  );
  if (applied.length > 0) {
    into.duplicate += new Set(applied.map(({ sentAt, appliedAt }) => appliedAt ?? sentAt)).size - 1;
    const appliedAt = Math.min(...applied.map((row) => row.appliedAt ?? Number.POSITIVE_INFINITY));
    if (Number.isFinite(appliedAt))
      addLag(into, (appliedAt - Math.min(...rows.map(({ sentAt }) => sentAt))) / SECOND_MS);
    return;
  }
  const latest = rows.reduce((last, row) => (row.sentAt >= last.sentAt ? row : last));
  if (latest.state === 'rejected' || latest.state === 'failed') into.rejected++;
  else if (latest.state !== 'superseded' && isLate(latest, cutOffs)) into.unposted++;
}

function isLate({ state, fromRole, sentAt, interfaceName, placed }: MessageLine, cutOffs: CutOffs): boolean {
  const receiver = cutOffOf(fromRole === 'wms' ? 'erp' : 'wms', placed?.site ?? '', cutOffs);
  return state === 'abandoned' || receiver - sentAt > cutOffs.lagOf(interfaceName);
}
