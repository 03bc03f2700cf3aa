/** The first visit: whoever holds the one-use link becomes the administrator. Never shown again afterwards. */
import { Button, PasswordInput, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useState } from 'react';
import { ApiError, call } from '../../api/ask.ts';
import { failureWords } from '../../parts/loaded.tsx';
import { texts } from '../../texts/texts.ts';
import { Door } from './door.tsx';
import { useEnter } from './sign-in-page.tsx';

export function SetupPage(): ReactNode {
  const [form, setForm] = useState({ login: 'admin', name: '', password: '' });
  const enter = useEnter();
  // Behind the #: it is never sent with a request for a page, so no proxy writes it down.
  const token = location.hash.slice(1);
  const { mutate, isPending, error } = useMutation({
    mutationFn: () => call('POST /setup', { body: { token, ...form } }),
    onSuccess: enter,
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    mutate();
  };
  const set = (change: Partial<typeof form>): void => setForm({ ...form, ...change });
  return (
    <Door
      title={texts.signIn.setUpTitle}
      lead={texts.signIn.setUpLead}
      failure={error === null ? undefined : wordsOf(error)}
      onSubmit={submit}
    >
      <TextInput
        size="sm"
        label={texts.signIn.name}
        autoComplete="name"
        required
        autoFocus
        value={form.name}
        onChange={({ target }) => set({ name: target.value })}
      />
      <TextInput
        size="sm"
        label={texts.signIn.login}
        autoComplete="username"
        required
        value={form.login}
        onChange={({ target }) => set({ login: target.value })}
      />
      <PasswordInput
        label={texts.signIn.newPassword}
        autoComplete="new-password"
        required
        minLength={12}
        value={form.password}
        onChange={({ target }) => set({ password: target.value })}
      />
      <Button type="submit" size="sm" loading={isPending}>
        {texts.signIn.setUp}
      </Button>
    </Door>
  );
}

function wordsOf(error: Error): string {
  if (error instanceof ApiError && error.status === 404) return `${texts.signIn.linkGone} ${texts.signIn.linkGoneHint}`;
  const { detail } = failureWords(error);
  const places = error instanceof ApiError ? error.errors.map(({ message }) => message) : [];
  return [detail, ...places].join(' ');
}
