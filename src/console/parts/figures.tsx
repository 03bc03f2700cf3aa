/** Figures as all pages show them: amounts, directions, moments. Decides their words and signs; never computes one. */
import { Tooltip } from '@mantine/core';
import type { ReactNode } from 'react';
import { formatMoney, formatQuantity, formatSigned, signOf, sizeOf } from '../format/decimals.ts';
import { formatMoment, formatMomentFull } from '../format/moments.ts';
import { texts } from '../texts/texts.ts';
import styles from './figures.module.css';

/** "−12 ▼": the sign of WMS − ERP, with an arrow, so that colour says nothing alone. Read out: "ERP 12 too high". */
export function Variance({ quantity, uom = '' }: { quantity: string; uom?: string }): ReactNode {
  const sign = signOf(quantity);
  return (
    <span className={sign < 0 ? 'over' : sign > 0 ? 'under' : 'muted'}>
      <span aria-hidden="true">
        {formatSigned(quantity)}
        {uom !== '' && ` ${uom}`} <Arrow sign={sign} />
      </span>
      <span className="unseen">{directionWords(quantity)}</span>
    </span>
  );
}

function Arrow({ sign }: { sign: -1 | 0 | 1 }): ReactNode {
  return <span className={styles.arrow}>{sign < 0 ? '▼' : sign > 0 ? '▲' : ''}</span>;
}

/** "ERP 9 too high", "ERP 3 too low", "in sync". */
export function directionWords(quantity: string): string {
  const sign = signOf(quantity);
  if (sign === 0) return texts.direction.inSync;
  const size = formatQuantity(sizeOf(quantity));
  return sign < 0 ? texts.direction.tooHigh(size) : texts.direction.tooLow(size);
}

/** Money with the sign of the variance; "no cost" where there is none. */
export function Money({
  value,
  currency,
  isWhole = false,
}: {
  value: string;
  currency: string;
  isWhole?: boolean;
}): ReactNode {
  if (value === '') return <span className="muted">{texts.figures.noCost}</span>;
  return (
    <span title={isWhole ? formatMoney(value, currency) : undefined}>{formatMoney(value, currency, isWhole)}</span>
  );
}

/** A moment as people say it; in full on hover and for those who listen. */
export function Moment({ at, now = Date.now() }: { at: string | null; now?: number }): ReactNode {
  if (at === null || at === '') return <span className="muted">–</span>;
  return (
    <Tooltip label={formatMomentFull(at)}>
      <time dateTime={at}>{formatMoment(at, now)}</time>
    </Tooltip>
  );
}

/** A measure's name with its definition one step away. */
export function Defined({ name, definition }: { name: string; definition: string }): ReactNode {
  return (
    <Tooltip label={definition} events={{ hover: true, focus: true, touch: true }}>
      <button type="button" className={styles.defined}>
        {name}
      </button>
    </Tooltip>
  );
}

/** How far from zero a variance is beside others: left of the line the ERP is too high, right of it too low. */
export function VarianceBar({ quantity, largest }: { quantity: string; largest: string }): ReactNode {
  const share = Math.min(1, Number(sizeOf(quantity)) / Math.max(Number(sizeOf(largest)), Number.MIN_VALUE));
  const sign = signOf(quantity);
  return (
    <span className={styles.bar} aria-hidden="true">
      <span
        data-sign={sign}
        className={styles.fill}
        style={{ width: `${Math.max(share * 50, sign === 0 ? 0 : 2)}%` }}
      />
    </span>
  );
}
