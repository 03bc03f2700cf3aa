import { describe, expect, it } from 'vitest';
import type { TimelineMessage } from '../../../../contract/item-view.ts';
import { postingOf, rowOf, timelineOf } from '../item-place-fixture.ts';
import { documentOf, isElsewhere, laneDocuments, missingSide, nearestOf } from './lane-documents.ts';
import { stretchOf } from './lane-geometry.ts';
import { scaleOf } from './lane-scale.ts';

const at = '2026-11-18T08:00:00-06:00';
const scale = scaleOf(1000, stretchOf([Date.parse(at) - 3_600_000, Date.parse(at) + 3_600_000]));
const message = (state: TimelineMessage['state']): TimelineMessage => ({
  ...{ at, message_id: 'M1', interface: '945', state, error: '', quantity: '', file: 'messages.csv', row: 7 },
});
const unposted = rowOf(at, {
  state: 'named',
  wms: [postingOf(at)],
  messages: [message('rejected')],
  effects: [{ category: 'available', quantity: '-1' }],
  causes: ['message-rejected'],
});

describe('a document in the lanes', () => {
  it('that the ERP never posted has a ghost above what is there', () => {
    const [document] = laneDocuments(timelineOf({ rows: [unposted] }), 'available', scale);
    expect(document).toMatchObject({ effect: '-1', ghost: { y: 60, isToCome: false } });
    expect(document?.points.map(({ lane, mark }) => [lane, mark])).toEqual([
      ['messages', 'refused'],
      ['wms', ''],
    ]);
  });

  it('has no ghost where that ledger was not given, where it is matched, or where it moves nothing', () => {
    const timeline = timelineOf();
    expect(missingSide(unposted, timeline)).toBe('erp');
    expect(missingSide(unposted, { given: { ...timeline.given, erp_ledger: false } })).toBeUndefined();
    expect(missingSide({ ...unposted, state: 'matched' }, timeline)).toBeUndefined();
    expect(missingSide({ ...unposted, effects: [] }, timeline)).toBeUndefined();
    expect(missingSide({ ...unposted, erp: unposted.wms, wms: [] }, timeline)).toBe('wms');
  });

  it('is to come where it is only in flight, and elsewhere where another lot has it', () => {
    const rows = [{ ...unposted, causes: ['in-flight'] as const }];
    expect(laneDocuments(timelineOf({ rows }), 'available', scale)[0]?.ghost?.isToCome).toBe(true);
    expect(isElsewhere({ causes: ['lot-swapped'] })).toBe(true);
    expect(isElsewhere(unposted)).toBe(false);
  });

  it('two legs at one moment are one point, and what lies outside the view is left out', () => {
    const legs = rowOf(at, { wms: [postingOf(at), postingOf(at, { quantity: '1' })] });
    const far = rowOf('2026-12-18T08:00:00-06:00', { wms: [postingOf('2026-12-18T08:00:00-06:00')] });
    const documents = laneDocuments(timelineOf({ rows: [legs, far] }), 'available', scale);
    expect(documents.map(({ index, points }) => [index, points.length])).toEqual([[0, 1]]);
  });

  it('that stands out is nearer to the pointer than one that agrees', () => {
    const close = rowOf(at, { wms: [postingOf('2026-11-18T08:01:00-06:00')] });
    const documents = laneDocuments(timelineOf({ rows: [close, unposted] }), 'available', scale);
    const x = documents[0]?.points[0]?.x ?? 0;
    expect(nearestOf(documents, x)?.index).toBe(1);
    expect(nearestOf(documents, x + 300)).toBeUndefined();
  });

  it('opens the message that was refused rather than the posting', () => {
    expect(documentOf(unposted)).toEqual({ file: 'messages.csv', row: 7 });
    expect(documentOf({ ...unposted, messages: [message('applied')] })).toEqual({ file: 'wms.csv', row: 2 });
    expect(documentOf(rowOf(at))).toBeUndefined();
  });
});
