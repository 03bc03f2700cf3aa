/** How a file is read: settings on one side, the rows that they make on the other. Never proposes anything itself. */
import type { ReactNode } from 'react';
import { Notice } from '../../parts/loaded.tsx';
import { Panel } from '../../parts/page.tsx';
import { texts } from '../../texts/texts.ts';
import { ColumnMapping } from './column-mapping.tsx';
import { JudgedRows } from './judged-rows.tsx';
import { ReadingFields } from './reading-fields.tsx';
import type { ReadingProps } from './source.ts';
import styles from './sources.module.css';

export function Reading({ isBusy, ...reading }: ReadingProps & { readonly isBusy: boolean }): ReactNode {
  const words = texts.sources.wizard;
  const { preview } = reading;
  return (
    <Panel title={words.reading}>
      <div className={styles.stack}>
        <p className={styles.hint}>{words.readingHint}</p>
        <ReadingFields {...reading} />
        <div className={styles.reading}>
          <ColumnMapping {...reading} />
          <div data-pending={isBusy}>
            {preview.problem === null ? (
              <JudgedRows shown={preview} columns={preview.columns} />
            ) : (
              <Notice title={words.unreadable(preview.problem.message)} tone="over" role="alert">
                <p>{preview.problem.action}</p>
              </Notice>
            )}
          </div>
        </div>
      </div>
    </Panel>
  );
}
