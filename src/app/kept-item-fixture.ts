/**
 * Decides what the sample items of the tests hold: ledgers, messages and explanations as a run would keep them.
 * Never used outside of tests.
 */
import type { DiscrepancyLine, RunDocument } from '../contract/run.ts';
import type { MessageState } from '../core/compare/ledger-evidence.ts';
import type { CauseCode, CorrectSide } from '../core/explain/cause-code.ts';
import type { MessageLine, Posting } from '../core/explain/evidence.ts';
import type { Contribution, Hypothesis, Proof } from '../core/explain/explanation.ts';
import type { Role } from '../core/model/balance.ts';
import { sampleLine } from '../report/sample-report-fixture.ts';
import type { KeptBalance, KeptItem, KeptKey } from './kept-item.ts';

export const SAMPLE_RUN: Pick<RunDocument, 'run_id' | 'name' | 'finished_at' | 'currency'> = {
  run_id: '20261123-124511204-7c1f09',
  name: 'Acme',
  finished_at: '2026-11-23T06:45:11-06:00',
  currency: 'USD',
};

const CATEGORIES = ['available', 'unavailable'];
const CATEGORY_OF: Readonly<Record<string, number>> = {
  UNRESTRICTED: 0,
  AVAILABLE: 0,
  PICKED: 0,
  UNAVAILABLE: 1,
  DAMAGED: 1,
  QUALITY: 1,
  'PENDING PUTAWAY': 1,
};
const categoryOf = (status: string): number => CATEGORY_OF[status] ?? -1;

/** "21 Nov 09:14" of 2026 on the clock of the sites, −06:00. */
function timeOf(text: string): number {
  const [day = '', , clock = ''] = text.split(' ');
  return Date.parse(`2026-11-${day.padStart(2, '0')}T${clock}:00-06:00`);
}

/** Rows as in a file: fields between bars, blanks around them left out; the header is row 1. */
function rowsOf(text: string): string[][] {
  return text
    .trim()
    .split('\n')
    .map((line) => line.split('|').map((field) => field.trim()));
}

/** Postings from rows "time | type | reference | message | status | quantity | user"; a move has its id before the type: "M1 status-change". */
export function sampleLedger(role: Role, item: string, text: string, site = 'DC1'): Posting[] {
  const file = role === 'erp' ? 'in/erp_movements.csv' : 'in/wms_movements.csv';
  return rowsOf(text).map(
    ([time = '', kind = '', reference = '', messageId = '', status = '', amount = '', user = ''], at) => {
      const [type = '', move] = kind.split(' ').reverse();
      return {
        role,
        system: role === 'erp' ? 'sap' : 'wms1',
        site,
        item,
        owner: '',
        lot: '',
        category: categoryOf(status),
        quantity: Number(amount),
        postedAt: timeOf(time),
        eventAt: undefined,
        messageId,
        reference,
        movementId: move ?? `${role === 'erp' ? 'E' : 'W'}-${88_100 + at}`,
        status,
        type,
        line: '',
        reason: '',
        user,
        batch: '',
        source: { file, row: 20_110 + at },
      };
    },
  );
}

/** Messages from rows "time | interface | id | reference | state | quantity | error". */
export function sampleMessages(item: string, text: string, site = 'DC1'): MessageLine[] {
  return rowsOf(text).map(
    ([time = '', interfaceName = '', messageId = '', reference = '', state = '', amount = '', error = ''], at) => ({
      messageId,
      sentAt: timeOf(time),
      appliedAt: state === 'applied' ? timeOf(time) + 60_000 : undefined,
      receivedAt: undefined,
      state: state as MessageState,
      interfaceName,
      reference,
      item,
      fromRole: 'wms',
      placed: { site, item, owner: '', lot: '', category: 0, quantity: Number(amount) },
      error,
      type: '',
      line: '',
      batch: '',
      source: { file: 'in/messages.csv', row: 810 + at },
    }),
  );
}

/** Balances from rows "side | status | quantity". */
export function sampleBalances(text: string, site = 'DC1'): KeptBalance[] {
  return rowsOf(text).map(([role = '', status = '', quantity = '']) => ({
    role: role as Role,
    system: role === 'erp' ? 'sap' : 'wms1',
    status,
    site,
    owner: '',
    lot: '',
    category: categoryOf(status),
    quantity: Number(quantity),
  }));
}

const NO_FACTORS = { interfaceName: '', batch: '', file: '', user: '', type: '', status: '', error: '' };

export function contribution(
  cause: CauseCode,
  quantity: number,
  confidence: number,
  side: CorrectSide,
  more: Partial<Contribution> = {},
): Contribution {
  return {
    cause,
    quantity,
    confidence,
    side,
    at: undefined,
    document: '',
    factors: NO_FACTORS,
    proofs: [],
    action: '',
    ...more,
  };
}

/** What a row of a ledger or the message log shows. */
export function proofOf(row: Posting | MessageLine | undefined, says: string): Proof {
  if (row === undefined) throw new Error(`no such row: ${says}`);
  const isPosting = 'movementId' in row;
  return {
    kind: isPosting ? `${row.role}-movement` : 'message',
    id: isPosting ? row.movementId : row.messageId,
    reference: row.reference,
    source: row.source,
    says,
  };
}

type LineParts = Partial<DiscrepancyLine> & { readonly erp: number; readonly wms: number; readonly cents: number };

/** One key with its explanation; what its columns do not say follows from the contributions. */
export function keptKey(
  parts: LineParts,
  contributions: readonly Contribution[],
  hypotheses: readonly Hypothesis[] = [],
  findingIds: readonly string[] = contributions.map(() => ''),
): KeptKey {
  const [main] = contributions.filter(({ cause }) => cause !== 'in-flight');
  const inFlight = contributions
    .filter(({ cause }) => cause === 'in-flight')
    .reduce((sum, each) => sum + each.quantity, 0);
  const net = parts.wms - parts.erp - inFlight;
  const unexplained = contributions.find(({ cause }) => cause === 'unexplained')?.quantity ?? 0;
  const line = sampleLine({
    in_flight_quantity: String(inFlight),
    net_variance_quantity: String(net),
    variance_value: ((net * parts.cents) / 100).toFixed(2),
    cause: main?.cause ?? 'in-flight',
    cause_confidence: main === undefined || main.confidence === 0 ? '' : String(main.confidence),
    explained_quantity: String(net - unexplained),
    unexplained_quantity: String(unexplained),
    correct_side: main?.side ?? 'none',
    action: main?.action ?? '',
    ...parts,
  });
  const { site, item, owner, lot, category } = line;
  return {
    line,
    explanation: {
      site,
      item,
      owner,
      lot,
      category: CATEGORIES.indexOf(category),
      contributions,
      hypotheses,
      onset: undefined,
    },
    findingIds,
    terms: [],
  };
}

export function keptItem(parts: Partial<KeptItem> & Pick<KeptItem, 'item'>): KeptItem {
  const cutOff = '2026-11-22T23:59:59-06:00';
  return {
    description: '',
    uom: 'EA',
    unitCost: '',
    quantityDecimals: 0,
    categories: CATEGORIES,
    keys: [],
    balances: [],
    postings: [],
    messages: [],
    findings: [],
    cutOffs: { erp: cutOff, wms: { DC1: cutOff, DC2: cutOff } },
    openings: undefined,
    given: { erpLedger: true, wmsLedger: true, messages: true },
    ...parts,
  };
}
