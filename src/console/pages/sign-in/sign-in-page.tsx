/** The door: a login and a password, or a link that lets its holder in. Never says which of them was wrong. */
import { Button, PasswordInput, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { type FormEvent, type ReactNode, useEffect, useState } from 'react';
import { ApiError, ask, call } from '../../api/ask.ts';
import { sessionQuery } from '../../api/session.ts';
import { failureWords, Skeleton } from '../../parts/loaded.tsx';
import { texts } from '../../texts/texts.ts';
import { Door } from './door.tsx';

export function SignInPage(): ReactNode {
  // Behind the #: it is never sent with a request for a page, so no proxy writes it down.
  const [token] = useState(() => location.hash.slice(1));
  return token === '' ? <PasswordDoor /> : <LinkDoor token={token} />;
}

/** The link of a demo signs its holder in. */
function LinkDoor({ token }: { token: string }): ReactNode {
  const enter = useEnter();
  const { mutate, error } = useMutation({
    mutationFn: () => call('POST /session/link', { body: { token } }),
    onSuccess: enter,
  });
  useEffect(() => mutate(), [mutate]);
  if (error !== null) return <PasswordDoor failure={`${texts.signIn.linkGone} ${failureWords(error).action ?? ''}`} />;
  return (
    <Door title={texts.signIn.opening}>
      <Skeleton lines={2} />
    </Door>
  );
}

function PasswordDoor({ failure }: { failure?: string }): ReactNode {
  const [login, setLogin] = useState('');
  const [password, setPassword] = useState('');
  const enter = useEnter();
  const { mutate, isPending, error } = useMutation({
    mutationFn: () => call('POST /session', { body: { login, password } }),
    onSuccess: enter,
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    mutate();
  };
  return (
    <Door title={texts.signIn.title} failure={error === null ? failure : wordsOf(error)} onSubmit={submit}>
      <TextInput
        size="sm"
        label={texts.signIn.login}
        autoComplete="username"
        required
        autoFocus
        value={login}
        onChange={({ target }) => setLogin(target.value)}
      />
      <PasswordInput
        label={texts.signIn.password}
        autoComplete="current-password"
        required
        value={password}
        onChange={({ target }) => setPassword(target.value)}
      />
      <Button type="submit" size="sm" loading={isPending}>
        {texts.signIn.submit}
      </Button>
      <OtherWays />
    </Door>
  );
}

/** The identity provider, where one is named; and what to do where nobody can sign in yet. */
function OtherWays(): ReactNode {
  const { data } = useQuery(ask('GET /session/ways'));
  const { to } = useSearch({ strict: false }) as { to?: string };
  if (data === undefined) return null;
  const back = isOurs(to) ? `?${new URLSearchParams({ return_to: to })}` : '';
  return (
    <>
      {data.oidc !== null && (
        <Button component="a" variant="default" size="sm" href={`${data.oidc.url}${back}`}>
          {data.oidc.label}
        </Button>
      )}
      {!data.is_set_up && <p className="muted small">{texts.signIn.notSetUp}</p>}
    </>
  );
}

/** Never another site. */
function isOurs(to: string | undefined): to is string {
  return to !== undefined && /^\/(?![/\\])/.test(to);
}

/** Where people wanted to go before they were asked who they are. */
export function useEnter(): () => Promise<void> {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const { to } = useSearch({ strict: false }) as { to?: string };
  return async () => {
    await queries.fetchQuery({ ...sessionQuery, staleTime: 0 });
    await navigate({ href: isOurs(to) ? to : '/' });
  };
}

function wordsOf(error: Error): string {
  if (error instanceof ApiError && error.code === 'SIGN_IN_FAILED') return texts.signIn.failed;
  if (error instanceof ApiError && error.status === 429) return texts.signIn.tooOften;
  const { title, detail } = failureWords(error);
  return `${title}. ${detail}`;
}
