/** Adds a person or changes one. Never overwrites what somebody else changed meanwhile: the version goes back with the change. */
import { Button, Modal, PasswordInput, Switch, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useState } from 'react';
import { ApiError, call } from '../../api/ask.ts';
import { FormFailure } from '../../parts/form-failure.tsx';
import { texts } from '../../texts/texts.ts';
import { type Rights, RightsFields } from './rights-fields.tsx';
import styles from './settings.module.css';
import type { Person } from './settings-answers.ts';

interface Draft extends Rights {
  readonly login: string;
  readonly name: string;
  readonly email: string;
  readonly password: string;
  readonly isEnabled: boolean;
}

export function PersonForm({ person, onClose }: { person: Person | undefined; onClose: () => void }): ReactNode {
  const words = texts.settings.people;
  const queries = useQueryClient();
  const [draft, setDraft] = useState<Draft>(draftOf(person));
  const set = (change: Partial<Draft>): void => setDraft({ ...draft, ...change });
  const { mutate, isPending, error } = useMutation({
    mutationFn: () => save(person, draft),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['GET /users'] });
      onClose();
    },
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    mutate();
  };
  return (
    <Modal opened onClose={onClose} title={person === undefined ? words.add : words.edit(person.name)}>
      <form className={styles.form} onSubmit={submit}>
        <FormFailure error={error instanceof ApiError && error.status === 412 ? new Error(words.stale) : error} />
        <TextInput
          label={texts.settings.nameLabel}
          required
          data-autofocus
          value={draft.name}
          onChange={({ target }) => set({ name: target.value })}
        />
        <TextInput
          label={words.login}
          required
          disabled={person !== undefined}
          autoComplete="off"
          value={draft.login}
          onChange={({ target }) => set({ login: target.value })}
        />
        <TextInput
          label={words.email}
          type="email"
          value={draft.email}
          onChange={({ target }) => set({ email: target.value })}
        />
        <RightsFields rights={draft} onChange={set} />
        <PasswordInput
          label={person === undefined ? words.password : words.newPassword}
          description={person === undefined ? undefined : words.passwordEnds}
          size="xs"
          required={person === undefined}
          minLength={12}
          autoComplete="new-password"
          value={draft.password}
          onChange={({ target }) => set({ password: target.value })}
        />
        {person !== undefined && (
          <Switch
            label={words.enabled}
            checked={draft.isEnabled}
            onChange={({ target }) => set({ isEnabled: target.checked })}
          />
        )}
        <footer>
          <Button variant="default" onClick={onClose}>
            {texts.actions.cancel}
          </Button>
          <Button type="submit" loading={isPending}>
            {texts.actions.save}
          </Button>
        </footer>
      </form>
    </Modal>
  );
}

function draftOf(person: Person | undefined): Draft {
  return {
    login: person?.login ?? '',
    name: person?.name ?? '',
    email: person?.email ?? '',
    role: person?.role ?? 'analyst',
    sites: person?.sites ?? null,
    password: '',
    isEnabled: person?.is_enabled ?? true,
  };
}

function save(person: Person | undefined, { login, name, email, role, sites, password, isEnabled }: Draft) {
  const common = { name, email: email === '' ? null : email, role, sites };
  if (person === undefined) return call('POST /users', { body: { ...common, login, password } });
  return call('PATCH /users/{id}', {
    path: { id: person.id },
    version: person.version,
    body: { ...common, is_enabled: isEnabled, ...(password !== '' && { password }) },
  });
}
