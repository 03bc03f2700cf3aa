/** Causes and their items as areas as large as their dollars. Never asks for anything. */
import type { CSSProperties, ReactNode } from 'react';
import { formatMoney, formatMoneyShort } from '../../format/decimals.ts';
import { causeWords } from '../../parts/cause.tsx';
import { texts } from '../../texts/texts.ts';
import styles from './charts.module.css';
import type { Filter } from './run-view.ts';
import { shortCode } from './short-code.ts';
import { type Area, squarify } from './squarify.ts';
import type { CauseArea, ItemArea } from './treemap-data.ts';

const words = texts.run.charts;
/** The shape that areas are laid out in: as wide and as tall as the chart is drawn. */
const WIDTH = 400;
const HEIGHT = 480;
const HEAD = 20;
/** Below these, words do not fit: they are in the title and read out. */
const LEAST_WIDTH = 64;
const LEAST_HEIGHT = 24;
/** Room for an amount alone. */
const VALUE_WIDTH = 42;

interface TreemapProps {
  readonly causes: readonly CauseArea[];
  readonly currency: string;
  readonly onFilter: (change: Filter) => void;
}

export function Treemap(props: TreemapProps): ReactNode {
  const { causes } = props;
  const areas = squarify(
    causes.map(({ size }) => size),
    { left: 0, top: 0, width: WIDTH, height: HEIGHT },
  );
  return (
    <>
      <p className="muted small">{words.treemapHint}</p>
      <ul className={styles.treemap}>
        {causes.map((cause, index) => (
          <CauseBox key={cause.cause} cause={cause} area={areas[index] as Area} {...props} />
        ))}
      </ul>
      <AsList {...props} />
    </>
  );
}

function CauseBox({
  cause: { cause, value, items },
  area,
  currency,
  onFilter,
}: TreemapProps & { cause: CauseArea; area: Area }): ReactNode {
  const hasHead = area.width >= LEAST_WIDTH && area.height >= HEAD + LEAST_HEIGHT;
  const within = {
    left: 0,
    top: hasHead ? HEAD : 0,
    width: area.width,
    height: area.height - (hasHead ? HEAD : 0),
  };
  const areas = squarify(
    items.map(({ size }) => size),
    within,
  );
  const name = causeWords(cause);
  return (
    <li className={styles.cause} style={placeOf(area, { left: 0, top: 0, width: WIDTH, height: HEIGHT })}>
      {hasHead && (
        <span className={styles.causeName} title={`${name}: ${formatMoney(value, currency)}`}>
          {name} <span className={styles.causeValue}>{formatMoneyShort(value, currency)}</span>
        </span>
      )}
      {items.map((item, index) => (
        <ItemBox
          key={item.item}
          cause={cause}
          item={item}
          area={areas[index] as Area}
          within={area}
          currency={currency}
          onFilter={onFilter}
        />
      ))}
    </li>
  );
}

function ItemBox({
  cause,
  item: { item, description, value },
  area,
  within,
  currency,
  onFilter,
}: Omit<TreemapProps, 'causes'> & { cause: string; item: ItemArea; area: Area; within: Area }): ReactNode {
  const name = item === '' ? words.others : item;
  const label = words.area(causeWords(cause), name, formatMoney(value, currency));
  const isLabelled = area.width >= LEAST_WIDTH && area.height >= LEAST_HEIGHT;
  return (
    <button
      type="button"
      className={styles.area}
      data-others={item === ''}
      style={placeOf(area, { left: 0, top: 0, width: within.width, height: within.height })}
      title={description === '' ? label : `${label}\n${description}`}
      onClick={() => onFilter({ cause, item: item === '' ? undefined : item })}
    >
      <span className="unseen">{label}</span>
      {isLabelled && (
        <span className={styles.areaWords} aria-hidden="true">
          <span className={styles.areaName}>{shortCode(name)}</span>
          {area.height >= 2 * LEAST_HEIGHT && (
            <span className={styles.areaValue}>{formatMoneyShort(value, currency)}</span>
          )}
        </span>
      )}
      {!isLabelled && area.width >= VALUE_WIDTH && area.height >= LEAST_HEIGHT && (
        <span className={styles.areaValue} aria-hidden="true">
          {formatMoneyShort(value, currency)}
        </span>
      )}
    </button>
  );
}

function placeOf(area: Area, whole: Area): CSSProperties {
  const share = (part: number, of: number): string => `${(part / of) * 100}%`;
  return {
    left: share(area.left, whole.width),
    top: share(area.top, whole.height),
    width: share(area.width, whole.width),
    height: share(area.height, whole.height),
  };
}

function AsList({ causes, currency }: Pick<TreemapProps, 'causes' | 'currency'>): ReactNode {
  return (
    <details className={styles.asList}>
      <summary>{words.asList}</summary>
      <ul>
        {causes.map(({ cause, value, items }) => (
          <li key={cause}>
            {causeWords(cause)}: {formatMoney(value, currency)}
            <ul>
              {items.map(({ item, description, value: part }) => (
                <li key={item}>
                  {item === '' ? words.others : item}{' '}
                  {description !== '' && <span className="muted">{description}</span>}
                  {': '}
                  {formatMoney(part, currency)}
                </li>
              ))}
            </ul>
          </li>
        ))}
      </ul>
    </details>
  );
}
