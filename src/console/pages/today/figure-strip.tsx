/** The figures of the last run in one row, each with its definition one step away. Never computes one. */
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { MEASURES, type RunMeasures } from '../../../contract/measures.ts';
import { ask } from '../../api/ask.ts';
import { formatCount, formatMoney, formatQuantity, formatShare, signOf } from '../../format/decimals.ts';
import { Defined } from '../../parts/figures.tsx';
import { texts } from '../../texts/texts.ts';
import styles from './figure-strip.module.css';
import { type OrdersAtRisk, ordersAtRiskOf, type RunResult, type Standing } from './run-standing.ts';

const words = texts.today.figures;

interface FigureStripProps {
  readonly result: RunResult;
  readonly site: string;
  readonly standing: Standing;
}

export function FigureStrip({ result, site, standing }: FigureStripProps): ReactNode {
  const { currency } = result;
  const money = (amount: string): string => formatMoney(amount, currency, true);
  return (
    <dl className={styles.strip} aria-label={words.label}>
      <Fact {...MEASURES.accuracy} value={`${formatShare(standing.accuracy)} ${words.ofKeys}`}>
        {standing.accuracyExact !== '' && (
          <Defined name={words.exact(formatShare(standing.accuracyExact))} definition={full(MEASURES.accuracyExact)} />
        )}
        {standing.accuracyUnits !== '' && (
          <Defined name={words.units(formatShare(standing.accuracyUnits))} definition={full(MEASURES.accuracyUnits)} />
        )}
      </Fact>
      <Fact {...MEASURES.gross} value={money(standing.gross)}>
        <Defined name={words.grossUnits(formatQuantity(standing.grossUnits))} definition={full(MEASURES.grossUnits)} />
      </Fact>
      <Fact {...MEASURES.net} value={money(standing.net)}>
        {signOf(standing.masking) > 0 && (
          <Defined name={words.cancels(formatShare(standing.masking))} definition={full(MEASURES.masking)} />
        )}
      </Fact>
      <Fact
        label={words.tooHigh}
        definition={words.tooHighDefinition}
        value={
          <>
            {money(standing.overstated)} <span aria-hidden="true">▼</span>
          </>
        }
      >
        <Defined name={words.tooLow} definition={withNet(words.tooLowDefinition)} /> {money(standing.understated)}{' '}
        <span aria-hidden="true">▲</span>
      </Fact>
      <UrgentFact result={result} site={site} />
      <ChangeFact result={result} site={site} />
    </dl>
  );
}

const withNet = (definition: string): string =>
  definition.includes('v′') ? `${definition} ${words.netVariance}` : definition;
const full = ({ label, definition }: { label: string; definition: string }): string =>
  `${label}: ${withNet(definition)}`;

interface FactProps {
  readonly label: string;
  readonly definition: string;
  readonly value: ReactNode;
  readonly children?: ReactNode;
}

function Fact({ label, definition, value, children }: FactProps): ReactNode {
  return (
    <div className={styles.fact}>
      <dt>
        <Defined name={label} definition={withNet(definition)} />
      </dt>
      <dd className={styles.value}>{value}</dd>
      <dd className={styles.more}>{children}</dd>
    </div>
  );
}

/** Orders at risk make a line critical, whatever it is worth. Where the run says nothing of orders, the critical lines are told. */
function UrgentFact({ result, site }: { result: RunResult; site: string }): ReactNode {
  const asked = { path: { id: result.run_id }, query: { by: 'priority', ...(site !== '' && { site }) } } as const;
  const { data } = useQuery(ask('GET /runs/{id}/groups', asked));
  const group = data?.groups.find((each) => each.group === 'critical');
  const risk = ordersAtRiskOf(result, site);
  const lines = group?.discrepancies ?? 0;
  if (risk !== undefined)
    return (
      <Fact
        label={words.atRisk}
        definition={words.atRiskDefinition}
        value={risk.items === 0 ? words.atRiskNone : riskWords(risk, result.currency)}
      >
        {risk.items > 0 && words.atRiskItems(formatQuantity(risk.quantity), risk.items)}
        {data !== undefined && lines > 0 && (
          <>
            {risk.items > 0 && ' · '}
            <Link to="/runs/$runId" params={{ runId: result.run_id }} search={{ priority: 'critical' }}>
              {words.criticalLines(lines)}
            </Link>
          </>
        )}
        {risk.unvalued > 0 && risk.unvalued < risk.items && ` · ${words.atRiskUnvalued(risk.unvalued)}`}
      </Fact>
    );
  return (
    <Fact
      label={words.critical}
      definition={words.criticalDefinition}
      value={
        data === undefined ? (
          '…'
        ) : group === undefined ? (
          '0'
        ) : (
          <Link to="/runs/$runId" params={{ runId: result.run_id }} search={{ priority: 'critical' }}>
            {formatCount(group.discrepancies)}
          </Link>
        )
      }
    >
      {data !== undefined &&
        (group === undefined
          ? words.criticalNone
          : words.amountAt(formatMoney(group.gross_variance_value, result.currency, true)))}
    </Fact>
  );
}

/** Dollars where any item has a cost, else units. */
function riskWords({ quantity, value, items, unvalued }: OrdersAtRisk, currency: string): string {
  return unvalued === items ? words.grossUnits(formatQuantity(quantity)) : formatMoney(value, currency, true);
}

function ChangeFact({ result, site }: { result: RunResult; site: string }): ReactNode {
  const measures = result.measures as RunMeasures | null;
  const hasBefore = measures !== null && measures.compared_with !== '';
  const asked = { path: { id: result.run_id }, query: site === '' ? {} : { site } } as const;
  const { data } = useQuery({ ...ask('GET /runs/{id}/comparison', asked), enabled: hasBefore });
  if (measures === null) return null;
  const all = [
    { change: 'new', count: data?.new.discrepancies ?? 0, name: formatCount(data?.new.discrepancies ?? 0) },
    { change: 'worse', count: data?.worse.discrepancies ?? 0, name: words.worse(data?.worse.discrepancies ?? 0) },
    { change: 'better', count: data?.better.discrepancies ?? 0, name: words.better(data?.better.discrepancies ?? 0) },
    { change: 'gone', count: data?.gone.discrepancies ?? 0, name: words.gone(data?.gone.discrepancies ?? 0) },
  ].map(({ change, count, name }) => ({
    count,
    shown:
      count === 0 ? (
        <span key={change}>{name}</span>
      ) : (
        <Link key={change} to="/runs/$runId" params={{ runId: result.run_id }} search={{ change }}>
          {name}
        </Link>
      ),
  }));
  const [added, ...others] = all;
  const moved = others.filter(({ count }) => count > 0).map(({ shown }) => shown);
  const rest = moved.length === 0 ? words.unchanged : moved;
  return (
    <Fact {...MEASURES.new} label={words.changed} value={hasBefore ? (data === undefined ? '…' : added?.shown) : '–'}>
      {hasBefore ? data !== undefined && rest : words.firstRun}
    </Fact>
  );
}
