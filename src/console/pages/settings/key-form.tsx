/** Makes a key and shows its secret, this once. Never puts it anywhere else. */
import { Button, CopyButton, Modal, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useState } from 'react';
import { call } from '../../api/ask.ts';
import { FormFailure } from '../../parts/form-failure.tsx';
import { texts } from '../../texts/texts.ts';
import { type Rights, RightsFields } from './rights-fields.tsx';
import styles from './settings.module.css';

export function KeyForm({ onClose }: { onClose: () => void }): ReactNode {
  const words = texts.settings.keys;
  const queries = useQueryClient();
  const [name, setName] = useState('');
  const [day, setDay] = useState('');
  const [rights, setRights] = useState<Rights>({ role: 'analyst', sites: null });
  const { mutate, isPending, error, data } = useMutation({
    mutationFn: () =>
      call('POST /api-keys', {
        body: { name, ...rights, expires_at: day === '' ? null : new Date(`${day}T00:00:00`).toISOString() },
      }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['GET /api-keys'] }),
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    mutate();
  };
  if (data !== undefined) return <SecretDialog secret={data.body.secret} onClose={onClose} />;
  return (
    <Modal opened onClose={onClose} title={words.add}>
      <form className={styles.form} onSubmit={submit}>
        <FormFailure error={error} />
        <TextInput
          label={texts.settings.nameLabel}
          required
          data-autofocus
          value={name}
          onChange={({ target }) => setName(target.value)}
        />
        <RightsFields rights={rights} onChange={setRights} />
        <TextInput
          label={words.ends}
          description={words.endsHint}
          type="date"
          value={day}
          onChange={({ target }) => setDay(target.value)}
        />
        <footer>
          <Button variant="default" onClick={onClose}>
            {texts.actions.cancel}
          </Button>
          <Button type="submit" loading={isPending}>
            {words.add}
          </Button>
        </footer>
      </form>
    </Modal>
  );
}

/** Closes by its button only: what is lost by a click beside it cannot be had again. */
function SecretDialog({ secret, onClose }: { secret: string; onClose: () => void }): ReactNode {
  const words = texts.settings.keys;
  return (
    <Modal
      opened
      onClose={onClose}
      title={words.secretTitle}
      withCloseButton={false}
      closeOnClickOutside={false}
      closeOnEscape={false}
    >
      <div className={styles.form}>
        <p>{words.secretHint}</p>
        <code className={styles.secret}>{secret}</code>
        <footer>
          <CopyButton value={secret}>
            {({ copied, copy }) => (
              <Button variant="default" onClick={copy}>
                {copied ? words.copied : words.copy}
              </Button>
            )}
          </CopyButton>
          <Button onClick={onClose}>{words.done}</Button>
        </footer>
      </div>
    </Modal>
  );
}
