/** The answer on top: what is off and by how much, since when, the main cause, and what to do first. Never a figure of its own. */
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { ItemContribution, ItemKey, ItemPlace } from '../../../contract/item-view.ts';
import { causeWords, confidenceWords, formatConfidence } from '../../../report/cause-wording.ts';
import { formatCount, formatMoney, formatQuantity, formatSigned, signOf, sizeOf } from '../../format/decimals.ts';
import { formatDuration, formatMoment } from '../../format/moments.ts';
import { Moment } from '../../parts/figures.tsx';
import { Notice } from '../../parts/loaded.tsx';
import { Panel } from '../../parts/page.tsx';
import { texts } from '../../texts/texts.ts';
import { offKeys, placeSearch } from './choose-place.ts';
import { bySize, isNothing } from './exact-sums.ts';
import { placeGross, placeName } from './item-head.tsx';
import { liveQuery, type ShownItem } from './item-queries.ts';
import { liveChanges } from './live-changes.ts';
import styles from './standing.module.css';
import { courseOf, type Onset } from './timeline/course-of-variance.ts';
import { WhatToDo } from './what-to-do.tsx';

export function Standing({ view, place }: { view: ShownItem; place: ItemPlace }): ReactNode {
  const off = offKeys(place);
  const [worst] = off;
  if (worst === undefined) return <InSync view={view} place={place} />;
  return (
    <Panel>
      <div className={styles.columns}>
        <section className={styles.standing} aria-label={texts.item.standing.title}>
          {off.map((key) => (
            <KeyStanding key={key.category} item={key} view={view} />
          ))}
          <Because item={worst} view={view} />
          <Since item={worst} place={place} />
          <LiveNote view={view} place={place} />
        </section>
        <WhatToDo view={view} place={place} />
      </div>
    </Panel>
  );
}

/** More proofs stand with the contribution. */
const TOLD_MAX = 2;

const units = (quantity: string, uom: string): string => `${formatQuantity(sizeOf(quantity))} ${uom}`.trim();

/** "▼ unavailable: ERP shows 1,240 EA more than the warehouse, $34,992.80". */
function KeyStanding({ item: key, view }: { item: ItemKey; view: ShownItem }): ReactNode {
  const { standing } = texts.item;
  const net = key.net_variance_quantity;
  const isHigh = signOf(net) < 0;
  const size = units(net, view.uom);
  return (
    <p className={styles.key}>
      <span className={isHigh ? 'over' : 'under'} aria-hidden="true">
        {isHigh ? '▼' : '▲'}
      </span>{' '}
      <b>{key.category}</b>: {isHigh ? standing.more(size) : standing.less(size)}
      {!isNothing(key.in_flight_quantity) && ` ${standing.inFlight(units(key.in_flight_quantity, view.uom))}`}
      {key.variance_value !== '' && (
        <>
          , <b>{formatMoney(sizeOf(key.variance_value), view.currency)}</b>
        </>
      )}
    </p>
  );
}

/** The contribution that explains most. */
function Because({ item: key, view }: { item: ItemKey; view: ShownItem }): ReactNode {
  const [main, ...others] = [...key.contributions].sort((a, b) => bySize(a.quantity, b.quantity));
  if (main === undefined) return null;
  const { standing } = texts.item;
  return (
    <p className={styles.because}>
      <span className={styles.word}>{standing.because}</span>
      <b>{causeWords(main.cause)}</b>
      {main.document !== '' && <> {main.document}</>}
      <span className="muted">
        {confidenceOf(main)}
        {others.length > 0 &&
          ` · ${standing.causeOf(formatSigned(main.quantity), formatSigned(key.variance_quantity))}, ${standing.others(formatCount(others.length))}`}
      </span>
      {main.finding_id !== '' && <FindingLink id={main.finding_id} view={view} />}
      {main.evidence.length > 0 && <span className={styles.says}>{tellingOf(main)}</span>}
    </p>
  );
}

/** The first proofs in their own words: what a message says before what follows from it. */
function tellingOf({ evidence }: ItemContribution): string {
  const told = [...new Set(evidence.map(({ says }) => says))].slice(0, TOLD_MAX).join('; ');
  return `${told.slice(0, 1).toUpperCase()}${told.slice(1)}.`;
}

function confidenceOf({ confidence }: ItemContribution): string {
  return confidence === '' ? '' : `, ${texts.item.why.sure(confidenceWords(confidence), formatConfidence(confidence))}`;
}

export function FindingLink({ id, view }: { id: string; view: ShownItem }): ReactNode {
  const finding = view.findings.find((each) => each.id === id);
  return (
    <Link to="/findings" search={{ run: view.run_id }} hash={id} title={finding?.title}>
      {id}
      {finding !== undefined && `: ${finding.title}`}
    </Link>
  );
}

/** By the ledgers where they tell it, by the runs where they do not. */
function Since({ item: key, place }: { item: ItemKey; place: ItemPlace }): ReactNode {
  const { standing } = texts.item;
  const onset = courseOf(place.timeline, key.category)?.onset ?? { is: 'unknown' };
  const cutOff = place.timeline.wms_cut_off;
  const [words, at] = sinceOf(onset, key, place);
  if (at === '') return null;
  return (
    <p className={styles.since}>
      <span className={styles.word}>{words}</span>
      <Moment at={at} />
      {onset.is === 'document' && onset.step.document !== '' && (
        <span className="muted">, {standing.by(onset.step.document)}</span>
      )}
      {Date.parse(cutOff) > Date.parse(at) && (
        <span className="muted"> · {standing.atCutOff(formatDuration(Date.parse(cutOff) - Date.parse(at)))}</span>
      )}
    </p>
  );
}

function sinceOf(onset: Onset, key: ItemKey, { timeline }: ItemPlace): readonly [string, string] {
  const { standing } = texts.item;
  if (onset.is === 'document') return [standing.since, onset.step.at];
  const first = timeline.opening_at || timeline.rows[0]?.at || '';
  const isOlder = key.out_since !== '' && Date.parse(key.out_since) < Date.parse(first);
  if (onset.is === 'before' && first !== '' && !isOlder) return [standing.sinceBefore, first];
  return [standing.sinceRun, key.out_since];
}

function LiveNote({ view, place }: { view: ShownItem; place: ItemPlace }): ReactNode {
  const { data: live } = useQuery(liveQuery(view.item));
  if (live === undefined || live.run_id !== view.run_id) return null;
  const { standing } = texts.item;
  const changes = liveChanges(place, live.items);
  if (changes.length === 0)
    return (
      <p className="muted small">
        {standing.liveSame} <Moment at={live.as_of} />
      </p>
    );
  return (
    <p className={styles.live} role="status">
      <b>{standing.liveNow}</b> <Moment at={live.as_of} />:{' '}
      {changes
        .map(({ category, before, now }) =>
          now === ''
            ? standing.liveGone(category)
            : standing.liveChanged(category, formatSigned(now), formatSigned(before)),
        )
        .join(' · ')}
    </p>
  );
}

function InSync({ view, place }: { view: ShownItem; place: ItemPlace }): ReactNode {
  const { standing } = texts.item;
  const elsewhere = view.places.filter((each) => offKeys(each).length > 0);
  const at = formatMoment(place.timeline.wms_cut_off || view.run_finished_at, Date.now());
  const flight = place.keys.filter(({ state }) => state === 'timing');
  const isEverywhere = elsewhere.length === 0 && view.places.length > 1;
  return (
    <Notice
      tone="good"
      title={
        isEverywhere
          ? standing.inSyncAll(formatCount(view.places.length), at)
          : standing.inSyncHere(placeName(place), at)
      }
    >
      {flight.length === 0 && <p>{standing.inSyncHint}</p>}
      {flight.map((key) => (
        <p key={key.category}>
          {key.category}: {standing.timing(units(key.in_flight_quantity, view.uom))}
        </p>
      ))}
      {elsewhere.length > 0 && (
        <p>
          {standing.elsewhere}{' '}
          {elsewhere.map((other, index) => (
            <span key={placeName(other)}>
              {index > 0 && ', '}
              <Link to="." search={(before) => ({ ...before, ...placeSearch(other) })}>
                {placeName(other)}
              </Link>{' '}
              {placeGross(other, view)}
            </span>
          ))}
        </p>
      )}
      <LiveNote view={view} place={place} />
    </Notice>
  );
}
