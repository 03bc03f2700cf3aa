/** What stands where the item cannot be shown: unknown, ambiguous, no run, not at the site. Offers the way; never guesses. */
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { ApiError, ask } from '../../api/ask.ts';
import { FailureNotice, Notice } from '../../parts/loaded.tsx';
import { Page } from '../../parts/page.tsx';
import { texts } from '../../texts/texts.ts';
import { placeSearch } from './choose-place.ts';
import styles from './item-absent.module.css';
import { placeGross, placeName } from './item-head.tsx';
import type { ShownItem } from './item-queries.ts';

const SUGGESTIONS_MAX = 8;

export function ItemAbsent({ item, error, onRetry }: { item: string; error: Error; onRetry: () => void }): ReactNode {
  return (
    <Page title={item}>
      <Reason item={item} error={error} onRetry={onRetry} />
    </Page>
  );
}

function Reason({ item, error, onRetry }: { item: string; error: Error; onRetry: () => void }): ReactNode {
  const { states } = texts.item;
  const code = error instanceof ApiError ? error.code : '';
  if (code === 'NO_RUNS')
    return (
      <Notice title={states.noRun}>
        <p>{states.noRunHint}</p>
        <p className={styles.ways}>
          <Link to="/sources">{states.toSources}</Link>
          <Link to="/runs">{states.toRuns}</Link>
        </p>
      </Notice>
    );
  if (code === 'RUN_UNKNOWN')
    return (
      <Notice title={states.runGone}>
        <p>{error.message}</p>
        <Link to="." search={(before) => ({ ...before, run: undefined })}>
          {states.newestRun}
        </Link>
      </Notice>
    );
  if (code !== 'ITEM_UNKNOWN' && code !== 'ITEM_AMBIGUOUS') return <FailureNotice error={error} onRetry={onRetry} />;
  const isUnknown = code === 'ITEM_UNKNOWN';
  return (
    <Notice title={isUnknown ? states.unknown(item) : states.ambiguous(item)}>
      {isUnknown && <p>{states.unknownHint}</p>}
      <p className="muted">{error.message}</p>
      <Suggestions item={item} />
    </Notice>
  );
}

/** Items that are off and have these letters in their code, description or lot. */
function Suggestions({ item }: { item: string }): ReactNode {
  const query = { text: item, limit: SUGGESTIONS_MAX };
  const { data } = useQuery(ask('GET /runs/{id}/discrepancies', { path: { id: 'latest' }, query }));
  const alike = new Map((data?.items ?? []).map((line) => [line.item, line.description]));
  if (alike.size === 0) return null;
  return (
    <>
      <p>{texts.item.states.suggestions}</p>
      <ul className={styles.list}>
        {[...alike].map(([code, description]) => (
          <li key={code}>
            <Link to="/items/$item" params={{ item: code }}>
              {code}
            </Link>{' '}
            <span className="muted">{description}</span>
          </li>
        ))}
      </ul>
    </>
  );
}

export function NotHere({ site, view }: { site: string; view: ShownItem }): ReactNode {
  const { states } = texts.item;
  return (
    <Notice title={states.notHere(site)}>
      <p>{states.notHereHint}</p>
      <ul className={styles.list}>
        {view.places.slice(0, SUGGESTIONS_MAX).map((place) => (
          <li key={placeName(place)}>
            <Link to="." search={(before) => ({ ...before, ...placeSearch(place) })}>
              {placeName(place)}
            </Link>{' '}
            <span className="muted">{placeGross(place, view) || texts.item.placeInSync}</span>
          </li>
        ))}
      </ul>
    </Notice>
  );
}
