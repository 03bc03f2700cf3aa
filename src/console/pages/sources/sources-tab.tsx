/** The sources of the configuration, the ones in trouble first. Never decides what is too old: the server does. */
import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { ask } from '../../api/ask.ts';
import { useMay } from '../../api/session.ts';
import { Icon } from '../../parts/icon.tsx';
import { Loaded, Notice, Skeleton } from '../../parts/loaded.tsx';
import { Panel } from '../../parts/page.tsx';
import { texts } from '../../texts/texts.ts';
import { CheckDrawer } from './check-drawer.tsx';
import type { Source } from './source.ts';
import { SourceTable } from './source-table.tsx';
import styles from './sources.module.css';
import { UploadDialog } from './upload-dialog.tsx';

interface Upload {
  readonly source: Source;
  /** Dropped already. */
  readonly file: File | undefined;
}

export function SourcesTab(): ReactNode {
  const words = texts.sources;
  const query = useQuery(ask('GET /sources'));
  const mayBring = useMay('analyst');
  const [checked, setChecked] = useState<string>();
  const [upload, setUpload] = useState<Upload>();
  return (
    <Loaded query={query} skeleton={<Skeleton lines={8} height={28} />}>
      {({ items }) => (
        <>
          <div className={styles.head}>
            <p>
              {items.length > 0 && leadWords(items)} {!mayBring && words.onlyAnalysts}
            </p>
            {mayBring && <AddButton />}
          </div>
          {items.length === 0 ? (
            <Notice title={words.none}>
              <p>{words.noneHint}</p>
            </Notice>
          ) : (
            <Panel isFlush>
              <SourceTable
                sources={inTroubleFirst(items)}
                onCheck={setChecked}
                onUpload={(source, file) => setUpload({ source, file })}
              />
            </Panel>
          )}
          <CheckDrawer name={checked} onClose={() => setChecked(undefined)} />
          {upload !== undefined && (
            <UploadDialog
              address={{ kind: upload.source.part, system: upload.source.system, source: upload.source.name }}
              file={upload.file}
              onClose={() => setUpload(undefined)}
            />
          )}
        </>
      )}
    </Loaded>
  );
}

function AddButton(): ReactNode {
  const navigate = useNavigate();
  return (
    <Button
      leftSection={<Icon name="add" />}
      onClick={() => void navigate({ to: '.', search: ({ site }) => ({ site, add: 'file' }) })}
    >
      {texts.sources.add}
    </Button>
  );
}

function leadWords(items: readonly Source[]): string {
  const stale = items.filter((each) => each.is_stale).length;
  const held = items.filter(({ last_import: last }) => last?.state === 'held').length;
  return texts.sources.lead(items.length, stale, held);
}

function inTroubleFirst(items: readonly Source[]): Source[] {
  const rank = ({ is_stale, last_import: last }: Source): number =>
    is_stale ? 0 : last?.state === 'held' || last?.state === 'refused' ? 1 : 2;
  return [...items].sort((a, b) => rank(a) - rank(b));
}
