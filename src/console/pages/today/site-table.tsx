/** How each site stands; a site's name chooses it for all pages. Never hides the others: they are what it is compared with. */
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { MEASURES } from '../../../contract/measures.ts';
import { formatCount, formatQuantity, formatShare } from '../../format/decimals.ts';
import { Defined, Money } from '../../parts/figures.tsx';
import { Panel } from '../../parts/page.tsx';
import table from '../../parts/table.module.css';
import { texts } from '../../texts/texts.ts';
import { ordersAtRiskOf, type RunResult, sitesOf } from './run-standing.ts';
import styles from './site-table.module.css';

const words = texts.today.sites;

export function SiteTable({ result, site }: { result: RunResult; site: string }): ReactNode {
  const sites = sitesOf(result);
  if (sites.length < 2) return null;
  const hasOrders = result.orders_at_risk !== null;
  return (
    <Panel
      title={words.title}
      isFlush
      actions={
        site !== '' && (
          <Link to="." search={(before) => ({ ...before, site: undefined })} className="small">
            {words.all}
          </Link>
        )
      }
    >
      <table className={table.table}>
        <thead>
          <tr>
            <th>{words.site}</th>
            <th className="number">
              <Defined name={words.accuracy} definition={MEASURES.accuracy.definition} />
            </th>
            <th className="number">
              <Defined name={words.off} definition={MEASURES.discrepancies.definition} />
            </th>
            <th className="number">{words.gross}</th>
            <th className={`number ${styles.wide}`}>{words.net}</th>
            {hasOrders && (
              <th className={`number ${styles.wide}`}>
                <Defined name={texts.today.figures.atRisk} definition={texts.today.figures.atRiskDefinition} />
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {sites.map((each) => (
            <tr key={each.site}>
              <td>
                <Link
                  to="."
                  search={(before) => ({ ...before, site: each.site })}
                  title={words.show(each.site)}
                  aria-current={each.site === site ? 'true' : undefined}
                  className={styles.site}
                >
                  {each.site}
                </Link>
              </td>
              <td className="number">{formatShare(each.sync_accuracy_keys)}</td>
              <td className="number">{formatCount(each.discrepancies)}</td>
              <td className="number">
                <Money value={each.gross_variance_value} currency={result.currency} isWhole />
              </td>
              <td className={`number ${styles.wide}`}>
                <Money value={each.net_variance_value} currency={result.currency} isWhole />
              </td>
              {hasOrders && (
                <td className={`number ${styles.wide}`}>
                  <OrdersAt result={result} site={each.site} />
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </Panel>
  );
}

/** Dollars of promised goods that are not there; units where none of them has a cost. */
function OrdersAt({ result, site }: { result: RunResult; site: string }): ReactNode {
  const risk = ordersAtRiskOf(result, site);
  if (risk === undefined || risk.items === 0) return <span className="muted">{texts.today.figures.atRiskNone}</span>;
  if (risk.unvalued === risk.items) return texts.today.figures.grossUnits(formatQuantity(risk.quantity));
  return <Money value={risk.value} currency={result.currency} isWhole />;
}
