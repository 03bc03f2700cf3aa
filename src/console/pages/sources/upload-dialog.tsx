/** Brings a file in for one source, says how far it is, and what became of it. Never for another source than it was opened for. */
import { Button, Modal } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { type FileAddress, type SentFile, sendFile } from '../../api/send-file.ts';
import { FormFailure } from '../../parts/form-failure.tsx';
import { texts } from '../../texts/texts.ts';
import { FileDrop } from './file-drop.tsx';
import styles from './sources.module.css';

interface UploadDialogProps {
  readonly address: FileAddress;
  /** Given already: sent at once. */
  readonly file?: File | undefined;
  readonly onClose: () => void;
}

export function UploadDialog({ address, file, onClose }: UploadDialogProps): ReactNode {
  const words = texts.sources;
  const { send, sent, sending, share, error } = useSending(address, file);
  return (
    <Modal opened onClose={onClose} size="lg" title={words.sent.title(address.source)}>
      <div className={styles.form}>
        <FormFailure error={error} />
        {sent !== undefined && <Outcome sent={sent} />}
        {sending !== undefined && (
          <p role="status">
            {words.drop.sending(sending.name)}
            <progress className={styles.progress} value={share} aria-label={words.drop.sending(sending.name)} />
          </p>
        )}
        {sent === undefined && <FileDrop isBusy={sending !== undefined} onFile={send} />}
        <footer>
          {sent !== undefined && (
            <Link to="/sources" search={{ tab: 'imports', source: address.source }} onClick={onClose}>
              {words.sent.toImports}
            </Link>
          )}
          <Button variant="default" onClick={onClose}>
            {texts.actions.close}
          </Button>
        </footer>
      </div>
    </Modal>
  );
}

function useSending(address: FileAddress, given: File | undefined) {
  const [share, setShare] = useState(0);
  const queries = useQueryClient();
  const { mutate, isPending, variables, error, data } = useMutation({
    mutationFn: (file: File) => sendFile(file, address, setShare),
    onSuccess: () =>
      Promise.all(['GET /sources', 'GET /imports'].map((name) => queries.invalidateQueries({ queryKey: [name] }))),
  });
  const isSent = useRef(false);
  useEffect(() => {
    if (given === undefined || isSent.current) return;
    isSent.current = true;
    mutate(given);
  }, [given, mutate]);
  return { send: mutate, sent: data, sending: isPending ? variables : undefined, share, error };
}

function Outcome({ sent: { received, isNew } }: { sent: SentFile }): ReactNode {
  const words = texts.sources.sent;
  const { id, file_name: name, rows, state, failure, source } = received;
  const isHeld = state === 'held';
  const said = !isNew
    ? words.again(name)
    : isHeld
      ? words.held(name, failure ?? '')
      : words.accepted(name, words.rows(rows));
  return (
    <div role="status" className={isHeld || !isNew ? styles.warning : styles.done}>
      <p>{said}</p>
      <Link to="/sources" search={{ tab: 'imports', source, rejections: id }}>
        {words.toRejections}
      </Link>
    </div>
  );
}
