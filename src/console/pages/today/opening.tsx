/** Says in one sentence whether it is in sync, and under it of what moment that is. Never says "in sync" where something was left out. */
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { RunFinding } from '../../../contract/item-view.ts';
import { formatMoney, formatQuantity, formatShare, signOf } from '../../format/decimals.ts';
import { formatAgo } from '../../format/moments.ts';
import { Moment } from '../../parts/figures.tsx';
import { texts } from '../../texts/texts.ts';
import { cutOffOf, type RunResult, type Standing } from './run-standing.ts';
import styles from './today.module.css';
import { useFindingsHere } from './use-findings-here.ts';

const words = texts.today.opening;

interface OpeningProps {
  readonly result: RunResult;
  readonly site: string;
  readonly standing: Standing | undefined;
}

export function Opening({ result, site, standing }: OpeningProps): ReactNode {
  return (
    <>
      {standing !== undefined && (
        <p className={styles.opening}>
          <Sentence result={result} site={site} standing={standing} />
        </p>
      )}
      {[...missingSentences(result), ...conditionSentences(result)].map((sentence) => (
        <p key={sentence} className={styles.missing}>
          {sentence}
        </p>
      ))}
      <p className={styles.ofWhen}>
        {result.name} · {words.cutOff} <Moment at={cutOffOf(result)} />{' '}
        {words.ago(formatAgo(cutOffOf(result), Date.now()))} ·{' '}
        <Link to="/runs/$runId" params={{ runId: result.run_id }}>
          {words.finished} <Moment at={result.finished_at} />
        </Link>
      </p>
    </>
  );
}

function Sentence({ result, site, standing }: { result: RunResult; site: string; standing: Standing }): ReactNode {
  const { sites, keys, discrepancies, accuracy, accuracyUnits, unvalued } = standing;
  const [first] = useFindingsHere(result, site);
  if (keys === 0) return words.nothingCompared;
  if (discrepancies === 0) {
    const agree = missingSentences(result).length === 0 ? words.nothingOff : words.nothingFound;
    const timing = standing.timingOnly === 0 ? '' : ` ${words.timing(standing.timingOnly)}`;
    return `${agree(sites, keys)}${timing}`;
  }
  const isValued = unvalued < discrepancies;
  return (
    <>
      {words.agree(sites, formatShare(accuracy), keys, formatShare(accuracyUnits))}{' '}
      {isValued
        ? words.off(discrepancies, formatMoney(standing.gross, result.currency, true))
        : words.offUnits(discrepancies, formatQuantity(standing.grossUnits))}
      {first !== undefined && (
        <>
          ; {words.ofThem(first.lines, discrepancies)}{' '}
          <Link to="/findings" search={{ run: result.run_id }} hash={first.finding.id}>
            {faultWords(first.finding)}
          </Link>
        </>
      )}
      .{isValued && unvalued > 0 && ` ${words.unvalued(unvalued)}`}
    </>
  );
}

/** "one outage of interface 945, 20 November 09:00–10:00". */
function faultWords({ cause, factor, title }: RunFinding): string {
  if (cause !== 'message-lost' || factor['interface'] === undefined) return words.fault(title);
  const where = title.split(': ')[0] ?? title;
  return words.outage(`${where.slice(0, 1).toLowerCase()}${where.slice(1)}`);
}

/** What the figures leave out. Rows and statuses are of all sites: who sees some only is not told. */
function missingSentences({ totals, unmapped }: RunResult): string[] {
  const rejected = Number(totals?.['rejected_rows'] ?? 0);
  const statuses = new Set(unmapped.filter(hasUnits).map(({ system, status }) => `${system} ${status}`)).size;
  return [...(rejected > 0 ? [words.rejected(rejected)] : []), ...(statuses > 0 ? [words.unmapped(statuses)] : [])];
}

const hasUnits = (status: RunResult['unmapped'][number]): boolean => signOf(String(status['quantity'] ?? '1')) !== 0;

function conditionSentences({ filters, forced }: RunResult): string[] {
  const limits = [...filters.site, ...(filters.item.length === 0 ? [] : [words.limitedItems(filters.item.length)])];
  return [
    ...(limits.length > 0 ? [words.limited(limits.join(', '))] : []),
    ...(forced === null ? [] : [words.forced(forced.by, forced.reason)]),
  ];
}
