/** One schedule: when, next, last, and what may be done with it. Never changes one that somebody else changed meanwhile. */
import { Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { ApiError, ask, call } from '../../api/ask.ts';
import { Moment } from '../../parts/figures.tsx';
import { FormFailure } from '../../parts/form-failure.tsx';
import { texts } from '../../texts/texts.ts';
import { NextTimes } from './next-times.tsx';
import type { Schedule, ScheduleParts } from './schedule-draft.ts';
import styles from './sources.module.css';

interface ScheduleRowProps {
  readonly schedule: Schedule;
  readonly mayChange: boolean;
  readonly onEdit: () => void;
  readonly onRemove: () => void;
}

const NEXT_SHOWN = 2;
const SLOTS_SHOWN = 3;

export function ScheduleRow({ schedule, mayChange, onEdit, onRemove }: ScheduleRowProps): ReactNode {
  const words = texts.sources.schedules;
  const { id, name, document, is_enabled: isEnabled } = schedule;
  return (
    <tr className={isEnabled ? undefined : styles.off}>
      <th scope="row">
        <span className={styles.name}>{name}</span>{' '}
        {!isEnabled && (
          <span className={styles.pill} data-tone="warn">
            {words.paused}
          </span>
        )}
        <span className={styles.sub}>{String(document['time_zone'])}</span>
      </th>
      <td>
        <When parts={document as unknown as ScheduleParts} />
      </td>
      <td>{isEnabled ? <NextTimes document={document} count={NEXT_SHOWN} /> : words.paused}</td>
      <td>
        <LastSlots id={id} />
      </td>
      {mayChange && (
        <td>
          <div className={styles.actions}>
            <PauseButton schedule={schedule} />
            <Button variant="default" aria-label={words.editLabel(name)} onClick={onEdit}>
              {words.edit}
            </Button>
            <Button variant="default" aria-label={words.removeLabel(name)} onClick={onRemove}>
              {words.remove}
            </Button>
          </div>
        </td>
      )}
    </tr>
  );
}

function When({ parts }: { parts: ScheduleParts }): ReactNode {
  const words = texts.sources.schedules;
  const { times = [], arrival, calendar, blackouts = [], filters } = parts;
  const rules = times.map(({ daily, hourly, cron, from, to }) => {
    if (daily !== undefined) return words.daily(daily.join(', '));
    if (cron !== undefined) return words.cron(cron);
    return words.hourly(String(hourly).padStart(2, '0'), from, to);
  });
  if (arrival !== undefined) rules.push(words.arrival(arrival.wait ?? '0m'));
  const days = (calendar?.weekdays ?? []).map((day) => words.days[day as keyof typeof words.days]).join(', ');
  const limits = [
    days !== '' && words.on(days),
    words.exceptions(calendar?.holidays?.length ?? 0, blackouts.length),
    filters?.site?.join(', '),
  ];
  return (
    <>
      {rules.join('; ')}
      <span className={styles.sub}>
        {limits.filter((each) => each !== false && each !== '' && each !== undefined).join('; ')}
      </span>
    </>
  );
}

function LastSlots({ id }: { id: string }): ReactNode {
  const words = texts.sources.schedules;
  const { data } = useQuery(ask('GET /schedules/{id}/slots', { path: { id }, query: { limit: SLOTS_SHOWN } }));
  if (data === undefined || data.items.length === 0) return <span className="muted">{words.noSlots}</span>;
  return (
    <ul className={styles.list}>
      {data.items.map(({ slot_at: at, decision, run_id: run }) => (
        <li key={at}>
          <Moment at={at} />{' '}
          {run === null ? (
            <span className="muted">{words.decisions[decision]}</span>
          ) : (
            <Link to="/runs/$runId" params={{ runId: run }}>
              {words.decisions[decision]}
            </Link>
          )}
        </li>
      ))}
    </ul>
  );
}

function PauseButton({ schedule }: { schedule: Schedule }): ReactNode {
  const words = texts.sources.schedules;
  const { id, name, document, version, is_enabled: isEnabled } = schedule;
  const queries = useQueryClient();
  const { mutate, isPending, error } = useMutation({
    mutationFn: () =>
      call('PUT /schedules/{id}', { path: { id }, version, body: { name, document, is_enabled: !isEnabled } } as never),
    onSettled: () => queries.invalidateQueries({ queryKey: ['GET /schedules'] }),
  });
  return (
    <>
      <FormFailure error={error instanceof ApiError && error.status === 412 ? new Error(words.stale) : error} />
      <Button
        variant="default"
        loading={isPending}
        aria-label={isEnabled ? words.pauseLabel(name) : words.resumeLabel(name)}
        onClick={() => mutate()}
      >
        {isEnabled ? words.pause : words.resume}
      </Button>
    </>
  );
}
