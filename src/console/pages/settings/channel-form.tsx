/** Adds a channel or changes one. Never shows its secret: what is left empty stays as it was. */
import { Button, Modal, NumberInput, PasswordInput, Select, Switch, Textarea, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useState } from 'react';
import { call } from '../../api/ask.ts';
import { FormFailure } from '../../parts/form-failure.tsx';
import { texts } from '../../texts/texts.ts';
import styles from './settings.module.css';
import type { Channel } from './settings-answers.ts';

const KINDS = ['email', 'slack', 'teams', 'webhook'] as const;
type Kind = (typeof KINDS)[number];

interface Draft {
  readonly name: string;
  readonly kind: Kind;
  readonly secret: string;
  readonly isEnabled: boolean;
  readonly host: string;
  readonly port: number;
  readonly security: string;
  readonly user: string;
  readonly from: string;
  readonly to: string;
  readonly url: string;
  readonly keyId: string;
}

interface ChannelFormProps {
  readonly channel: Channel | undefined;
  readonly onClose: () => void;
}

export function ChannelForm({ channel, onClose }: ChannelFormProps): ReactNode {
  const words = texts.settings.notifications;
  const queries = useQueryClient();
  const [draft, setDraft] = useState(draftOf(channel));
  const set = (change: Partial<Draft>): void => setDraft({ ...draft, ...change });
  const done = async (): Promise<void> => {
    await queries.invalidateQueries({ predicate: ({ queryKey: [name] }) => String(name).includes('/notifications') });
    onClose();
  };
  const save = useMutation({ mutationFn: () => saveChannel(channel, draft), onSuccess: done });
  const remove = useMutation({
    mutationFn: (gone: Channel) =>
      call('DELETE /notifications/channels/{id}', { path: { id: gone.id }, version: gone.version }),
    onSuccess: done,
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    save.mutate();
  };
  return (
    <Modal opened onClose={onClose} title={channel === undefined ? words.addChannel : words.edit(channel.name)}>
      <form className={styles.form} onSubmit={submit}>
        <FormFailure error={save.error ?? remove.error} />
        <TextInput
          label={texts.settings.nameLabel}
          required
          data-autofocus
          autoComplete="off"
          value={draft.name}
          onChange={({ target }) => set({ name: target.value })}
        />
        <Select
          label={words.kind}
          allowDeselect={false}
          disabled={channel !== undefined}
          data={KINDS.map((kind) => ({ value: kind, label: words.kinds[kind] ?? kind }))}
          value={draft.kind}
          onChange={(kind) => set({ kind: kind as Kind })}
        />
        {draft.kind === 'email' && <EmailFields draft={draft} onChange={set} />}
        {draft.kind === 'webhook' && <WebhookFields draft={draft} onChange={set} />}
        <PasswordInput
          size="xs"
          label={words.secrets[draft.kind]}
          description={[channel !== undefined && words.secretKept, words.secretHint]
            .filter((part) => part !== false)
            .join(' ')}
          autoComplete="new-password"
          required={channel === undefined && draft.kind !== 'email'}
          value={draft.secret}
          onChange={({ target }) => set({ secret: target.value })}
        />
        <Switch
          label={words.enabled}
          checked={draft.isEnabled}
          onChange={({ target }) => set({ isEnabled: target.checked })}
        />
        <footer>
          {channel !== undefined && (
            <Button
              variant="default"
              className={styles.first}
              loading={remove.isPending}
              onClick={() => remove.mutate(channel)}
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
  readonly draft: Draft;
  readonly onChange: (change: Partial<Draft>) => void;
}

function EmailFields({ draft, onChange }: FieldsProps): ReactNode {
  const words = texts.settings.notifications;
  return (
    <>
      <TextInput
        label={words.host}
        required
        value={draft.host}
        onChange={({ target }) => onChange({ host: target.value })}
      />
      <NumberInput
        label={words.port}
        required
        min={1}
        max={65_535}
        value={draft.port}
        onChange={(port) => onChange({ port: Number(port) })}
      />
      <Select
        label={words.security}
        allowDeselect={false}
        data={Object.entries(words.securities).map(([value, label]) => ({ value, label }))}
        value={draft.security}
        onChange={(security) => onChange({ security: security ?? 'starttls' })}
      />
      <TextInput
        label={words.user}
        autoComplete="off"
        value={draft.user}
        onChange={({ target }) => onChange({ user: target.value })}
      />
      <TextInput
        label={words.from}
        type="email"
        required
        value={draft.from}
        onChange={({ target }) => onChange({ from: target.value })}
      />
      <Textarea
        label={words.to}
        required
        autosize
        minRows={2}
        value={draft.to}
        onChange={({ target }) => onChange({ to: target.value })}
      />
    </>
  );
}

function WebhookFields({ draft, onChange }: FieldsProps): ReactNode {
  const words = texts.settings.notifications;
  return (
    <>
      <TextInput
        label={words.url}
        type="url"
        required
        autoComplete="off"
        value={draft.url}
        onChange={({ target }) => onChange({ url: target.value })}
      />
      <TextInput
        label={words.keyId}
        required
        autoComplete="off"
        value={draft.keyId}
        onChange={({ target }) => onChange({ keyId: target.value })}
      />
    </>
  );
}

function draftOf(channel: Channel | undefined): Draft {
  const settings = (channel?.about.settings ?? {}) as Record<string, string | number | readonly string[] | null>;
  return {
    name: channel?.name ?? '',
    kind: channel?.about.kind ?? 'email',
    secret: '',
    isEnabled: channel?.is_enabled ?? true,
    host: String(settings['host'] ?? ''),
    port: Number(settings['port'] ?? 587),
    security: String(settings['security'] ?? 'starttls'),
    user: String(settings['user'] ?? ''),
    from: String(settings['from'] ?? ''),
    to: ((settings['to'] ?? []) as readonly string[]).join('\n'),
    url: String(settings['url'] ?? ''),
    keyId: String(settings['key_id'] ?? '1'),
  };
}

function saveChannel(channel: Channel | undefined, draft: Draft) {
  const body = {
    name: draft.name,
    about: aboutOf(draft),
    is_enabled: draft.isEnabled,
    ...(draft.secret !== '' && { secret: draft.secret }),
  };
  if (channel === undefined) return call('POST /notifications/channels', { body } as never);
  const { id, version } = channel;
  return call('PUT /notifications/channels/{id}', { path: { id }, version, body } as never);
}

function aboutOf({ kind, host, port, security, user, from, to, url, keyId }: Draft): object {
  if (kind === 'webhook') return { kind, settings: { url, key_id: keyId } };
  if (kind !== 'email') return { kind, settings: {} };
  const addresses = to
    .split(/[\n,;]/)
    .map((address) => address.trim())
    .filter((address) => address !== '');
  return { kind, settings: { host, port, security, user: user === '' ? null : user, from, to: addresses } };
}
