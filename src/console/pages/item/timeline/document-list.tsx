/**
 * The timeline as a list: the same documents as the lanes, with the sum that leads from the opening to the variance. On a
 * phone it is the timeline. Never leaves out a document that differs.
 */

import { Button } from '@mantine/core';
import { type KeyboardEvent, type ReactNode, useState } from 'react';
import type { ItemPlace } from '../../../../contract/item-view.ts';
import { formatCount, formatQuantity, formatSigned } from '../../../format/decimals.ts';
import { formatClock, formatDay } from '../../../format/moments.ts';
import { Variance } from '../../../parts/figures.tsx';
import tables from '../../../parts/table.module.css';
import { texts } from '../../../texts/texts.ts';
import { isNothing } from '../exact-sums.ts';
import type { DocumentAddress } from '../item-queries.ts';
import { sideTitle } from '../mapping-drawing.tsx';
import type { Course, ListEntry } from './course-of-variance.ts';
import styles from './document-list.module.css';
import { DocumentRow } from './document-row.tsx';
import { documentOf } from './lane-documents.ts';

/** More are added by a button: the list stays quick. */
const PAGE_ROWS = 100;

interface ListProps {
  readonly place: ItemPlace;
  readonly course: Course | undefined;
  readonly category: string;
  readonly isSeveral: boolean;
  readonly entries: readonly ListEntry[];
  readonly focused: number | undefined;
  readonly onFocus: (index: number | undefined) => void;
  readonly onDocument: (document: DocumentAddress) => void;
}

export function DocumentList({
  place,
  course,
  category,
  isSeveral,
  entries,
  focused,
  onFocus,
  onDocument,
}: ListProps): ReactNode {
  const words = texts.item.timeline;
  const [rowsMax, setRowsMax] = useState(PAGE_ROWS);
  const shown = entries.slice(0, rowsMax);
  const rows = shown.flatMap((entry) => ('row' in entry ? [entry.index] : []));
  // One row is reached by the Tab key, the others from there.
  const reachable = focused !== undefined && rows.includes(focused) ? focused : rows[0];
  const after = new Map(course?.steps.map((step) => [step.index, step.after]));
  return (
    <>
      <div className={styles.frame}>
        <table className={`${tables['table']} ${styles.table}`} onKeyDown={(event) => onKey(event, place, onDocument)}>
          <caption className="unseen">{`${words.caption}. ${words.keys}`}</caption>
          <thead>
            <tr>
              <th scope="col">{words.columns.when}</th>
              <th scope="col">{words.columns.document}</th>
              <th scope="col">{sideTitle(place, 'erp')}</th>
              <th scope="col">{words.columns.message}</th>
              <th scope="col">{sideTitle(place, 'wms')}</th>
              <th scope="col" className="number">
                {words.columns.effect}
              </th>
              <th scope="col" className="number">
                {words.columns.running}
              </th>
            </tr>
          </thead>
          <tbody>
            <OpeningLine place={place} course={course} category={category} />
            {shown.map((entry) =>
              'row' in entry ? (
                <DocumentRow
                  key={entry.index}
                  place={place}
                  row={entry.row}
                  index={entry.index}
                  isSeveral={isSeveral}
                  after={after.get(entry.index)}
                  isFocused={focused === entry.index}
                  isReachable={entry.index === reachable}
                  onFocus={onFocus}
                  onDocument={onDocument}
                />
              ) : (
                <AgreeingLine key={entry.index} entry={entry} />
              ),
            )}
            {entries.length === 0 && (
              <tr>
                <td colSpan={7} className="muted">
                  {words.noneInView}
                </td>
              </tr>
            )}
            <ClosingLines place={place} course={course} category={category} />
          </tbody>
        </table>
      </div>
      {shown.length < entries.length && (
        <Button variant="default" onClick={() => setRowsMax(rowsMax + PAGE_ROWS)}>
          {texts.item.why.showAll(formatCount(entries.length))}
        </Button>
      )}
    </>
  );
}

/** j, k and the arrows go from row to row, Enter opens what the row rests on. */
function onKey(
  event: KeyboardEvent<HTMLTableElement>,
  { timeline }: ItemPlace,
  onDocument: ListProps['onDocument'],
): void {
  const row = event.target instanceof HTMLTableRowElement ? event.target : undefined;
  if (row === undefined) return;
  const step = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 }[event.key];
  if (step !== undefined) {
    const rows = [...event.currentTarget.querySelectorAll<HTMLTableRowElement>('tr[data-index]')];
    event.preventDefault();
    rows[rows.indexOf(row) + step]?.focus();
    return;
  }
  const document = timeline.rows[Number(row.dataset['index'])];
  const source = event.key === 'Enter' && document !== undefined ? documentOf(document) : undefined;
  if (source === undefined) return;
  event.preventDefault();
  onDocument(source);
}

function AgreeingLine({ entry }: { entry: Extract<ListEntry, { agreeing: number }> }): ReactNode {
  const words = texts.item.timeline;
  const { one, many } = words.documents;
  const [from, to] = [entry.from, entry.to].map((moment) => formatDay(moment, Date.now()));
  return (
    <tr className={styles.agreeing}>
      <td>{from === to ? from : `${from} – ${to}`}</td>
      <td colSpan={6}>
        {words.agree(`${formatCount(entry.agreeing)} ${entry.agreeing === 1 ? one : many}`, entry.agreeing)}
      </td>
    </tr>
  );
}

type LineProps = Pick<ListProps, 'place' | 'course' | 'category'>;

function OpeningLine({ place: { timeline }, course, category }: LineProps): ReactNode {
  const words = texts.item.timeline;
  if (timeline.opening_at === '' && (course === undefined || isNothing(course.before))) return null;
  const held = (units: readonly { category: string; quantity: string }[]): string =>
    formatQuantity(units.find((each) => each.category === category)?.quantity ?? '0');
  const isOpening = timeline.opening_at !== '';
  return (
    <tr className={styles.balance}>
      <td>{isOpening && `${formatDay(timeline.opening_at, Date.now())} ${formatClock(timeline.opening_at)}`}</td>
      <th scope="row">{isOpening ? words.opening : words.before}</th>
      <td data-label={words.lanes.erp}>{isOpening && held(timeline.opening_erp)}</td>
      <td />
      <td data-label={words.lanes.wms}>{isOpening && held(timeline.opening_wms)}</td>
      <td />
      <td className="number" data-label={words.columns.running}>
        {course !== undefined && <Variance quantity={course.before} />}
      </td>
    </tr>
  );
}

function ClosingLines({ place, course, category }: LineProps): ReactNode {
  const words = texts.item.timeline;
  const { erp_cut_off: erp, wms_cut_off: wms } = place.timeline;
  const key = place.keys.find((each) => each.category === category);
  const moment = (at: string): string => `${formatDay(at, Date.now())} ${formatClock(at)}`;
  return (
    <>
      {course !== undefined && !isNothing(course.unaccounted) && (
        <tr className={styles.balance} data-tone="warn">
          <td />
          <th scope="row">{words.noMovement}</th>
          <td colSpan={3} />
          <td className="number" data-label={words.columns.effect}>
            {formatSigned(course.unaccounted)}
          </td>
          <td className="number" data-label={words.columns.running}>
            <Variance quantity={course.end} />
          </td>
        </tr>
      )}
      {key !== undefined && (
        <tr className={styles.balance}>
          <td>{moment(wms)}</td>
          <th scope="row">{words.cutOff}</th>
          <td data-label={words.lanes.erp}>
            <span>
              {formatQuantity(key.erp_quantity)}
              {erp !== wms && <span className="muted small"> {words.heldAt(moment(erp))}</span>}
            </span>
          </td>
          <td />
          <td data-label={words.lanes.wms}>{formatQuantity(key.wms_quantity)}</td>
          <td />
          <td className="number" data-label={words.columns.running}>
            <b>
              <Variance quantity={key.variance_quantity} />
            </b>
          </td>
        </tr>
      )}
    </>
  );
}
