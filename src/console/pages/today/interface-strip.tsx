/** Whether the interfaces live: their last two days hour by hour, silent ones first. Never searches messages: see the page interfaces. */
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { type Answer, ask } from '../../api/ask.ts';
import { formatDuration, formatMoment } from '../../format/moments.ts';
import { Loaded, Skeleton } from '../../parts/loaded.tsx';
import { Panel } from '../../parts/page.tsx';
import { texts } from '../../texts/texts.ts';
import styles from './interface-strip.module.css';
import type { RunResult } from './run-standing.ts';
import today from './today.module.css';

const words = texts.today.interfaces;
const HOUR_MS = 3_600_000;
const HEIGHT = 24;
/** An hour with anything in it is seen. */
const LEAST = 2;

type Interfaces = Answer<'GET /interfaces'>;
type Interface = Interfaces['items'][number];

export function InterfaceStrip({ result, site }: { result: RunResult; site: string }): ReactNode {
  const hasLog = result.inputs.some(({ kind }) => kind === 'messages');
  const query = useQuery({
    ...ask('GET /interfaces', site === '' ? {} : { query: { site } }),
    enabled: hasLog,
  });
  return (
    <Panel
      title={words.title}
      actions={
        <Link to="/interfaces" className="small">
          {words.more}
        </Link>
      }
    >
      {hasLog ? (
        <Loaded query={query} skeleton={<Skeleton lines={4} height={20} />}>
          {({ items, heartbeat_from: from }) =>
            items.length === 0 ? (
              <p className={today.said}>{words.none}</p>
            ) : (
              <ul className={styles.strip}>
                {items.map((each) => (
                  <Row key={each.interface} about={each} from={from ?? ''} />
                ))}
              </ul>
            )
          }
        </Loaded>
      ) : (
        <p className={today.said}>{words.none}</p>
      )}
    </Panel>
  );
}

function Row({ about, from }: { about: Interface; from: string }): ReactNode {
  const { interface: name, lines, rejected, late, silence } = about;
  const isBad = silence.is_silent || rejected > 0 || late > 0;
  const failed = words.failed(rejected, late);
  return (
    <li className={styles.row}>
      <Link to="/interfaces" search={{ interface: name }} className={styles.name}>
        {name === '' ? words.unnamed : name}
      </Link>
      <span className={isBad ? styles.bad : 'muted small'}>
        {silence.is_silent && `${words.silent(formatDuration(silence.seconds * 1_000))}${failed === '' ? '' : ', '}`}
        {failed}
        {!isBad && words.fine}
      </span>
      <Heartbeat about={about} from={from} said={words.heartbeat(name, words.messages(lines))} />
    </li>
  );
}

function Heartbeat({ about: { heartbeat }, from, said }: { about: Interface; from: string; said: string }): ReactNode {
  const { lines, rejected, late } = heartbeat;
  const most = Math.max(1, ...lines);
  const start = Date.parse(from);
  const heightOf = (count: number): number => (count === 0 ? 0 : Math.max(LEAST, (count / most) * HEIGHT));
  return (
    <svg
      role="img"
      aria-label={said}
      viewBox={`0 0 ${lines.length} ${HEIGHT}`}
      preserveAspectRatio="none"
      className={styles.beat}
    >
      {lines.map((count, hour) => {
        const failed = (rejected[hour] ?? 0) + (late[hour] ?? 0);
        const at = new Date(start + hour * HOUR_MS).toISOString();
        return (
          <g key={at}>
            <rect
              className={styles.sound}
              x={hour + 0.1}
              width={0.8}
              y={HEIGHT - heightOf(count)}
              height={heightOf(count)}
            />
            <rect
              className={styles.broken}
              x={hour + 0.1}
              width={0.8}
              y={HEIGHT - heightOf(failed)}
              height={heightOf(failed)}
            />
            <rect className={styles.touch} x={hour} width={1} y={0} height={HEIGHT}>
              <title>{`${formatMoment(at, Date.now())}: ${words.hour(count, failed)}`}</title>
            </rect>
          </g>
        );
      })}
    </svg>
  );
}
