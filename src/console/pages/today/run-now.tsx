/** Asks for a run of the files as they are, for who may. Never forces one. */
import { Button } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useRef } from 'react';
import { call } from '../../api/ask.ts';
import { useMay } from '../../api/session.ts';
import { failureWords } from '../../parts/loaded.tsx';
import { texts } from '../../texts/texts.ts';

export function RunNow({ isMain = false }: { isMain?: boolean }): ReactNode {
  const queries = useQueryClient();
  const { ask, isPending, error } = useRequest(() => queries.invalidateQueries({ queryKey: ['GET /runs'] }));
  if (!useMay('analyst')) return null;
  return (
    <>
      {error !== null && (
        <span role="alert" className="over small">
          {failureWords(error).detail}
        </span>
      )}
      <Button variant={isMain ? 'filled' : 'default'} onClick={ask} loading={isPending}>
        {texts.today.runNow}
      </Button>
    </>
  );
}

/** Two clicks, or one that was sent twice, are one run. */
function useRequest(onDone: () => Promise<void>) {
  const key = useRef<string>(crypto.randomUUID());
  const { mutate, isPending, error } = useMutation({
    mutationFn: () => call('POST /runs', { body: {} }, { idempotencyKey: key.current }),
    onSuccess: () => {
      key.current = crypto.randomUUID();
      return onDone();
    },
  });
  return { ask: () => mutate(), isPending, error };
}
