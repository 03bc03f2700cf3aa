/**
 * Decides which faults a world holds, from the name of a profile or a list of causes with their shares.
 * Never decides which document or key a fault happens to.
 */
import { Failure } from '../../src/core/model/failure.ts';

/** Faults of one document or one key, as the catalogue of causes names them, with their weight in an ordinary world. */
const WEIGHTS = {
  'message-lost': 12,
  'message-rejected': 12,
  'posted-twice': 9,
  'out-of-order': 4,
  'unit-mismatch': 6,
  'sign-reversed': 3,
  'digits-transposed': 4,
  'decimal-shifted': 3,
  'status-move-missing': 10,
  'item-cross-posted': 5,
  'item-alias-missing': 1,
  'lot-swapped': 4,
  'site-cross-posted': 4,
  'count-not-sent': 7,
  'count-raced-movement': 3,
  'pick-short': 6,
  'shipment-unconfirmed': 7,
  'receipt-not-posted': 6,
  'return-not-posted': 5,
  'kit-not-posted': 3,
  'manual-erp-adjustment': 8,
  'wms-ledger-break': 3,
  'erp-ledger-break': 3,
  'opening-difference': 4,
  rounding: 4,
  'cost-difference': 2,
} as const;
export type SingleFault = keyof typeof WEIGHTS | 'unseen';
const SINGLE_FAULTS = [...Object.keys(WEIGHTS), 'unseen'] as SingleFault[];

/** Faults with one common factor and many documents. */
const SYSTEMIC_FAULTS = ['outage', 'file-loaded-twice', 'pack-factor', 'type-rejected', 'status-unmapped'] as const;
export type SystemicFault = (typeof SYSTEMIC_FAULTS)[number];

export interface FaultProfile {
  readonly name: string;
  /** Keys that each fault touches: as a share of all keys below 1, else their number. */
  readonly amounts: ReadonlyMap<SingleFault, number>;
  /** These systemic faults, and so many more that the seed chooses. */
  readonly systemic: readonly SystemicFault[];
  readonly drawnSystemic: number;
}

interface Preset {
  readonly share: number;
  readonly unseen: number;
  readonly systemic: readonly SystemicFault[];
  readonly drawn: number;
}

const PRESETS: Readonly<Record<string, Preset>> = {
  none: { share: 0, unseen: 0, systemic: [], drawn: 0 },
  ordinary: { share: 0.016, unseen: 0, systemic: [], drawn: 0 },
  heavy: { share: 0.08, unseen: 0.004, systemic: [], drawn: 1 },
  systemic: { share: 0.006, unseen: 0, systemic: [], drawn: 2 },
  unseen: { share: 0.015, unseen: 0.004, systemic: [], drawn: 0 },
  all: { share: 0.03, unseen: 0.003, systemic: SYSTEMIC_FAULTS, drawn: 0 },
};
const PROFILE_NAMES = Object.keys(PRESETS);
/** Beyond this share of the keys there are not enough sound documents left to spoil. */
const SHARE_MAX = 0.2;

/** Reads `ordinary`, or `message-lost:0.002,lot-swapped:3,outage:1`: shares or numbers of keys, numbers of systemic faults. */
export function parseFaultProfile(text: string): FaultProfile {
  const preset = PRESETS[text];
  if (preset !== undefined) return presetProfile(text, preset);
  const amounts = new Map<SingleFault, number>();
  const systemic: SystemicFault[] = [];
  for (const entry of text.split(',')) {
    const [name = '', amount = ''] = entry.split(':').map((part) => part.trim());
    const value = Number(amount);
    const isAmount = /^(\d+|0\.\d+)$/.test(amount) && (value <= SHARE_MAX || value >= 1);
    const kind = SYSTEMIC_FAULTS.find((each) => each === name);
    if (kind !== undefined && /^[1-9]$/.test(amount)) systemic.push(...Array<SystemicFault>(value).fill(kind));
    else if (SINGLE_FAULTS.includes(name as SingleFault) && isAmount) amounts.set(name as SingleFault, value);
    else throw unreadable(entry);
  }
  return { name: text, amounts, systemic, drawnSystemic: 0 };
}

function presetProfile(name: string, { share, unseen, systemic, drawn }: Preset): FaultProfile {
  const total = Object.values<number>(WEIGHTS).reduce((sum, weight) => sum + weight, 0);
  const amounts = new Map<SingleFault, number>();
  for (const [cause, weight] of Object.entries(WEIGHTS)) amounts.set(cause as SingleFault, (share * weight) / total);
  amounts.set('unseen', unseen);
  return { name, amounts, systemic, drawnSystemic: drawn };
}

function unreadable(entry: string): Failure {
  return new Failure(
    'usage',
    'FAULTS_UNREADABLE',
    `--faults ${entry}: a profile (${PROFILE_NAMES.join(', ')}), or cause:amount, a share of the keys up to ${SHARE_MAX} or their number, was expected`,
    `Causes are ${SINGLE_FAULTS.join(', ')}. Systemic faults are given by their number, such as outage:1: ${SYSTEMIC_FAULTS.join(', ')}.`,
  );
}

/** The systemic faults of a world: those asked for, and as many others as are to be drawn. */
export function systemicFaultsOf(profile: FaultProfile, pick: (limit: number) => number): SystemicFault[] {
  const chosen = [...profile.systemic];
  const rest = SYSTEMIC_FAULTS.filter((kind) => !chosen.includes(kind));
  for (let count = 0; count < profile.drawnSystemic && rest.length > 0; count++)
    chosen.push(...rest.splice(pick(rest.length), 1));
  return chosen;
}
