/**
 * Both systems by native status, with the category between them that they are compared in, and lines that say which status
 * belongs to which category. Never decides the mapping; what has none stands apart.
 */
import { Link } from '@tanstack/react-router';
import { type ReactNode, useRef } from 'react';
import type { ItemKey, ItemPlace, StatusUnits } from '../../../contract/item-view.ts';
import { formatQuantity, formatSigned } from '../../format/decimals.ts';
import { directionWords, Variance } from '../../parts/figures.tsx';
import { Panel } from '../../parts/page.tsx';
import { texts } from '../../texts/texts.ts';
import { isNothing, sizesOf } from './exact-sums.ts';
import type { ShownItem } from './item-queries.ts';
import styles from './mapping-drawing.module.css';
import { useMappingLines } from './mapping-lines.ts';

const SIDES = ['erp', 'wms'] as const;
type Side = (typeof SIDES)[number];

export function MappingDrawing({ view, place }: { view: ShownItem; place: ItemPlace }): ReactNode {
  const drawing = useRef<HTMLDivElement>(null);
  const lines = useMappingLines(drawing, place);
  const unmapped = { erp: place.unmapped_erp, wms: place.unmapped_wms };
  const hasUnmapped = unmapped.erp.length + unmapped.wms.length > 0;
  return (
    <Panel title={texts.item.mapping.title}>
      <div ref={drawing} className={styles.drawing}>
        <svg className={styles.lines} aria-hidden="true">
          {lines.map(({ path, tone }) => (
            <path key={path} d={path} data-tone={tone} />
          ))}
        </svg>
        <div className={styles.heads} aria-hidden="true">
          <span>{sideTitle(place, 'erp')}</span>
          <span />
          <span>{sideTitle(place, 'wms')}</span>
        </div>
        {place.keys.map((key, band) => (
          <section key={key.category} className={styles.band} aria-label={key.category}>
            <StatusList side="erp" held={key.erp_statuses} band={band} place={place} label={key.category} />
            <CategoryBox item={key} band={band} uom={view.uom} />
            <StatusList side="wms" held={key.wms_statuses} band={band} place={place} label={key.category} />
          </section>
        ))}
        {hasUnmapped && <Unmapped place={place} view={view} band={place.keys.length} />}
      </div>
    </Panel>
  );
}

/** "ERP sap": the side with its systems. */
export function sideTitle(place: ItemPlace, side: Side): string {
  return [texts.item.sides[side], ...systemsOf(place, side)].join(' ');
}

function systemsOf(place: ItemPlace, side: Side): string[] {
  const held = [...place.keys.flatMap((key) => key[`${side}_statuses`]), ...place[`unmapped_${side}`]];
  return [...new Set(held.map(({ system }) => system))];
}

interface StatusListProps {
  readonly side: Side;
  readonly held: readonly StatusUnits[];
  readonly band: number;
  readonly place: ItemPlace;
  readonly label: string;
}

function StatusList({ side, held, band, place, label }: StatusListProps): ReactNode {
  const { mapping, sides } = texts.item;
  const isSeveral = systemsOf(place, side).length > 1;
  if (held.length === 0)
    return (
      <p className={styles.none} data-side={side}>
        {mapping.none(sides[side])}
      </p>
    );
  return (
    <ul className={styles.statuses} data-side={side} aria-label={mapping.listOf(sides[side], label)}>
      {held.map(({ system, status, quantity }) => (
        <li key={`${system} ${status}`} className={styles.status} data-line={side} data-band={band}>
          <span className={styles.name} title={status}>
            {status === '' ? mapping.blank : status}
            {isSeveral && <span className="muted small"> {system}</span>}
          </span>
          <span className={styles.units}>{formatQuantity(quantity)}</span>
        </li>
      ))}
    </ul>
  );
}

function CategoryBox({ item: key, band, uom }: { item: ItemKey; band: number; uom: string }): ReactNode {
  const { mapping } = texts.item;
  const [erp, wms] = [formatQuantity(key.erp_quantity), formatQuantity(key.wms_quantity)];
  return (
    <div className={styles.category} data-box={band} data-state={key.state} data-tone={toneOf(key)}>
      <p className={styles.categoryName}>{key.category}</p>
      <p className={styles.held}>
        <span aria-hidden="true">{mapping.held(erp, wms)}</span>
        <span className="unseen">{mapping.heldLabel(erp, wms)}</span>
        {!isNothing(key.variance_quantity) && (
          <b className={styles.variance}>
            <Variance quantity={key.variance_quantity} uom={uom} />
          </b>
        )}
      </p>
      {!isNothing(key.in_flight_quantity) && (
        <p className="muted small">
          {mapping.flight(formatSigned(key.in_flight_quantity), formatSigned(key.net_variance_quantity))}
        </p>
      )}
      <p className="small">{stateWords(key)}</p>
    </div>
  );
}

function stateWords(key: ItemKey): string {
  if (key.state === 'within-tolerance') return texts.item.mapping.within;
  if (key.state === 'timing') return texts.item.mapping.timing;
  return directionWords(key.net_variance_quantity);
}

/** The colour says again what the words say. */
function toneOf({ state, net_variance_quantity: net }: ItemKey): 'over' | 'under' | 'plain' {
  if (state !== 'discrepancy') return 'plain';
  return net.startsWith('-') ? 'over' : 'under';
}

function Unmapped({ place, view, band }: { place: ItemPlace; view: ShownItem; band: number }): ReactNode {
  const { mapping } = texts.item;
  const held = [...place.unmapped_erp, ...place.unmapped_wms];
  const units = `${formatQuantity(sizesOf(held.map(({ quantity }) => quantity)))} ${view.uom}`.trim();
  return (
    <section className={styles.band} data-unmapped="true" aria-label={mapping.noCategory}>
      <StatusList side="erp" held={place.unmapped_erp} band={band} place={place} label={mapping.noCategory} />
      <div className={styles.category} data-box={band} data-tone="warn">
        <p className={styles.categoryName}>{mapping.noCategory}</p>
        <p>{mapping.unmappedWords(units)}</p>
        <Link to="/mapping">{mapping.mapThem}</Link>
      </div>
      <StatusList side="wms" held={place.unmapped_wms} band={band} place={place} label={mapping.noCategory} />
    </section>
  );
}
