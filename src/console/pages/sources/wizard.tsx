/**
 * From a file that nobody prepared to a source: shown, read, mapped, saved. Never saves anything before the change was looked
 * at.
 */
import { Autocomplete, Button, Select } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useMutation, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { type Answer, askVersioned, call } from '../../api/ask.ts';
import { FormFailure } from '../../parts/form-failure.tsx';
import { Loaded, Skeleton } from '../../parts/loaded.tsx';
import { Page, Panel } from '../../parts/page.tsx';
import { texts } from '../../texts/texts.ts';
import { FileDrop } from './file-drop.tsx';
import { Reading } from './reading.tsx';
import { type Sample, sampleOf } from './sample-file.ts';
import { SaveSource } from './save-source.tsx';
import { KINDS, type Kind, type Preview } from './source.ts';
import { isOfSystem, mayHaveSeveral, type Settings } from './source-draft.ts';
import styles from './sources.module.css';

const TYPED_MS = 350;

export function Wizard(): ReactNode {
  const words = texts.sources.wizard;
  const navigate = useNavigate();
  const back = (): void => void navigate({ to: '/sources', search: { tab: 'sources' } });
  const sources = useQuery(askVersioned('GET /sources'));
  return (
    <Page
      title={words.title}
      actions={
        <Button variant="default" onClick={back}>
          {words.back}
        </Button>
      }
    >
      <Loaded query={sources}>
        {({ body, version }) => <Steps sources={body.items} version={version ?? 0} onDone={back} />}
      </Loaded>
    </Page>
  );
}

interface StepsProps {
  readonly sources: Answer<'GET /sources'>['items'];
  readonly version: number;
  readonly onDone: () => void;
}

function Steps({ sources, version, onDone }: StepsProps): ReactNode {
  const words = texts.sources.wizard;
  const [kind, setKind] = useState<Kind>('balances');
  const [system, setSystem] = useState(sources.find((each) => each.system !== '')?.system ?? '');
  const [decided, setDecided] = useState<Settings>({});
  const sample = useMutation({ mutationFn: sampleOf, onSuccess: () => setDecided({}) });
  return (
    <>
      <Panel title={words.file}>
        <div className={styles.form}>
          <p className="muted">{words.fileHint}</p>
          <KindFields
            {...{ sources, kind, system }}
            onKind={(chosen) => {
              setKind(chosen);
              setDecided({});
            }}
            onSystem={setSystem}
          />
          <FormFailure error={sample.error} />
          <FileDrop chosen={sample.data?.file} isBusy={sample.isPending} onFile={(file) => sample.mutate(file)} />
          {sample.data?.isCut === true && <p className="muted small">{words.tooLarge}</p>}
        </div>
      </Panel>
      {sample.data !== undefined && (
        <Previewed
          key={`${sample.data.file.name} ${sample.submittedAt} ${kind}`}
          {...{ kind, system, decided, version, onDone }}
          sample={sample.data}
          onDecide={setDecided}
        />
      )}
    </>
  );
}

interface KindFieldsProps extends Pick<StepsProps, 'sources'> {
  readonly kind: Kind;
  readonly system: string;
  readonly onKind: (kind: Kind) => void;
  readonly onSystem: (system: string) => void;
}

function KindFields({ sources, kind, system, onKind, onSystem }: KindFieldsProps): ReactNode {
  const words = texts.sources.wizard;
  const isThere = (each: Kind): boolean => !mayHaveSeveral(each) && sources.some(({ part }) => part === each);
  const nameOf = (each: Kind): string => texts.sources.parts[each] ?? each;
  return (
    <div className={styles.fields}>
      <Select
        label={words.kind}
        allowDeselect={false}
        data={KINDS.map((each) => ({
          value: each,
          label: isThere(each) ? words.there(nameOf(each)) : nameOf(each),
          disabled: isThere(each),
        }))}
        value={kind}
        onChange={(chosen) => onKind((chosen ?? kind) as Kind)}
      />
      {isOfSystem(kind) && (
        <Autocomplete
          size="xs"
          label={words.system}
          description={words.systemHint}
          inputWrapperOrder={['label', 'input', 'description']}
          data={[...new Set(sources.map((each) => each.system).filter((each) => each !== ''))]}
          value={system}
          onChange={onSystem}
        />
      )}
    </div>
  );
}

interface PreviewedProps extends Omit<StepsProps, 'sources'> {
  readonly kind: Kind;
  readonly system: string;
  readonly sample: Sample;
  readonly decided: Settings;
  readonly onDecide: (decided: Settings) => void;
}

function Previewed({ kind, system, sample, decided, onDecide, version, onDone }: PreviewedProps): ReactNode {
  const [asked] = useDebouncedValue(decided, TYPED_MS);
  const [askedSystem] = useDebouncedValue(system, TYPED_MS);
  const { file, base64, isCut } = sample;
  const query = useQuery({
    queryKey: ['POST /sources/preview', file.name, file.lastModified, file.size, kind, askedSystem, asked],
    // What was shown stays until the rows of the new settings are there.
    placeholderData: keepPreviousData,
    refetchOnWindowFocus: false,
    gcTime: 0,
    queryFn: async ({ signal }) => {
      const body = {
        ...{ kind, file_name: file.name, content_base64: base64, is_cut: isCut, settings: asked },
        ...(isOfSystem(kind) && { system: askedSystem }),
      };
      return (await call('POST /sources/preview', { body } as never, { signal })).body as Preview;
    },
  });
  return (
    <Loaded query={query} skeleton={<Skeleton lines={12} height={24} />}>
      {(preview) => (
        <>
          <Reading preview={preview} decided={decided} isBusy={query.isFetching} onDecide={onDecide} />
          <SaveSource {...{ kind, system, file, version, onDone }} preview={preview} />
        </>
      )}
    </Loaded>
  );
}
