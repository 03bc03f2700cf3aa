/** The columns that the list can show: their width, their order and what stands in a cell. Never decides which are shown. */
import type { ReactNode } from 'react';
import { formatMoney, formatQuantity } from '../../format/decimals.ts';
import { formatMoment } from '../../format/moments.ts';
import { Cause } from '../../parts/cause.tsx';
import { Variance, VarianceBar } from '../../parts/figures.tsx';
import { texts } from '../../texts/texts.ts';
import styles from './grid.module.css';
import type { Line } from './line-store.ts';
import type { SortName } from './run-view.ts';
import { shortCode } from './short-code.ts';

export interface CellContext {
  readonly currency: string;
  /** The largest net variance of the list: how long its bar is. */
  readonly largest: string;
  readonly now: number;
}

interface Column {
  readonly width: string;
  readonly isNumber?: boolean;
  readonly sort?: SortName;
  readonly cell: (line: Line, context: CellContext) => ReactNode;
}

const side = (quantity: string, isAbsent: boolean): ReactNode =>
  isAbsent ? <span className="muted">—</span> : formatQuantity(quantity);

const COLUMNS = {
  rank: { width: '64px', isNumber: true, sort: 'rank', cell: ({ rank }) => <span className="muted">{rank}</span> },
  item: { width: 'minmax(200px, 1fr)', sort: 'item', cell: (line) => <ItemCell line={line} /> },
  site: { width: '88px', sort: 'site', cell: ({ site }) => site },
  lot: { width: '104px', cell: ({ lot }) => lot },
  owner: { width: '104px', cell: ({ owner }) => owner },
  category: { width: '100px', cell: ({ category }) => category },
  erp: {
    width: '84px',
    isNumber: true,
    cell: (line) => side(line.erp_quantity, line.absent_from === 'erp'),
  },
  wms: {
    width: '84px',
    isNumber: true,
    cell: (line) => side(line.wms_quantity, line.absent_from === 'wms'),
  },
  inFlight: { width: '92px', isNumber: true, cell: (line) => formatQuantity(line.in_flight_quantity) },
  net: {
    width: '152px',
    isNumber: true,
    sort: 'units',
    cell: (line, { largest }) => (
      <span className={styles.net}>
        <VarianceBar quantity={line.net_variance_quantity} largest={largest} />
        <Variance quantity={line.net_variance_quantity} />
      </span>
    ),
  },
  value: {
    width: '108px',
    isNumber: true,
    sort: 'value',
    cell: ({ variance_value: value }, { currency }) => money(value, currency),
  },
  cause: {
    width: '180px',
    cell: ({ cause, cause_confidence: confidence }) => <Cause code={cause} confidence={confidence} />,
  },
  priority: { width: '84px', sort: 'priority', cell: ({ priority }) => <Priority name={priority} /> },
  age: {
    width: '52px',
    isNumber: true,
    sort: 'days_out_of_sync',
    cell: ({ days_out_of_sync: days }) => texts.run.list.days(days),
  },
  firstSeen: { width: '120px', cell: ({ first_seen: at }, { now }) => formatMoment(at, now) },
  impact: {
    width: '112px',
    isNumber: true,
    sort: 'impact',
    cell: ({ impact_value: value }, { currency }) => formatMoney(value, currency),
  },
  finding: { width: '80px', cell: ({ finding_id: finding }) => finding },
  unitCost: {
    width: '92px',
    isNumber: true,
    cell: ({ unit_cost: cost }, { currency }) => (cost === '' ? noCost() : formatMoney(cost, currency)),
  },
  action: { width: '320px', cell: ({ action }) => <span title={action}>{action}</span> },
} as const satisfies Record<string, Column>;

export type ColumnName = keyof typeof COLUMNS;
export const COLUMN_NAMES = Object.keys(COLUMNS) as readonly ColumnName[];
export const COLUMNS_SHOWN: readonly ColumnName[] = [
  'item',
  'site',
  'category',
  'erp',
  'wms',
  'net',
  'value',
  'cause',
  'priority',
  'age',
];
/** What is left beside an open item. */
export const COLUMNS_BESIDE: readonly ColumnName[] = ['item', 'site', 'net', 'value', 'cause'];

export function columnOf(name: ColumnName): Column {
  return COLUMNS[name];
}

const noCost = (): ReactNode => <span className="muted">{texts.figures.noCost}</span>;

function money(value: string, currency: string): ReactNode {
  return value === '' ? noCost() : formatMoney(value, currency);
}

function ItemCell({ line: { item, description } }: { line: Line }): ReactNode {
  return (
    <span className={styles.item} title={description === '' ? item : `${item} · ${description}`}>
      <span className={styles.code}>{shortCode(item)}</span>
      <span className={styles.description}>{description}</span>
    </span>
  );
}

/** In words, with a bar that is the longer the more urgent it is. */
function Priority({ name }: { name: string }): ReactNode {
  if (name === '') return null;
  return (
    <span className={styles.priority} data-priority={name}>
      {(texts.run.priorities as Record<string, string>)[name] ?? name}
    </span>
  );
}
