/** Discrepancies of a run by their main cause, the most expensive first. Never shows lines: each cause opens them. */
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { MEASURES } from '../../../contract/measures.ts';
import { type Answer, ask } from '../../api/ask.ts';
import { formatCount, formatShare, signOf } from '../../format/decimals.ts';
import { causeWords } from '../../parts/cause.tsx';
import { Defined, Money } from '../../parts/figures.tsx';
import { Loaded, Skeleton } from '../../parts/loaded.tsx';
import { Panel } from '../../parts/page.tsx';
import table from '../../parts/table.module.css';
import { texts } from '../../texts/texts.ts';
import styles from './findings.module.css';

const words = texts.findings.causes;

interface CausesTableProps {
  readonly result: Answer<'GET /runs/{id}/result'>;
  readonly site: string;
}

export function CausesTable({ result, site }: CausesTableProps): ReactNode {
  const query = { by: 'cause', ...(site !== '' && { site }) } as const;
  const groups = useQuery(ask('GET /runs/{id}/groups', { path: { id: result.run_id }, query }));
  return (
    <Panel title={words.title} isFlush>
      <Loaded query={groups} skeleton={<Skeleton lines={6} height={20} />}>
        {(answer) => (
          <table className={table.table}>
            <thead>
              <tr>
                <th>{words.cause}</th>
                <th className="number">
                  <Defined name={words.lines} definition={MEASURES.discrepancies.definition} />
                </th>
                <th className="number">
                  <Defined name={words.gross} definition={MEASURES.gross.definition} />
                </th>
                <th className={`number ${styles.wide}`}>
                  <Defined name={words.net} definition={MEASURES.net.definition} />
                </th>
                <th className={styles.shareHead}>{words.share}</th>
              </tr>
            </thead>
            <tbody>
              {answer.groups.map((group) => (
                <CauseRow key={group.group} group={group} runId={answer.run_id} currency={answer.currency} />
              ))}
            </tbody>
          </table>
        )}
      </Loaded>
    </Panel>
  );
}

interface CauseRowProps {
  readonly group: Answer<'GET /runs/{id}/groups'>['groups'][number];
  readonly runId: string;
  readonly currency: string;
}

function CauseRow({ group, runId, currency }: CauseRowProps): ReactNode {
  const { group: cause, discrepancies, value_share: share } = group;
  return (
    <tr>
      <td>
        <Link to="/runs/$runId" params={{ runId }} search={{ cause }}>
          {causeWords(cause)}
        </Link>
      </td>
      <td className="number">{formatCount(discrepancies)}</td>
      <td className="number">
        <Money value={group.gross_variance_value} currency={currency} />
      </td>
      <td className={`number ${styles.wide}`}>
        <Money value={group.net_variance_value} currency={currency} />
      </td>
      <td>
        <span className={styles.share}>
          <span className={styles.shareBar} aria-hidden="true">
            <span style={{ width: `${Number(share) * 100}%` }} />
          </span>
          {shareWords(group)}
        </span>
      </td>
    </tr>
  );
}

/** What is there is never shown as nothing. */
function shareWords({ value_share: share, gross_variance_value: gross }: CauseRowProps['group']): string {
  return signOf(gross) !== 0 && Number(share) < 0.001 ? words.tiny : formatShare(share);
}
