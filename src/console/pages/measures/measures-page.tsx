/** The page "measures": how it went over a period, and where what is off comes from. The period is in the address. Never computes a measure. */
import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { RunMeasures, TrendRow } from '../../../contract/measures.ts';
import { ApiError, ask } from '../../api/ask.ts';
import { useSession } from '../../api/session.ts';
import { FailureNotice, Notice, Skeleton } from '../../parts/loaded.tsx';
import { Page, Panel } from '../../parts/page.tsx';
import { texts } from '../../texts/texts.ts';
import { GroupsPanel } from './groups-panel.tsx';
import { LatestTable } from './latest-table.tsx';
import { MeasureCharts } from './measure-charts.tsx';
import styles from './measures.module.css';

const words = texts.measures;
const PERIODS = Object.keys(words.periods);
const USUAL = '30';

export function MeasuresPage(): ReactNode {
  const { days: asked = USUAL, site = '' } = useSearch({ strict: false });
  const days = PERIODS.includes(asked) ? asked : USUAL;
  const { sites } = useSession();
  const isOpen = site !== '' || sites === null || sites.length === 1;
  const query = useQuery({
    ...ask('GET /measures', { query: { days: Number(days), ...(site !== '' && { site }) } }),
    enabled: isOpen,
  });
  const rows = (query.data?.rows ?? []) as unknown as readonly TrendRow[];
  const isEmpty =
    (query.error instanceof ApiError && query.error.status === 404) || (query.data !== undefined && rows.length === 0);
  return (
    <Page
      title={words.title}
      actions={<Actions days={days} />}
      lead={rows.length === 0 ? undefined : words.lead(days, rows.length, site)}
    >
      {!isOpen ? (
        <Notice title={words.chooseSite}>
          <p>{words.chooseSiteHint}</p>
        </Notice>
      ) : isEmpty ? (
        <Notice title={words.none}>
          <p>{words.noneHint}</p>
          <Link to="/">{words.toToday}</Link>
        </Notice>
      ) : query.data === undefined ? (
        query.error === null ? (
          <Panel>
            <Skeleton lines={10} height={20} />
          </Panel>
        ) : (
          <FailureNotice error={query.error} onRetry={() => void query.refetch()} isBusy={query.isFetching} />
        )
      ) : (
        <>
          <MeasureCharts rows={rows} />
          <GroupsPanel days={days} />
          <LatestTable
            latest={(query.data['latest'] ?? null) as RunMeasures | null}
            currency={rows.at(-1)?.currency ?? ''}
          />
        </>
      )}
    </Page>
  );
}

function Actions({ days }: { days: string }): ReactNode {
  const navigate = useNavigate();
  return (
    <div className={styles.actions}>
      <label className={styles.choice}>
        <span className="unseen">{words.period}</span>
        <select
          value={days}
          onChange={({ target: { value } }) =>
            void navigate({ to: '.', search: (before) => ({ ...before, days: value === USUAL ? undefined : value }) })
          }
        >
          {PERIODS.map((period) => (
            <option key={period} value={period}>
              {words.periods[period]}
            </option>
          ))}
        </select>
      </label>
      <Button variant="default" onClick={() => window.print()}>
        {words.print}
      </Button>
    </div>
  );
}
