/** What the document that one points at says in each lane, in one line that is always there. Never opens anything. */
import type { ReactNode } from 'react';
import type { TimelineRow } from '../../../../contract/item-view.ts';
import { formatSigned } from '../../../format/decimals.ts';
import { formatClock, formatDay } from '../../../format/moments.ts';
import { texts } from '../../../texts/texts.ts';
import styles from './lanes.module.css';
import { messagesOnce, visiblePostings } from './visible-postings.ts';

export function Readout({ row, category }: { row: TimelineRow | undefined; category: string }): ReactNode {
  const words = texts.item.timeline;
  if (row === undefined) return <p className={styles.readout}>{`${words.readout} ${words.drag}`}</p>;
  const effect = row.effects.find((each) => each.category === category);
  return (
    <p className={styles.readout} data-filled="true">
      <b>{row.document}</b> {row.type} {formatDay(row.at, Date.now())}
      {(['erp', 'wms'] as const).map((side) => (
        <span key={side}>
          {words.lanes[side]}{' '}
          {visiblePostings(row[side])
            .map(({ posting, quantity }) => `${formatClock(posting.at)} ${formatSigned(quantity)} ${posting.status}`)
            .join(', ') || '–'}
        </span>
      ))}
      {messagesOnce(row.messages).map((message) => (
        <span key={`${message.file} ${message.row}`}>
          {`${message.interface} ${words.states[message.state]} ${formatClock(message.at)}`}
        </span>
      ))}
      {effect !== undefined && <b>{formatSigned(effect.quantity)}</b>}
    </p>
  );
}
