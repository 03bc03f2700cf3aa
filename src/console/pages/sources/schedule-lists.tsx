/** The two lists of a schedule: its times, and its windows without runs. Never checks what is typed. */
import { Button, Select, TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import { Icon } from '../../parts/icon.tsx';
import { texts } from '../../texts/texts.ts';
import { EMPTY_TIME, type TimeDraft, type WindowDraft } from './schedule-draft.ts';
import styles from './sources.module.css';

interface ListProps<T> {
  readonly onChange: (list: readonly T[]) => void;
}

const nextId = (list: readonly { id: number }[]): number => Math.max(-1, ...list.map(({ id }) => id)) + 1;

export function TimeFields({
  times,
  onChange,
}: ListProps<TimeDraft> & { readonly times: readonly TimeDraft[] }): ReactNode {
  const { form: words } = texts.sources.schedules;
  return (
    <fieldset className={styles.group}>
      <legend>{words.times}</legend>
      {times.map((time) => (
        <TimeRow
          key={time.id}
          time={time}
          onChange={(changed) => onChange(times.map((each) => (each.id === time.id ? changed : each)))}
          onRemove={() => onChange(times.filter(({ id }) => id !== time.id))}
        />
      ))}
      <Button
        variant="default"
        leftSection={<Icon name="add" />}
        onClick={() => onChange([...times, { ...EMPTY_TIME, id: nextId(times) }])}
      >
        {words.addTime}
      </Button>
    </fieldset>
  );
}

const FIRST_TEXT: Readonly<Record<TimeDraft['kind'], string>> = {
  daily: '06:00',
  hourly: '0',
  cron: '0 6 * * MON-FRI',
};

interface TimeRowProps {
  readonly time: TimeDraft;
  readonly onChange: (time: TimeDraft) => void;
  readonly onRemove: () => void;
}

function TimeRow({ time, onChange, onRemove }: TimeRowProps): ReactNode {
  const { form: words } = texts.sources.schedules;
  const labels = { daily: words.dailyTimes, hourly: words.minute, cron: words.cron };
  const take = (kind: TimeDraft['kind']): void => onChange({ ...time, kind, text: FIRST_TEXT[kind] });
  return (
    <div className={styles.lines}>
      <Select
        label={words.kind}
        allowDeselect={false}
        data={Object.entries(words.kinds).map(([value, label]) => ({ value, label }))}
        value={time.kind}
        onChange={(kind) => take((kind ?? 'daily') as TimeDraft['kind'])}
      />
      <TextInput
        label={labels[time.kind]}
        placeholder={time.kind === 'daily' ? words.dailyHint : undefined}
        value={time.text}
        onChange={({ target }) => onChange({ ...time, text: target.value })}
      />
      {time.kind === 'hourly' && (
        <>
          <TextInput
            label={words.from}
            placeholder="00:00"
            value={time.from}
            onChange={({ target }) => onChange({ ...time, from: target.value })}
          />
          <TextInput
            label={words.to}
            placeholder="23:59"
            value={time.to}
            onChange={({ target }) => onChange({ ...time, to: target.value })}
          />
        </>
      )}
      <Button variant="default" aria-label={words.removeTime} onClick={onRemove}>
        <Icon name="close" />
      </Button>
    </div>
  );
}

export function WindowFields({
  windows,
  onChange,
}: ListProps<WindowDraft> & { readonly windows: readonly WindowDraft[] }): ReactNode {
  const { form: words } = texts.sources.schedules;
  const change = (id: number, changed: Partial<WindowDraft>): void =>
    onChange(windows.map((each) => (each.id === id ? { ...each, ...changed } : each)));
  return (
    <fieldset className={styles.group}>
      <legend>{words.blackouts}</legend>
      <p className="muted small">{words.blackoutHint}</p>
      {windows.map(({ id, from, to }) => (
        <div key={id} className={styles.window}>
          <TextInput label={words.from} value={from} onChange={({ target }) => change(id, { from: target.value })} />
          <TextInput label={words.to} value={to} onChange={({ target }) => change(id, { to: target.value })} />
          <Button
            variant="default"
            aria-label={words.removeBlackout}
            onClick={() => onChange(windows.filter((each) => each.id !== id))}
          >
            <Icon name="close" />
          </Button>
        </div>
      ))}
      <Button
        variant="default"
        leftSection={<Icon name="add" />}
        onClick={() => onChange([...windows, { id: nextId(windows), from: '01:00', to: '03:00', rest: {} }])}
      >
        {words.addBlackout}
      </Button>
    </fieldset>
  );
}
