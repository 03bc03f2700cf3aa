/** Places of an item as the API gives them, for tests. Never more than a test says it needs. */
import type {
  ItemContribution,
  ItemKey,
  ItemPlace,
  ItemTimeline,
  TimelinePosting,
  TimelineRow,
} from '../../../contract/item-view.ts';

export function keyOf(change: Partial<ItemKey> = {}): ItemKey {
  return {
    category: 'available',
    state: 'discrepancy',
    rank: '1',
    erp_quantity: '100',
    wms_quantity: '91',
    variance_quantity: '-9',
    in_flight_quantity: '0',
    net_variance_quantity: '-9',
    variance_value: '-90',
    absent_from: '',
    erp_statuses: [],
    wms_statuses: [],
    contributions: [],
    hypotheses: [],
    out_since: '',
    days_out_of_sync: '',
    impact_value: '',
    priority: '',
    priority_terms: [],
    ...change,
  };
}

export function contributionOf(number: number, quantity: string, change: Partial<ItemContribution> = {}) {
  const contribution: ItemContribution = {
    number,
    cause: 'message-lost',
    cause_words: 'message lost',
    quantity,
    value: '',
    confidence: '0.95',
    confidence_words: 'nearly certain',
    correct_side: 'erp',
    at: '',
    document: '',
    finding_id: '',
    action: '',
    evidence: [],
    ...change,
  };
  return contribution;
}

export function rowOf(at: string, change: Partial<TimelineRow> = {}): TimelineRow {
  return {
    state: 'matched',
    at,
    document: `SO-${at.slice(8, 10)}`,
    type: 'shipment',
    matched_by: 'document',
    erp: [],
    wms: [],
    messages: [],
    effects: [],
    contributions: [],
    causes: [],
    ...change,
  };
}

export function postingOf(at: string, change: Partial<TimelinePosting> = {}): TimelinePosting {
  return {
    at,
    movement_id: 'T1',
    type: 'shipment',
    status: 'AVAILABLE',
    category: 'available',
    quantity: '-1',
    user: '',
    after_cut_off: false,
    file: 'wms.csv',
    row: 2,
    ...change,
  };
}

export function timelineOf(change: Partial<ItemTimeline> = {}): ItemTimeline {
  return {
    given: { erp_ledger: true, wms_ledger: true, messages: true },
    opening_at: '2026-11-15T23:59:59-06:00',
    opening_erp: [],
    opening_wms: [],
    before: [],
    rows: [],
    unaccounted: [],
    erp_cut_off: '2026-11-20T23:59:59-06:00',
    wms_cut_off: '2026-11-20T23:59:59-06:00',
    ...change,
  };
}

export function placeOf(change: Partial<ItemPlace> = {}): ItemPlace {
  return {
    site: 'DC1',
    owner: '',
    lot: '',
    keys: [keyOf()],
    unmapped_erp: [],
    unmapped_wms: [],
    actions: [],
    timeline: timelineOf(),
    ...change,
  };
}
