/** Under the item's name: at which of its places one looks, and what the figures rest on. Never explains anything. */
import { Link, useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { ItemPlace } from '../../../contract/item-view.ts';
import { formatMoney, formatQuantity, plural } from '../../format/decimals.ts';
import { Defined, Moment, Money } from '../../parts/figures.tsx';
import { texts } from '../../texts/texts.ts';
import { isSamePlace, offKeys, placeSearch } from './choose-place.ts';
import { sizesOf } from './exact-sums.ts';
import styles from './item-head.module.css';
import type { ShownItem } from './item-queries.ts';

/** More stand in a list: the worst come first. */
const CHIPS_MAX = 5;

/** "RENO", "RENO · lot L0022497". */
export function placeName({ site, owner, lot }: Pick<ItemPlace, 'site' | 'owner' | 'lot'>): string {
  return [site, owner === '' ? '' : texts.item.owner(owner), lot === '' ? '' : texts.item.lot(lot)]
    .filter((part) => part !== '')
    .join(' · ');
}

/** What the differences of a place are worth, or their units where no cost is known; '' where there are none. */
export function placeGross(place: ItemPlace, { currency, uom }: Pick<ShownItem, 'currency' | 'uom'>): string {
  const off = offKeys(place);
  if (off.length === 0) return '';
  const values = off.map(({ variance_value }) => variance_value);
  if (values.some((value) => value !== '')) return texts.item.placeOff(formatMoney(sizesOf(values), currency));
  const units = sizesOf(off.map(({ net_variance_quantity }) => net_variance_quantity));
  return texts.item.placeUnits(`${formatQuantity(units)} ${uom}`.trim());
}

export function PlaceSwitch({ view, shown }: { view: ShownItem; shown: ItemPlace }): ReactNode {
  const navigate = useNavigate();
  const { places } = view;
  const first = places.slice(0, CHIPS_MAX);
  const chips = first.includes(shown) ? first : [...first.slice(0, -1), shown];
  const others = places.filter((place) => !chips.includes(place));
  return (
    <nav className={styles.places} aria-label={texts.item.places}>
      {chips.map((place) => (
        <Link
          key={placeName(place)}
          to="."
          search={(before) => ({ ...afterMove(before), ...placeSearch(place) })}
          className={styles.place}
          aria-current={isSamePlace(place, shown) ? 'page' : undefined}
        >
          <span className={styles.name}>{placeName(place)}</span>
          <PlaceState place={place} view={view} />
        </Link>
      ))}
      {others.length > 0 && (
        <select
          className={styles.more}
          value=""
          aria-label={texts.item.morePlaces(plural(others.length, 'more place'))}
          onChange={({ target }) => {
            const place = others[Number(target.value)];
            if (place !== undefined)
              void navigate({ to: '.', search: (before) => ({ ...afterMove(before), ...placeSearch(place) }) });
          }}
        >
          <option value="">{texts.item.morePlaces(plural(others.length, 'more place'))}</option>
          {others.map((place, index) => (
            <option key={placeName(place)} value={index}>
              {`${placeName(place)}: ${placeGross(place, view) || texts.item.placeInSync}`}
            </option>
          ))}
        </select>
      )}
    </nav>
  );
}

/** What belongs to the place before does not go along. */
function afterMove<T extends object>(before: T): T {
  return { ...before, category: undefined, from: undefined, to: undefined, file: undefined, row: undefined };
}

function PlaceState({ place, view }: { place: ItemPlace; view: ShownItem }): ReactNode {
  const gross = placeGross(place, view);
  return gross === '' ? (
    <span className="muted small">{texts.item.placeInSync}</span>
  ) : (
    <span className={`${styles.off} small`}>{gross}</span>
  );
}

export function ItemFacts({ view, place }: { view: ShownItem; place: ItemPlace }): ReactNode {
  const { facts } = texts.item;
  const values = offKeys(place).map(({ variance_value }) => variance_value);
  const { erp_cut_off: erp, wms_cut_off: wms } = place.timeline;
  const priority = offKeys(place).find((key) => key.priority !== '')?.priority ?? '';
  return (
    <dl className={styles.facts}>
      {values.some((value) => value !== '') && (
        <Fact name={<Defined name={facts.gross} definition={facts.grossDefinition} />}>
          <Money value={sizesOf(values)} currency={view.currency} />
        </Fact>
      )}
      <Fact name={facts.cost}>
        {view.unit_cost === '' ? facts.noCost : <Money value={view.unit_cost} currency={view.currency} />}
      </Fact>
      {view.uom !== '' && <Fact name={facts.unit}>{view.uom}</Fact>}
      {priority !== '' && <Fact name={facts.priority}>{priority}</Fact>}
      <Fact name={facts.run}>
        <Link to="/runs/$runId" params={{ runId: view.run_id }}>
          <Moment at={view.run_finished_at} />
        </Link>
      </Fact>
      {erp === wms ? (
        <Fact name={facts.cutOff}>
          <Moment at={wms} />
        </Fact>
      ) : (
        <Fact name={facts.cutOffs}>
          {texts.item.sides.erp} <Moment at={erp} /> · {texts.item.sides.wms} <Moment at={wms} />
        </Fact>
      )}
    </dl>
  );
}

function Fact({ name, children }: { name: ReactNode; children: ReactNode }): ReactNode {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
