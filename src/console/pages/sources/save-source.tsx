/**
 * Puts a source into the configuration, after its change was shown. Never saves over a configuration that somebody else
 * changed, nor what the server would refuse.
 */
import { Button, Select, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { ApiError, call } from '../../api/ask.ts';
import { useMay } from '../../api/session.ts';
import { FormFailure } from '../../parts/form-failure.tsx';
import { Panel } from '../../parts/page.tsx';
import { texts } from '../../texts/texts.ts';
import type { Kind, Preview } from './source.ts';
import { isSnapshot, type Placing, settingsToSave } from './source-draft.ts';
import styles from './sources.module.css';
import { UploadDialog } from './upload-dialog.tsx';

interface SaveSourceProps {
  readonly kind: Kind;
  readonly system: string;
  readonly file: File;
  readonly preview: Preview;
  readonly version: number;
  readonly onDone: () => void;
}

const TYPED_MS = 400;

export function SaveSource(props: SaveSourceProps): ReactNode {
  const words = texts.sources.wizard;
  const maySave = useMay('administrator');
  return (
    <Panel title={words.save}>
      {maySave ? <SaveForm {...props} /> : <p className="muted">{words.needsAdministrator}</p>}
    </Panel>
  );
}

function SaveForm({ kind, system, file, preview, version, onDone }: SaveSourceProps): ReactNode {
  const words = texts.sources.wizard;
  const hasColumn = preview.columns.some(({ canonical }) => canonical === 'as_of');
  const [placing, setPlacing] = useState({ name: '', path: '', asOf: 'file_time', completeness: 'full' });
  const settings = settingsToSave(kind, { ...placing, system, ...(hasColumn && { asOf: '' }) }, preview.settings);
  const [tried] = useDebouncedValue(JSON.stringify(settings), TYPED_MS);
  const isCurrent = tried === JSON.stringify(settings);
  const queries = useQueryClient();
  const body = { part: kind, settings };
  const trial = useQuery({
    queryKey: ['POST /sources', 'trial', kind, tried, version],
    gcTime: 0,
    refetchOnWindowFocus: false,
    queryFn: async ({ signal }) => {
      const asked = { version, body: { part: kind, settings: JSON.parse(tried) as typeof settings, is_trial: true } };
      return (await call('POST /sources', asked, { signal })).body;
    },
  });
  const { mutate, isPending, error, data } = useMutation({
    mutationFn: () => call('POST /sources', { version, body }),
    onError: (failure) => {
      // The one that is in force now: the trial is made against it, and shown.
      if (isStale(failure)) void queries.invalidateQueries({ queryKey: ['GET /sources'] });
    },
  });
  if (data !== undefined) {
    const leave = (): void => {
      void queries.invalidateQueries({ queryKey: ['GET /sources'] });
      onDone();
    };
    return <Saved {...{ kind, system, file }} name={data.body.name} onDone={leave} />;
  }
  const wrong = error ?? trial.error;
  return (
    <div className={styles.form}>
      <PlacingFields {...{ kind, hasColumn, placing }} onChange={(change) => setPlacing({ ...placing, ...change })} />
      <FormFailure error={isStale(wrong) ? new Error(words.stale) : wrong} />
      {trial.data !== undefined && trial.error === null && <Diff text={trial.data.diff} />}
      <footer>
        <Button
          loading={isPending}
          disabled={!isCurrent || trial.data === undefined || trial.error !== null || preview.problem !== null}
          onClick={() => mutate()}
        >
          {words.saveButton}
        </Button>
      </footer>
    </div>
  );
}

function isStale(error: Error | null): boolean {
  return error instanceof ApiError && error.status === 412;
}

interface PlacingFieldsProps extends Pick<SaveSourceProps, 'kind'> {
  readonly hasColumn: boolean;
  readonly placing: Omit<Placing, 'system'>;
  readonly onChange: (change: Partial<Placing>) => void;
}

function PlacingFields({ kind, hasColumn, placing, onChange }: PlacingFieldsProps): ReactNode {
  const words = texts.sources.wizard;
  const options = (labels: Readonly<Record<string, string>>) =>
    Object.entries(labels).map(([value, label]) => ({ value, label }));
  return (
    <div className={styles.fields}>
      <TextInput
        label={words.name}
        description={words.nameHint}
        value={placing.name}
        onChange={({ target }) => onChange({ name: target.value })}
      />
      <TextInput
        className={styles.wide ?? ''}
        label={words.path}
        description={words.pathHint}
        value={placing.path}
        onChange={({ target }) => onChange({ path: target.value })}
      />
      {isSnapshot(kind) && (
        <Select
          label={words.asOf}
          allowDeselect={false}
          disabled={hasColumn}
          data={options(words.asOfs)}
          value={hasColumn ? 'column' : placing.asOf}
          onChange={(asOf) => onChange({ asOf: asOf === 'column' ? '' : (asOf ?? '') })}
        />
      )}
      {kind === 'balances' && (
        <Select
          className={styles.wide ?? ''}
          label={words.completeness}
          allowDeselect={false}
          data={options(words.completenesses)}
          value={placing.completeness}
          onChange={(completeness) => onChange({ completeness: completeness ?? 'full' })}
        />
      )}
    </div>
  );
}

function Diff({ text }: { text: string }): ReactNode {
  const words = texts.sources.wizard;
  return (
    <section>
      <h3>{words.diff}</h3>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what can be scrolled sideways can be reached by keys */}
      <pre className={styles.diff} tabIndex={0}>
        {text.split('\n').map((line, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: lines have no other name
          <span key={index} data-sign={line[0]}>
            {line}
          </span>
        ))}
      </pre>
    </section>
  );
}

interface SavedProps extends Pick<SaveSourceProps, 'kind' | 'system' | 'file' | 'onDone'> {
  readonly name: string;
}

function Saved({ kind, system, file, name, onDone }: SavedProps): ReactNode {
  const words = texts.sources.wizard;
  const [isBringing, setBringing] = useState(false);
  return (
    <div className={styles.form}>
      <p role="status" className={styles.done}>
        {words.saved(name)}
      </p>
      <p>{words.savedHint}</p>
      <footer>
        <Button variant="default" onClick={onDone}>
          {words.done}
        </Button>
        <Button onClick={() => setBringing(true)}>{words.bringIn(file.name)}</Button>
      </footer>
      {isBringing && (
        <UploadDialog address={{ kind, system, source: name }} file={file} onClose={() => setBringing(false)} />
      )}
    </div>
  );
}
