/** An item beside the list: how it stands in both systems and why. Never all of it: that is its own page. */
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { ItemKey, ItemPlace, ItemView } from '../../../contract/item-view.ts';
import { ask } from '../../api/ask.ts';
import { formatMoney, formatQuantity, signOf, sizeOf } from '../../format/decimals.ts';
import { formatMoment } from '../../format/moments.ts';
import { Cause } from '../../parts/cause.tsx';
import { Money, Variance } from '../../parts/figures.tsx';
import { Icon } from '../../parts/icon.tsx';
import { Loaded, Notice, Skeleton } from '../../parts/loaded.tsx';
import { texts } from '../../texts/texts.ts';
import { kept } from './kept.ts';
import type { Line } from './line-store.ts';
import styles from './panel.module.css';

const words = texts.run.panel;

interface PanelProps {
  readonly runId: string;
  /** The rank of the line. */
  readonly rank: string;
  /** Where it is a line of the run before: both limits that say so. */
  readonly gone: Readonly<Record<string, string>> | undefined;
  /** The run that holds the item's evidence. */
  readonly evidenceRun: string;
  readonly currency: string;
  readonly onClose: () => void;
}

export function ItemPanel({ runId, rank, gone, ...props }: PanelProps): ReactNode {
  const query = { ...gone, rank, limit: 1 };
  const found = useQuery({
    ...kept(ask('GET /runs/{id}/discrepancies', { path: { id: runId }, query })),
    // What is shown stays until the next one is there: nothing jumps from line to line.
    placeholderData: (before) => before,
  });
  const line = found.data?.items[0];
  return (
    <section className={styles.panel} aria-label={words.label(line?.item ?? '')}>
      <Loaded query={found} skeleton={<Skeleton lines={8} />}>
        {() =>
          line === undefined ? (
            <Notice title={words.absentLine} />
          ) : (
            <LineView key={line.item + line.site} line={line} isGone={gone !== undefined} {...props} />
          )
        }
      </Loaded>
    </section>
  );
}

function LineView({
  line,
  isGone,
  evidenceRun,
  currency,
  onClose,
}: Pick<PanelProps, 'evidenceRun' | 'currency' | 'onClose'> & { line: Line; isGone: boolean }): ReactNode {
  const { item, site, lot, category, description } = line;
  return (
    <>
      <header className={styles.head}>
        <div className={styles.names}>
          <h2>{item}</h2>
          <p className="muted">{description}</p>
          <p className="muted small">{[site, lot, category].filter((part) => part !== '').join(' · ')}</p>
        </div>
        <button type="button" className={styles.close} onClick={onClose}>
          <Icon name="close" label={words.close} />
        </button>
      </header>
      {isGone && <p className="muted">{words.gone}</p>}
      <p className={styles.headline}>
        <strong className={signOf(line.net_variance_quantity) < 0 ? 'over' : 'under'}>{standing(line)}</strong>
        {' · '}
        <Money value={line.variance_value} currency={currency} />
      </p>
      {line.first_seen !== '' && (
        <p className="muted small">
          {words.since(formatMoment(line.first_seen, Date.now()), texts.run.list.daysFull(line.days_out_of_sync))}
        </p>
      )}
      <Evidence line={line} evidenceRun={evidenceRun} currency={currency} />
      <Link to="/items/$item" params={{ item }} search={{ site, run: evidenceRun }} className={styles.full}>
        {words.full}
      </Link>
    </>
  );
}

/** "ERP 9 EA too high". */
function standing({ net_variance_quantity: net, uom }: Line): string {
  const size = [formatQuantity(sizeOf(net)), uom].filter((part) => part !== '').join(' ');
  return signOf(net) < 0 ? texts.direction.tooHigh(size) : texts.direction.tooLow(size);
}

function Evidence({ line, evidenceRun, currency }: { line: Line; evidenceRun: string; currency: string }): ReactNode {
  const { item, site, lot } = line;
  const query = { site, run: evidenceRun, ...(lot !== '' && { lot }) };
  const view = useQuery(kept(ask('GET /items/{item}', { path: { item }, query })));
  return (
    <Loaded query={view} skeleton={<Skeleton lines={8} />}>
      {(answer) => {
        const places = answer.places as unknown as ItemView['places'];
        const place = places.find((each) => each.site === site && each.lot === lot && each.owner === line.owner);
        const key = place?.keys.find(({ category }) => category === line.category);
        return (
          <>
            {key === undefined ? <Bare line={line} /> : <Sides line={line} key_={key} />}
            <Why line={line} key_={key} currency={currency} />
            {place !== undefined && <Elsewhere place={place} category={line.category} />}
          </>
        );
      }}
    </Loaded>
  );
}

/** Both systems by stock status, one under the other. */
function Sides({ line, key_: key }: { line: Line; key_: ItemKey }): ReactNode {
  const rows = [
    ...key.erp_statuses.map((each) => ({ ...each, side: 'erp' })),
    ...key.wms_statuses.map((each) => ({ ...each, side: 'wms' })),
  ];
  return (
    <table className={styles.sides}>
      <caption className="unseen">{words.statuses}</caption>
      <tbody>
        {(['erp', 'wms'] as const).map((side) => (
          <SideRows
            key={side}
            name={side === 'erp' ? texts.run.columns.erp : texts.run.columns.wms}
            sum={side === 'erp' ? key.erp_quantity : key.wms_quantity}
            rows={rows.filter((row) => row.side === side)}
            absent={line.absent_from === side ? words.absent[side] : undefined}
          />
        ))}
        {signOf(key.in_flight_quantity) !== 0 && (
          <tr>
            <th scope="row">{texts.run.columns.inFlight}</th>
            <td className="number">{formatQuantity(key.in_flight_quantity)}</td>
          </tr>
        )}
        <tr className={styles.sum}>
          <th scope="row">{words.net}</th>
          <td className="number">
            <Variance quantity={key.net_variance_quantity} uom={line.uom} />
          </td>
        </tr>
      </tbody>
    </table>
  );
}

function SideRows({
  name,
  sum,
  rows,
  absent,
}: {
  name: string;
  sum: string;
  rows: readonly { readonly system: string; readonly status: string; readonly quantity: string }[];
  absent: string | undefined;
}): ReactNode {
  return (
    <>
      <tr className={styles.sum}>
        <th scope="row">{name}</th>
        <td className="number">{absent === undefined ? formatQuantity(sum) : '—'}</td>
      </tr>
      {absent !== undefined && (
        <tr>
          <td colSpan={2} className="muted small">
            {absent}
          </td>
        </tr>
      )}
      {rows.map(({ system, status, quantity }) => (
        <tr key={`${system} ${status}`} className={styles.status}>
          <th scope="row">
            {status} <span className="muted small">{system}</span>
          </th>
          <td className="number">{formatQuantity(quantity)}</td>
        </tr>
      ))}
    </>
  );
}

/** What the line says where the item's evidence does not have its key. */
function Bare({ line }: { line: Line }): ReactNode {
  return (
    <table className={styles.sides}>
      <tbody>
        <SideRows name={texts.run.columns.erp} sum={line.erp_quantity} rows={[]} absent={undefined} />
        <SideRows name={texts.run.columns.wms} sum={line.wms_quantity} rows={[]} absent={undefined} />
      </tbody>
    </table>
  );
}

function Why({ line, key_: key, currency }: { line: Line; key_: ItemKey | undefined; currency: string }): ReactNode {
  const parts = key?.contributions ?? [];
  if (parts.length === 0)
    return (
      <>
        <h3>{words.why}</h3>
        <p>
          <Cause code={line.cause} confidence={line.cause_confidence} />
        </p>
        {line.action !== '' && <p className={styles.action}>{line.action}</p>}
      </>
    );
  const actions = [...new Set(parts.map(({ action }) => action).filter((action) => action !== ''))];
  return (
    <>
      <h3>{words.why}</h3>
      <table className={styles.sides}>
        <caption className="unseen">{words.why}</caption>
        <tbody>
          {parts.map(({ number, cause, confidence, quantity, value, document }) => (
            <tr key={number} className={styles.part}>
              <th scope="row">
                <Cause code={cause} confidence={confidence} />
                {document !== '' && <span className={`${styles.document} muted small`}>{document}</span>}
              </th>
              <td className="number">
                <Variance quantity={quantity} />
              </td>
              <td className="number muted">{formatMoney(value, currency)}</td>
            </tr>
          ))}
          <tr className={styles.sum}>
            <th scope="row">{words.adds}</th>
            <td className="number">
              <Variance quantity={line.net_variance_quantity} />
            </td>
            <td className="number">{formatMoney(line.variance_value, currency)}</td>
          </tr>
        </tbody>
      </table>
      <h3>{words.action}</h3>
      <ul className={styles.actions}>
        {actions.map((action) => (
          <li key={action}>{action}</li>
        ))}
      </ul>
    </>
  );
}

function Elsewhere({ place, category }: { place: ItemPlace; category: string }): ReactNode {
  const others = place.keys.filter((key) => key.category !== category && key.state === 'discrepancy');
  if (others.length === 0) return null;
  return (
    <p className="muted small">
      {words.elsewhere}:{' '}
      {others.map((key) => (
        <span key={key.category}>
          {key.category} <Variance quantity={key.net_variance_quantity} />{' '}
        </span>
      ))}
    </p>
  );
}
