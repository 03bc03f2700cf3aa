/** Asks for a run: of everything, or of some sites and items. Decides what is offered to whom; the server decides what is done. */
import { Button, Checkbox, Modal, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { ask, call } from '../../api/ask.ts';
import { useMay, useSession } from '../../api/session.ts';
import { FailureNotice } from '../../parts/loaded.tsx';
import { texts } from '../../texts/texts.ts';
import styles from './runs.module.css';

const words = texts.runs;

/** Nothing for whom may not start one. */
export function StartRun(): ReactNode {
  const mayStart = useMay('analyst');
  const [isOpen, setOpen] = useState(false);
  if (!mayStart) return null;
  return (
    <>
      <Button onClick={() => setOpen(true)}>{words.start}</Button>
      <Modal opened={isOpen} onClose={() => setOpen(false)} title={words.startTitle}>
        {isOpen && <StartForm onDone={() => setOpen(false)} />}
      </Modal>
    </>
  );
}

function StartForm({ onDone }: { onDone: () => void }): ReactNode {
  const { sites: own } = useSession();
  const known = useKnownSites(own);
  const [sites, setSites] = useState<readonly string[]>(own ?? []);
  const [items, setItems] = useState('');
  const [isForced, setForced] = useState(false);
  const [reason, setReason] = useState('');
  const start = useStart(onDone);
  const item = items.split(/[,\n]/).flatMap((code) => (code.trim() === '' ? [] : [code.trim()]));
  const isReasonMissing = isForced && reason.trim() === '';
  const isSiteMissing = own !== null && sites.length === 0;
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        if (isReasonMissing || isSiteMissing) return;
        start.mutate({ site: [...sites], item, ...(isForced && { force: { reason: reason.trim() } }) });
      }}
    >
      <p>{words.startHint}</p>
      {known.length > 0 && (
        <Checkbox.Group
          label={words.startSites}
          description={own === null ? words.startSitesHint : words.startSitesOwn}
          value={[...sites]}
          onChange={setSites}
        >
          <div className={styles.sites}>
            {known.map((site) => (
              <Checkbox key={site} value={site} label={site} />
            ))}
          </div>
        </Checkbox.Group>
      )}
      <TextInput
        label={words.startItems}
        description={words.startItemsHint}
        value={items}
        onChange={({ target }) => setItems(target.value)}
      />
      <Force isForced={isForced} reason={reason} isMissing={isReasonMissing} onForce={setForced} onReason={setReason} />
      {start.error !== null && <FailureNotice error={start.error} />}
      <div className={styles.formActions}>
        <Button variant="default" onClick={onDone}>
          {texts.actions.cancel}
        </Button>
        <Button type="submit" loading={start.isPending} disabled={isReasonMissing || isSiteMissing}>
          {words.startNow}
        </Button>
      </div>
    </form>
  );
}

/** For approvers: a run in spite of the quality gate, with the reason. */
function Force({
  isForced,
  reason,
  isMissing,
  onForce,
  onReason,
}: {
  isForced: boolean;
  reason: string;
  isMissing: boolean;
  onForce: (isForced: boolean) => void;
  onReason: (reason: string) => void;
}): ReactNode {
  const mayForce = useMay('approver');
  if (!mayForce) return null;
  return (
    <>
      <Checkbox
        label={words.startForce}
        description={words.startForceHint}
        checked={isForced}
        onChange={({ target }) => onForce(target.checked)}
      />
      {isForced && (
        <TextInput
          label={words.startReason}
          description={isMissing ? words.startReasonMissing : undefined}
          maxLength={500}
          required
          value={reason}
          onChange={({ target }) => onReason(target.value)}
        />
      )}
    </>
  );
}

function useKnownSites(own: readonly string[] | null): readonly string[] {
  const { data } = useQuery(ask('GET /runs/{id}/result', { path: { id: 'latest' } }));
  return own ?? (data?.by_site ?? []).map((each) => String(each['site']));
}

function useStart(onDone: () => void) {
  const navigate = useNavigate();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: { site: string[]; item: string[]; force?: { reason: string } }) => call('POST /runs', { body }),
    onSuccess: ({ body }) => {
      void queries.invalidateQueries({ queryKey: ['GET /runs'] });
      onDone();
      void navigate({ to: '/runs/$runId', params: { runId: body.id } });
    },
  });
}
