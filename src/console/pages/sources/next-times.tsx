/** Times that a schedule comes to, on its own clock and on the reader's. Never counts them: the server does. */
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { call } from '../../api/ask.ts';
import { formatMoment } from '../../format/moments.ts';
import { FormFailure } from '../../parts/form-failure.tsx';
import { Skeleton } from '../../parts/loaded.tsx';
import { texts } from '../../texts/texts.ts';
import styles from './sources.module.css';

/** Times pass: what is next is asked for again. */
const REFRESH_MS = 60_000;

export function NextTimes({
  document,
  count,
}: {
  document: Readonly<Record<string, unknown>>;
  count: number;
}): ReactNode {
  const words = texts.sources.schedules;
  const { data, error } = useQuery({
    queryKey: ['POST /schedules/preview', document, count],
    refetchInterval: REFRESH_MS,
    queryFn: async ({ signal }) =>
      (await call('POST /schedules/preview', { body: { document, count } } as never, { signal })).body as {
        time_zone: string;
        items: string[];
      },
  });
  if (error !== null) return <FormFailure error={error} />;
  if (data === undefined) return <Skeleton lines={1} />;
  if (data.items.length === 0)
    return <span className="muted">{document['arrival'] === undefined ? words.noNext : words.onlyArrival}</span>;
  return (
    <ul className={styles.list}>
      {data.items.map((at) => (
        <li key={at}>
          <NextTime at={at} />
        </li>
      ))}
    </ul>
  );
}

function NextTime({ at }: { at: string }): ReactNode {
  const now = Date.now();
  const there = formatMoment(at, now);
  const here = formatMoment(new Date(at).toISOString(), now);
  return (
    <>
      <time dateTime={at}>{there}</time>
      {here !== there && <span className="muted small"> ({texts.sources.schedules.yours(here)})</span>}
    </>
  );
}
