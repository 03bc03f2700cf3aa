/** Makes a schedule or changes one, and shows the times that it comes to. Never overwrites what somebody else changed meanwhile. */
import { Button, Chip, Drawer, Select, Switch, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useState } from 'react';
import { ApiError, call } from '../../api/ask.ts';
import { FormFailure } from '../../parts/form-failure.tsx';
import { texts } from '../../texts/texts.ts';
import { NextTimes } from './next-times.tsx';
import { documentOf, draftOf, type Schedule, type ScheduleDraft } from './schedule-draft.ts';
import { TimeFields, WindowFields } from './schedule-lists.tsx';
import styles from './sources.module.css';
import { ZoneSelect } from './zone-select.tsx';

const TYPED_MS = 400;
const NEXT_SHOWN = 5;

export function ScheduleForm({
  schedule,
  onClose,
}: {
  schedule: Schedule | undefined;
  onClose: () => void;
}): ReactNode {
  const words = texts.sources.schedules;
  const queries = useQueryClient();
  const [draft, setDraft] = useState(() => draftOf(schedule, Intl.DateTimeFormat().resolvedOptions().timeZone));
  const set = (change: Partial<ScheduleDraft>): void => setDraft({ ...draft, ...change });
  const { mutate, isPending, error } = useMutation({
    mutationFn: () => save(schedule, draft),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['GET /schedules'] });
      onClose();
    },
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    mutate();
  };
  return (
    <Drawer
      opened
      onClose={onClose}
      size="min(640px, 100%)"
      title={schedule === undefined ? words.form.add : words.form.edit(schedule.name)}
    >
      <form className={styles.form} onSubmit={submit}>
        <FormFailure error={error instanceof ApiError && error.status === 412 ? new Error(words.stale) : error} />
        <Fields draft={draft} set={set} />
        <Preview draft={draft} />
        <footer>
          <Button variant="default" onClick={onClose}>
            {texts.actions.cancel}
          </Button>
          <Button type="submit" loading={isPending}>
            {words.form.save}
          </Button>
        </footer>
      </form>
    </Drawer>
  );
}

interface FieldsProps {
  readonly draft: ScheduleDraft;
  readonly set: (change: Partial<ScheduleDraft>) => void;
}

function Fields({ draft, set }: FieldsProps): ReactNode {
  const { form: words } = texts.sources.schedules;
  return (
    <>
      <TextInput
        label={words.name}
        required
        data-autofocus
        value={draft.name}
        onChange={({ target }) => set({ name: target.value })}
      />
      <ZoneSelect
        label={words.zone}
        description={words.zoneHint}
        value={draft.zone}
        onChange={(zone) => set({ zone })}
      />
      <TimeFields times={draft.times} onChange={(times) => set({ times })} />
      <Switch
        label={words.arrival}
        checked={draft.isOnArrival}
        onChange={({ target }) => set({ isOnArrival: target.checked })}
      />
      {draft.isOnArrival && (
        <TextInput
          label={words.wait}
          description={words.waitHint}
          value={draft.wait}
          onChange={({ target }) => set({ wait: target.value })}
        />
      )}
      <CalendarFields draft={draft} set={set} />
      <WindowFields windows={draft.windows} onChange={(windows) => set({ windows })} />
      <TextInput
        label={words.sites}
        description={words.sitesHint}
        value={draft.sites}
        onChange={({ target }) => set({ sites: target.value })}
      />
      <Select
        label={words.catchUp}
        allowDeselect={false}
        data={Object.entries(words.catchUps).map(([value, label]) => ({ value, label }))}
        value={draft.catchUp}
        onChange={(catchUp) => set({ catchUp: catchUp ?? 'once' })}
      />
    </>
  );
}

function CalendarFields({ draft, set }: FieldsProps): ReactNode {
  const { form: words, days } = texts.sources.schedules;
  return (
    <>
      <fieldset className={styles.group}>
        <legend>{words.days}</legend>
        <Chip.Group multiple value={[...draft.days]} onChange={(chosen) => set({ days: chosen })}>
          <div className={styles.days}>
            {Object.entries(days).map(([day, label]) => (
              <Chip key={day} value={day} size="xs" variant="outline">
                {label}
              </Chip>
            ))}
          </div>
        </Chip.Group>
      </fieldset>
      <TextInput
        label={words.holidays}
        description={words.datesHint}
        value={draft.holidays}
        onChange={({ target }) => set({ holidays: target.value })}
      />
      <TextInput
        label={words.extra}
        value={draft.extraDays}
        onChange={({ target }) => set({ extraDays: target.value })}
      />
    </>
  );
}

function Preview({ draft }: { draft: ScheduleDraft }): ReactNode {
  const { form: words } = texts.sources.schedules;
  const [document] = useDebouncedValue(documentOf(draft), TYPED_MS);
  const isEmpty = draft.times.length === 0 && !draft.isOnArrival;
  return (
    <section className={styles.preview} aria-live="polite">
      <h3>{words.preview}</h3>
      {isEmpty ? <p className="muted">{words.nothing}</p> : <NextTimes document={document} count={NEXT_SHOWN} />}
    </section>
  );
}

function save(schedule: Schedule | undefined, draft: ScheduleDraft): Promise<unknown> {
  const body = { name: draft.name, document: documentOf(draft), is_enabled: draft.isEnabled };
  if (schedule === undefined) return call('POST /schedules', { body } as never);
  const { id, version } = schedule;
  return call('PUT /schedules/{id}', { path: { id }, version, body } as never);
}
