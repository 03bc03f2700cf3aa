/** Adds a rule or changes one. Never drops what stands in it beside the fields that are shown. */
import { Button, Checkbox, Modal, MultiSelect, NumberInput, Switch, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useState } from 'react';
import { CAUSE_CODES } from '../../../core/explain/cause-code.ts';
import { ask, call } from '../../api/ask.ts';
import { causeWords } from '../../parts/cause.tsx';
import { FormFailure } from '../../parts/form-failure.tsx';
import { texts } from '../../texts/texts.ts';
import { documentOf, type RuleWords, ruleWordsOf } from './rule-words.ts';
import styles from './settings.module.css';
import type { Channel, Rule } from './settings-answers.ts';

interface RuleFormProps {
  readonly rule: Rule | undefined;
  readonly channels: readonly Channel[];
  readonly onClose: () => void;
}

export function RuleForm({ rule, channels, onClose }: RuleFormProps): ReactNode {
  const words = texts.settings.notifications;
  const queries = useQueryClient();
  const [name, setName] = useState(rule?.name ?? '');
  const [isEnabled, setEnabled] = useState(rule?.is_enabled ?? true);
  const [draft, setDraft] = useState(ruleWordsOf(rule?.document ?? {}));
  const set = (change: Partial<RuleWords>): void => setDraft({ ...draft, ...change });
  const done = async (): Promise<void> => {
    await queries.invalidateQueries({ queryKey: ['GET /notifications/rules'] });
    onClose();
  };
  const save = useMutation({
    mutationFn: () => {
      const body = { name, document: documentOf(draft, rule?.document ?? {}), is_enabled: isEnabled };
      if (rule === undefined) return call('POST /notifications/rules', { body } as never);
      const { id, version } = rule;
      return call('PUT /notifications/rules/{id}', { path: { id }, version, body } as never);
    },
    onSuccess: done,
  });
  const remove = useMutation({
    mutationFn: ({ id, version }: Rule) => call('DELETE /notifications/rules/{id}', { path: { id }, version }),
    onSuccess: done,
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    save.mutate();
  };
  return (
    <Modal opened onClose={onClose} title={rule === undefined ? words.addRule : words.edit(rule.name)}>
      <form className={styles.form} onSubmit={submit}>
        <FormFailure error={save.error ?? remove.error} />
        <TextInput
          label={texts.settings.nameLabel}
          required
          data-autofocus
          value={name}
          onChange={({ target }) => setName(target.value)}
        />
        <Checkbox.Group label={words.columns.topics} value={[...draft.topics]} onChange={(topics) => set({ topics })}>
          <div className={styles.checks}>
            {Object.entries(words.topics).map(([topic, label]) => (
              <Checkbox key={topic} value={topic} label={label} />
            ))}
          </div>
        </Checkbox.Group>
        <MultiSelect
          label={words.columns.channels}
          required
          data={channels.map(({ id, name: channel }) => ({ value: id, label: channel }))}
          value={[...draft.channels]}
          onChange={(chosen) => set({ channels: chosen })}
        />
        <Limits draft={draft} onChange={set} />
        <Times draft={draft} onChange={set} />
        <Switch label={words.enabled} checked={isEnabled} onChange={({ target }) => setEnabled(target.checked)} />
        <footer>
          {rule !== undefined && (
            <Button
              variant="default"
              className={styles.first}
              loading={remove.isPending}
              onClick={() => remove.mutate(rule)}
            >
              {texts.actions.remove}
            </Button>
          )}
          <Button variant="default" onClick={onClose}>
            {texts.actions.cancel}
          </Button>
          <Button type="submit" loading={save.isPending}>
            {texts.actions.save}
          </Button>
        </footer>
      </form>
    </Modal>
  );
}

interface FieldsProps {
  readonly draft: RuleWords;
  readonly onChange: (change: Partial<RuleWords>) => void;
}

function Limits({ draft, onChange }: FieldsProps): ReactNode {
  const words = texts.settings.notifications;
  const { data } = useQuery(ask('GET /runs/{id}/result', { path: { id: 'latest' } }));
  const known = (data?.by_site ?? []).map((each) => String(each['site']));
  return (
    <>
      <MultiSelect
        label={texts.settings.sites}
        description={texts.settings.sitesHint}
        data={[...new Set([...known, ...draft.sites])]}
        value={[...draft.sites]}
        onChange={(sites) => onChange({ sites })}
      />
      <MultiSelect
        label={words.causes}
        searchable
        data={CAUSE_CODES.map((code) => ({ value: code, label: causeWords(code) }))}
        value={[...draft.causes]}
        onChange={(causes) => onChange({ causes })}
      />
      <TextInput
        label={words.minValue}
        inputMode="decimal"
        value={draft.minValue}
        onChange={({ target }) => onChange({ minValue: target.value })}
      />
      <Checkbox
        label={words.onlyNew}
        checked={draft.isOnlyNew}
        onChange={({ target }) => onChange({ isOnlyNew: target.checked })}
      />
    </>
  );
}

function Times({ draft, onChange }: FieldsProps): ReactNode {
  const words = texts.settings.notifications;
  return (
    <>
      <TextInput
        label={words.gather}
        description={words.gatherHint}
        required
        value={draft.gather}
        onChange={({ target }) => onChange({ gather: target.value })}
      />
      <div className={styles.pair}>
        <TextInput
          type="time"
          label={words.quietFrom}
          value={draft.quietFrom}
          onChange={({ target }) => onChange({ quietFrom: target.value })}
        />
        <TextInput
          type="time"
          label={words.quietTo}
          value={draft.quietTo}
          onChange={({ target }) => onChange({ quietTo: target.value })}
        />
      </div>
      <TextInput
        label={words.zone}
        required
        value={draft.timeZone}
        onChange={({ target }) => onChange({ timeZone: target.value })}
      />
      <NumberInput
        label={words.linesMax}
        min={1}
        max={50}
        value={draft.linesMax}
        onChange={(linesMax) => onChange({ linesMax: Number(linesMax) })}
      />
    </>
  );
}
