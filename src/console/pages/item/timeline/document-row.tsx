/** One document in the list: both sides, its messages, and what it does to the variance. Never folds one that differs. */
import { memo, type ReactNode } from 'react';
import type { ItemPlace, TimelineMessage, TimelineRow } from '../../../../contract/item-view.ts';
import { causeWords } from '../../../../report/cause-wording.ts';
import { formatCount, formatSigned } from '../../../format/decimals.ts';
import { formatClock, formatDay } from '../../../format/moments.ts';
import { Variance } from '../../../parts/figures.tsx';
import { texts } from '../../../texts/texts.ts';
import type { DocumentAddress } from '../item-queries.ts';
import styles from './document-list.module.css';
import { isElsewhere, isToCome, markOf, missingSide } from './lane-documents.ts';
import { messagesOnce, visiblePostings } from './visible-postings.ts';

interface RowProps {
  readonly place: ItemPlace;
  readonly row: TimelineRow;
  readonly index: number;
  readonly isSeveral: boolean;
  /** The variance after it; undefined where it moves nothing. */
  readonly after: string | undefined;
  readonly isFocused: boolean;
  /** The one that the Tab key reaches. */
  readonly isReachable: boolean;
  readonly onFocus: (index: number | undefined) => void;
  readonly onDocument: (document: DocumentAddress) => void;
}

/** Drawn again only where something of it changed: pointing at one row is no reason to draw a hundred. */
export const DocumentRow = memo(function DocumentRow({
  place,
  row,
  index,
  isSeveral,
  after,
  isFocused,
  isReachable,
  onFocus,
  onDocument,
}: RowProps): ReactNode {
  const words = texts.item.timeline;
  return (
    <tr
      data-index={index}
      data-state={row.state}
      data-focused={isFocused}
      className={styles.row}
      tabIndex={isReachable ? 0 : -1}
      onFocus={() => onFocus(index)}
      onPointerEnter={() => onFocus(index)}
    >
      <td className={styles.when}>
        {formatDay(row.at, Date.now())} {formatClock(row.at)}
      </td>
      <td className={styles.document}>
        {row.contributions.map((number) => (
          <span key={number} className={styles.number}>
            {number}
          </span>
        ))}
        <span className={styles.name}>{row.document || row.type}</span>{' '}
        <span className="muted small">{noteOf(row)}</span>
      </td>
      <SideCell side="erp" row={row} place={place} onDocument={onDocument} />
      <td data-label={words.columns.message}>
        {messagesOnce(row.messages).map((message) => (
          <Message key={`${message.file} ${message.row}`} message={message} onDocument={onDocument} />
        ))}
      </td>
      <SideCell side="wms" row={row} place={place} onDocument={onDocument} />
      <td className="number" data-label={words.columns.effect}>
        {row.effects.map(({ category, quantity }) => (
          <span key={category} className={styles.effect}>
            {formatSigned(quantity)}
            {isSeveral && <span className="muted small"> {category}</span>}
          </span>
        ))}
      </td>
      <td className="number" data-label={words.columns.running}>
        {after !== undefined && <Variance quantity={after} />}
      </td>
    </tr>
  );
});

/** "shipment · message lost", or what puts both sides on one line. */
function noteOf(row: TimelineRow): string {
  const words = texts.item.timeline;
  const tie = { '': '', document: '', amount: words.byAmount, sum: words.bySum }[row.matched_by];
  return [
    row.document === '' ? '' : row.type,
    ...row.causes.map(causeWords),
    row.state === 'unmatched' ? words.unmatched : '',
    tie,
  ]
    .filter((part) => part !== '')
    .join(' · ');
}

function SideCell({
  side,
  row,
  place,
  onDocument,
}: Pick<RowProps, 'place' | 'onDocument'> & { side: 'erp' | 'wms'; row: TimelineRow }): ReactNode {
  const words = texts.item.timeline;
  const isGiven = place.timeline.given[`${side}_ledger`];
  return (
    <td data-label={words.lanes[side]}>
      {visiblePostings(row[side]).map(({ posting, quantity, count }) => (
        <button
          type="button"
          key={`${posting.file} ${posting.row}`}
          className={styles.posting}
          title={posting.after_cut_off ? words.afterHint : undefined}
          onClick={() => onDocument(posting)}
        >
          <span className={styles.amount}>{formatSigned(quantity)}</span> {posting.status}
          {count > 1 && ` (${words.counts(count)})`}
          <span className="muted small">
            {' '}
            {formatClock(posting.at)}
            {posting.after_cut_off && ` · ${words.afterCutOff}`}
          </span>
          <Opens file={posting.file} row={posting.row} />
        </button>
      ))}
      {row[side].length === 0 && !isGiven && <span className="muted small">{words.notGiven}</span>}
      {missingSide(row, place.timeline) === side && (
        <span className={styles.missing} data-to-come={isToCome(row)}>
          {isToCome(row) ? `… ${words.toCome}` : isElsewhere(row) ? words.elsewhere : `✖ ${words.never[side]}`}
        </span>
      )}
    </td>
  );
}

/** Where the row stands, for those who listen: the picture of the list says it by its place. */
function Opens({ file, row }: DocumentAddress): ReactNode {
  return <span className="unseen">{texts.item.document.opens(file, formatCount(row))}</span>;
}

const SIGNS = { done: '✓', refused: '✖', open: '?' } as const;

function Message({ message, onDocument }: { message: TimelineMessage; onDocument: RowProps['onDocument'] }): ReactNode {
  const mark = markOf(message);
  const state = texts.item.timeline.states[message.state];
  return (
    <button
      type="button"
      className={styles.posting}
      data-mark={mark}
      title={message.error || undefined}
      onClick={() => onDocument(message)}
    >
      <span aria-hidden="true">{SIGNS[mark]}</span> {message.interface} {state}
      <span className="muted small"> {formatClock(message.at)}</span>
      {message.error !== '' && <span className={styles.error}>{message.error}</span>}
      <Opens file={message.file} row={message.row} />
    </button>
  );
}
