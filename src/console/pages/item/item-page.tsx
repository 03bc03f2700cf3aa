/** The page of one item: how it stands in both systems, why, since when, and what to do. Loads; its parts draw. */
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { type ReactNode, useCallback } from 'react';
import type { ItemPlace } from '../../../contract/item-view.ts';
import { Loaded, Skeleton } from '../../parts/loaded.tsx';
import { Page, Panel } from '../../parts/page.tsx';
import { SourceDrawer } from '../../parts/source-drawer.tsx';
import { texts } from '../../texts/texts.ts';
import { choosePlace, explainedKeys } from './choose-place.ts';
import { ItemAbsent, NotHere } from './item-absent.tsx';
import { ItemFacts, PlaceSwitch } from './item-head.tsx';
import styles from './item-page.module.css';
import { type DocumentAddress, itemViewQuery, type ShownItem } from './item-queries.ts';
import { MappingDrawing } from './mapping-drawing.tsx';
import { PriorityTerms } from './priority-terms.tsx';
import { Standing } from './standing.tsx';
import { TimelinePanel } from './timeline/timeline-panel.tsx';
import { VarianceHistory } from './variance-history.tsx';
import { WhyPanel } from './why-panel.tsx';

export function ItemPage(): ReactNode {
  const { item = '' } = useParams({ strict: false });
  const { run } = useSearch({ strict: false });
  const query = useQuery(itemViewQuery(item, run));
  if (query.data === undefined && query.error !== null)
    return <ItemAbsent item={item} error={query.error} onRetry={() => void query.refetch()} />;
  return (
    <Loaded query={query} skeleton={<ItemSkeleton item={item} />}>
      {(view) => <ItemSheet view={view} asked={item} />}
    </Loaded>
  );
}

function ItemSkeleton({ item }: { item: string }): ReactNode {
  return (
    <Page title={item} lead={<Skeleton lines={2} />}>
      <Panel>
        <Skeleton lines={3} />
      </Panel>
      <div className={styles.halves}>
        <Panel>
          <Skeleton lines={8} height={20} />
        </Panel>
        <Panel>
          <Skeleton lines={8} height={20} />
        </Panel>
      </div>
    </Page>
  );
}

function ItemSheet({ view, asked }: { view: ShownItem; asked: string }): ReactNode {
  const search = useSearch({ strict: false });
  const place = choosePlace(view.places, search);
  return (
    <Page
      title={texts.item.title(view.item, view.description)}
      lead={
        <>
          {view.how !== '' && <p className={styles.how}>{texts.item.foundAs(asked, view.how)}</p>}
          {place !== undefined && <PlaceSwitch view={view} shown={place} />}
          {place !== undefined && <ItemFacts view={view} place={place} />}
        </>
      }
    >
      {place === undefined ? (
        <NotHere site={search.site ?? ''} view={view} />
      ) : (
        <PlaceSheet key={JSON.stringify([place.site, place.owner, place.lot])} view={view} place={place} />
      )}
    </Page>
  );
}

function PlaceSheet({ view, place }: { view: ShownItem; place: ItemPlace }): ReactNode {
  const { file = '', row = '' } = useSearch({ strict: false });
  const navigate = useNavigate();
  const openDocument = useCallback(
    (document: DocumentAddress | undefined): void =>
      void navigate({
        to: '.',
        search: (before) => ({ ...before, file: document?.file, row: document && String(document.row) }),
        resetScroll: false,
      }),
    [navigate],
  );
  return (
    <>
      <Standing view={view} place={place} />
      <div className={styles.halves}>
        <MappingDrawing view={view} place={place} />
        {explainedKeys(place).length > 0 && <WhyPanel view={view} place={place} onDocument={openDocument} />}
      </div>
      <VarianceHistory view={view} place={place} />
      <TimelinePanel place={place} onDocument={openDocument} />
      <PriorityTerms view={view} place={place} />
      <SourceDrawer
        run={view.run_id}
        source={file === '' ? undefined : { file, row: Number(row) }}
        onClose={() => openDocument(undefined)}
      />
    </>
  );
}
