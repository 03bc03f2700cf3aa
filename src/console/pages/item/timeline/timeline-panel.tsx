/**
 * One timeline of both ledgers and the messages: drawn in lanes, and the same as a list. Decides which part of it is shown,
 * as the address says. Never draws a lane or a line of the list.
 */
import { useNavigate, useSearch } from '@tanstack/react-router';
import { type ReactNode, useMemo, useState } from 'react';
import type { ItemPlace, TimelineRow } from '../../../../contract/item-view.ts';
import { formatCount, formatSigned } from '../../../format/decimals.ts';
import { Panel } from '../../../parts/page.tsx';
import { texts } from '../../../texts/texts.ts';
import { offKeys } from '../choose-place.ts';
import { differenceOf, isNothing } from '../exact-sums.ts';
import type { DocumentAddress } from '../item-queries.ts';
import { type Course, courseOf, listEntries, movedCategories } from './course-of-variance.ts';
import { DocumentList } from './document-list.tsx';
import { momentAt, offsetOf, type Stretch, stretchOf, zoomed } from './lane-geometry.ts';
import { Lanes } from './lanes.tsx';
import styles from './timeline-panel.module.css';

interface PanelProps {
  readonly place: ItemPlace;
  readonly onDocument: (document: DocumentAddress) => void;
}

export function TimelinePanel({ place, onDocument }: PanelProps): ReactNode {
  const words = texts.item.timeline;
  const { timeline } = place;
  const [focused, setFocused] = useState<number>();
  const { category, categories, isAll, from, to, change } = useTimelineSearch(place);
  const course = useMemo(() => courseOf(timeline, category), [timeline, category]);
  const whole = useMemo(() => wholeOf(place), [place]);
  const view = useMemo(() => shownStretch(from, to, whole), [from, to, whole]);
  const entries = useMemo(() => listEntries(timeline.rows, { ...view, isAll }), [timeline.rows, view, isAll]);
  if (timeline.rows.length === 0)
    return (
      <Panel title={words.title}>
        <p className={styles.note}>{emptyWords(place)}</p>
      </Panel>
    );
  const offset = offsetOf(timeline.wms_cut_off || (timeline.rows[0]?.at ?? ''));
  const show = (stretch: Stretch | undefined): void =>
    change({
      from: stretch && momentAt(stretch.from, offset),
      to: stretch && momentAt(stretch.to, offset),
    });
  const differing = timeline.rows.filter(({ state }) => state !== 'matched').length;
  return (
    <Panel
      title={
        <>
          {words.title}{' '}
          <span className={styles.count}>
            {countWords(timeline.rows.length, differing)} · {words.clock(momentAt(0, offset).slice(-6))}
          </span>
        </>
      }
      actions={
        <div className={styles.tools}>
          {categories.length > 1 && (
            <select
              value={category}
              aria-label={words.category}
              onChange={({ target }) => change({ category: target.value })}
            >
              {categories.map((name) => (
                <option key={name}>{name}</option>
              ))}
            </select>
          )}
          <Period course={course} view={view} whole={whole} onShow={show} focused={timeline.rows[focused ?? -1]} />
          <fieldset className={styles.choice} aria-label={words.shown}>
            <Choice isChosen={!isAll} onChoose={() => change({ show: undefined })} name={words.differs} />
            <Choice isChosen={isAll} onChoose={() => change({ show: 'all' })} name={words.all} />
          </fieldset>
        </div>
      }
    >
      <Lanes
        place={place}
        course={course}
        category={category}
        view={view}
        offset={offset}
        focused={focused}
        onFocus={setFocused}
        onDocument={onDocument}
        onShow={show}
      />
      {course !== undefined && <SumOfCourse course={course} category={category} place={place} />}
      <DocumentList
        place={place}
        course={course}
        category={category}
        isSeveral={categories.length > 1}
        entries={entries}
        focused={focused}
        onFocus={setFocused}
        onDocument={onDocument}
      />
    </Panel>
  );
}

function countWords(count: number, differing: number): string {
  const words = texts.item.timeline;
  const { one, many } = words.documents;
  return words.count(`${formatCount(count)} ${count === 1 ? one : many}`, differing);
}

function emptyWords({ timeline: { given } }: ItemPlace): string {
  return given.erp_ledger || given.wms_ledger ? texts.item.timeline.empty : texts.item.timeline.notGivenAtAll;
}

type Change = { readonly [name in 'category' | 'from' | 'to' | 'show']?: string | undefined };

function useTimelineSearch(place: ItemPlace) {
  const { category: asked = '', show, from, to } = useSearch({ strict: false });
  const navigate = useNavigate();
  const categories = movedCategories(place);
  const worst = offKeys(place)[0]?.category ?? categories[0] ?? '';
  return {
    categories,
    category: categories.includes(asked) ? asked : worst,
    isAll: show === 'all',
    from,
    to,
    change: (wanted: Change): void =>
      void navigate({ to: '.', search: (before) => ({ ...before, ...wanted }), replace: true, resetScroll: false }),
  };
}

/** From the opening to the last cut-off or posting. */
function wholeOf({ timeline }: ItemPlace): Stretch {
  const { opening_at, erp_cut_off, wms_cut_off, rows } = timeline;
  const moments = [opening_at, erp_cut_off, wms_cut_off, ...rows.flatMap(momentsOf)];
  return stretchOf(moments.map((moment) => Date.parse(moment)));
}

function momentsOf({ at, erp, wms, messages }: TimelineRow): string[] {
  return [at, ...[...erp, ...wms, ...messages].map((each) => each.at)];
}

function shownStretch(from = '', to = '', whole: Stretch): Stretch {
  const asked = { from: Date.parse(from), to: Date.parse(to) };
  return asked.from < asked.to ? asked : whole;
}

interface PeriodProps {
  readonly course: Course | undefined;
  readonly view: Stretch;
  readonly whole: Stretch;
  readonly focused: TimelineRow | undefined;
  readonly onShow: (stretch: Stretch | undefined) => void;
}

/** A sixth of the whole is enough to see the hours around an onset. */
const ONSET_SHARE = 1 / 6;

function Period({ course, view, whole, focused, onShow }: PeriodProps): ReactNode {
  const words = texts.item.timeline;
  const isWhole = view === whole;
  const around = focused === undefined ? (view.from + view.to) / 2 : Date.parse(focused.at);
  const onset = course?.onset.is === 'document' ? Date.parse(course.onset.step.at) : undefined;
  const zoom = (factor: number): void => {
    const wanted = zoomed(view, around, factor, whole);
    onShow(wanted.to - wanted.from >= whole.to - whole.from ? undefined : wanted);
  };
  return (
    <fieldset className={styles.choice} aria-label={words.period}>
      <Choice isChosen={isWhole} onChoose={() => onShow(undefined)} name={words.whole} />
      {onset !== undefined && (
        <Choice isChosen={false} onChoose={() => onShow(zoomed(whole, onset, ONSET_SHARE, whole))} name={words.onset} />
      )}
      <Choice isChosen={false} onChoose={() => zoom(1 / 2)} name={words.zoomIn} />
      {!isWhole && <Choice isChosen={false} onChoose={() => zoom(2)} name={words.zoomOut} />}
    </fieldset>
  );
}

function Choice({ isChosen, onChoose, name }: { isChosen: boolean; onChoose: () => void; name: string }): ReactNode {
  return (
    <button type="button" aria-pressed={isChosen} onClick={onChoose}>
      {name}
    </button>
  );
}

/** "0 before +1,212 by documents 0 without a movement = +1,212". */
function SumOfCourse({ course, category, place }: { course: Course; category: string; place: ItemPlace }): ReactNode {
  const words = texts.item.timeline;
  const { before, moved, unaccounted, end } = course;
  const variance = place.keys.find((key) => key.category === category)?.variance_quantity ?? '0';
  const addsUp = isNothing(differenceOf(variance, end));
  const signed = (decimal: string, isFirst = false): string => {
    const text = formatSigned(decimal);
    if (isFirst) return text;
    return /^[+−]/.test(text) ? `${text.slice(0, 1)} ${text.slice(1)}` : `+ ${text}`;
  };
  return (
    <p className={styles.sum}>
      <span className="muted">{category}</span>{' '}
      {words.sum(signed(before, true), signed(moved), signed(unaccounted), formatSigned(end))}{' '}
      <span className={addsUp ? styles.adds : styles.gap}>{addsUp ? `✓ ${texts.item.why.addsUp}` : words.missing}</span>
    </p>
  );
}
