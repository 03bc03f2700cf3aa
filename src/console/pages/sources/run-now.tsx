/** Asks for a run, of the chosen site where one is chosen. Never waits for it: its page says how far it is. */
import { Button, Modal } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link, useSearch } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { call } from '../../api/ask.ts';
import { FormFailure } from '../../parts/form-failure.tsx';
import { texts } from '../../texts/texts.ts';
import styles from './sources.module.css';

export function RunNow(): ReactNode {
  const words = texts.sources.schedules;
  const { site } = useSearch({ strict: false });
  const queries = useQueryClient();
  const { mutate, isPending, error, data, reset } = useMutation({
    mutationFn: () => call('POST /runs', { body: { site: site === undefined ? [] : [site] } }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['GET /runs'] }),
  });
  const run = data?.body.id;
  const title = site === undefined ? words.runNow : words.runNowSite(site);
  return (
    <>
      <Button variant="default" loading={isPending} onClick={() => mutate()}>
        {title}
      </Button>
      <Modal opened={run !== undefined || error !== null} onClose={reset} title={title}>
        <div className={styles.form}>
          <FormFailure error={error} />
          {run !== undefined && (
            <>
              <p role="status">{words.asked(run)}</p>
              <Link to="/runs/$runId" params={{ runId: run }}>
                {words.openRun}
              </Link>
            </>
          )}
        </div>
      </Modal>
    </>
  );
}
