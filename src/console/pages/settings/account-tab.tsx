/** Oneself: what one may, and one's password. Never somebody else's. */
import { Button, PasswordInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useState } from 'react';
import { ApiError, ask, call } from '../../api/ask.ts';
import { sessionQuery, useSession } from '../../api/session.ts';
import { FormFailure } from '../../parts/form-failure.tsx';
import { Panel } from '../../parts/page.tsx';
import { texts } from '../../texts/texts.ts';
import { sitesWords } from './rights-fields.tsx';
import styles from './settings.module.css';

export function AccountTab(): ReactNode {
  const words = texts.settings.account;
  const { person, role, sites } = useSession();
  return (
    <>
      {person !== null && <p>{words.signedInAs(person.name, person.login)}</p>}
      <p>{words.rights(texts.roles[role].toLowerCase(), sitesWords(sites).replace(/^All/, 'all'))}</p>
      <ProviderLink />
      {person?.has_password === true && (
        <Panel title={words.changeTitle}>
          <PasswordForm login={person.login} />
        </Panel>
      )}
    </>
  );
}

/** From then on one may come in either way. */
function ProviderLink(): ReactNode {
  const { data } = useQuery(ask('GET /session/ways'));
  const { mutate, isPending, error } = useMutation({
    mutationFn: () => call('POST /session/oidc', { body: { return_to: '/settings?tab=account' } }),
    onSuccess: ({ body }) => location.assign(body.url),
  });
  if (data === undefined || data.oidc === null) return null;
  return (
    <>
      <FormFailure error={error} />
      <p>
        <Button variant="default" loading={isPending} onClick={() => mutate()}>
          {texts.settings.account.link(data.oidc.label)}
        </Button>
      </p>
    </>
  );
}

function PasswordForm({ login }: { login: string }): ReactNode {
  const words = texts.settings.account;
  const queries = useQueryClient();
  const [current, setCurrent] = useState('');
  const [next, setNext] = useState('');
  const { mutate, isPending, isSuccess, error } = useMutation({
    mutationFn: () => call('PUT /session/password', { body: { current_password: current, new_password: next } }),
    onSuccess: async () => {
      setCurrent('');
      setNext('');
      await queries.fetchQuery({ ...sessionQuery, staleTime: 0 });
    },
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    mutate();
  };
  const isWrong = error instanceof ApiError && error.code === 'PASSWORD_WRONG';
  return (
    <form className={`${styles.form} ${styles.narrow}`} onSubmit={submit}>
      <FormFailure error={isWrong ? new Error(words.wrong) : error} />
      {isSuccess && (
        <p role="status" className={styles.done}>
          {words.changed}
        </p>
      )}
      {/* By it a password manager knows whose password this is. */}
      <input type="text" autoComplete="username" value={login} readOnly hidden />
      <PasswordInput
        label={words.current}
        size="xs"
        required
        autoComplete="current-password"
        value={current}
        onChange={({ target }) => setCurrent(target.value)}
      />
      <PasswordInput
        label={words.next}
        size="xs"
        required
        minLength={12}
        autoComplete="new-password"
        value={next}
        onChange={({ target }) => setNext(target.value)}
      />
      <footer>
        <Button type="submit" loading={isPending}>
          {words.change}
        </Button>
      </footer>
    </form>
  );
}
