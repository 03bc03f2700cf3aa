/** When runs are made: each schedule with its next and its last times. Never decides a time: the server does. */
import { Button, Modal } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { ApiError, ask, call } from '../../api/ask.ts';
import { useMay } from '../../api/session.ts';
import { FormFailure } from '../../parts/form-failure.tsx';
import { Icon } from '../../parts/icon.tsx';
import { Loaded, Notice } from '../../parts/loaded.tsx';
import { Panel } from '../../parts/page.tsx';
import table from '../../parts/table.module.css';
import { texts } from '../../texts/texts.ts';
import type { Schedule } from './schedule-draft.ts';
import { ScheduleForm } from './schedule-form.tsx';
import { ScheduleRow } from './schedule-row.tsx';
import styles from './sources.module.css';

export function SchedulesTab(): ReactNode {
  const words = texts.sources.schedules;
  const query = useQuery(ask('GET /schedules'));
  const mayChange = useMay('administrator');
  // null: a new one.
  const [edited, setEdited] = useState<Schedule | null>();
  const [removed, setRemoved] = useState<Schedule>();
  return (
    <Loaded query={query}>
      {({ items }) => (
        <>
          <div className={styles.head}>
            <p>{!mayChange && words.onlyAdministrators}</p>
            {mayChange && (
              <Button leftSection={<Icon name="add" />} onClick={() => setEdited(null)}>
                {words.add}
              </Button>
            )}
          </div>
          {items.length === 0 ? (
            <Notice title={words.none}>
              <p>{words.noneHint}</p>
            </Notice>
          ) : (
            <Panel isFlush>
              <table className={`${table.table} ${styles.table}`}>
                <thead>
                  <tr>
                    {[words.columns.name, words.columns.when, words.columns.next, words.columns.last].map((column) => (
                      <th key={column} scope="col">
                        {column}
                      </th>
                    ))}
                    {mayChange && (
                      <th scope="col">
                        <span className="unseen">{words.columns.actions}</span>
                      </th>
                    )}
                  </tr>
                </thead>
                <tbody>
                  {items.map((schedule) => (
                    <ScheduleRow
                      key={schedule.id}
                      {...{ schedule, mayChange }}
                      onEdit={() => setEdited(schedule)}
                      onRemove={() => setRemoved(schedule)}
                    />
                  ))}
                </tbody>
              </table>
            </Panel>
          )}
          {edited !== undefined && <ScheduleForm schedule={edited ?? undefined} onClose={() => setEdited(undefined)} />}
          {removed !== undefined && <RemoveDialog schedule={removed} onClose={() => setRemoved(undefined)} />}
        </>
      )}
    </Loaded>
  );
}

function RemoveDialog({ schedule, onClose }: { schedule: Schedule; onClose: () => void }): ReactNode {
  const words = texts.sources.schedules;
  const queries = useQueryClient();
  const { mutate, isPending, error } = useMutation({
    mutationFn: () => call('DELETE /schedules/{id}', { path: { id: schedule.id }, version: schedule.version }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['GET /schedules'] });
      onClose();
    },
  });
  return (
    <Modal opened onClose={onClose} title={words.removeTitle(schedule.name)}>
      <div className={styles.form}>
        <FormFailure error={error instanceof ApiError && error.status === 412 ? new Error(words.stale) : error} />
        <p>{words.removeHint}</p>
        <footer>
          <Button variant="default" data-autofocus onClick={onClose}>
            {texts.actions.cancel}
          </Button>
          <Button color="red.9" loading={isPending} onClick={() => mutate()}>
            {words.remove}
          </Button>
        </footer>
      </div>
    </Modal>
  );
}
