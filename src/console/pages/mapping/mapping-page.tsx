/**
 * The mapping: statuses of both systems onto categories, what a change would do, versions. Never brings anything into force
 * that was not looked at: changes are a draft until they are saved.
 */
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useMemo, useState } from 'react';
import { ApiError, ask, askVersioned } from '../../api/ask.ts';
import { useMay } from '../../api/session.ts';
import { Loaded, Notice, Skeleton } from '../../parts/loaded.tsx';
import { Page, Panel } from '../../parts/page.tsx';
import { texts } from '../../texts/texts.ts';
import { AddCategory } from './add-category.tsx';
import { DraftPanel } from './draft-panel.tsx';
import styles from './mapping.module.css';
import type { MappingVersion, Matrix } from './mapping-answers.ts';
import { type MappingDocument, moveStatus, movesBetween, rowsOf } from './mapping-draft.ts';
import { MatrixTable } from './matrix-table.tsx';
import { Versions } from './versions.tsx';

/** Without a run there is nothing to count, and the mapping can be worked on all the same. */
const EMPTY: Matrix = {
  run_id: '',
  currency: 'USD',
  systems: {},
  costs: { file: '', state: 'none', message: '' },
  cells: [],
  unmapped: [],
};

export function MappingPage(): ReactNode {
  const current = useQuery(askVersioned('GET /mappings/current'));
  const matrix = useQuery(ask('GET /mappings/matrix', { query: { run: 'latest' } }));
  const hasNoRun = matrix.error instanceof ApiError && matrix.error.status === 404;
  return (
    <Page title={texts.mapping.title} lead={texts.mapping.lead}>
      <Loaded query={current} skeleton={<Skeleton lines={10} height={24} />}>
        {({ body, version }) => (
          <Loaded
            query={hasNoRun ? { ...matrix, data: EMPTY, error: null } : matrix}
            skeleton={<Skeleton lines={10} height={24} />}
          >
            {(counted) => (
              // A new version starts a new draft.
              <Editor key={body.version} mapping={body} version={version ?? body.version} matrix={counted} />
            )}
          </Loaded>
        )}
      </Loaded>
    </Page>
  );
}

interface EditorProps {
  readonly mapping: MappingVersion;
  readonly version: number;
  readonly matrix: Matrix;
}

function Editor({ mapping, version, matrix }: EditorProps): ReactNode {
  const original = mapping.document as MappingDocument;
  const [draft, setDraft] = useState(original);
  const mayTry = useMay('analyst');
  const systems = matrix.systems;
  const rows = useMemo(() => rowsOf(draft, matrix.cells, systems), [draft, matrix, systems]);
  const moves = useMemo(() => movesBetween(original, draft, systems), [original, draft, systems]);
  const categories = Object.keys(draft.categories);
  return (
    <>
      {matrix.run_id === '' && (
        <Notice title={texts.mapping.noRun}>
          <p>{texts.mapping.noRunHint}</p>
        </Notice>
      )}
      <div className={styles.columns}>
        <Panel
          title={texts.mapping.statuses}
          actions={
            mayTry && (
              <AddCategory
                taken={categories}
                onAdd={(name) => setDraft({ ...draft, categories: { ...draft.categories, [name]: {} } })}
              />
            )
          }
          isFlush
        >
          <MatrixTable
            rows={rows}
            categories={categories}
            currency={matrix.currency}
            isEditable={mayTry}
            moved={moves}
            onMove={(row, to) => setDraft(moveStatus(draft, row, to, systems, texts.mapping.title))}
          />
          <p className={styles.note}>
            {mayTry ? texts.mapping.hint : texts.mapping.readOnly}
            {matrix.run_id !== '' && ` ${texts.mapping.counted(matrix.run_id)}. ${costWords(matrix)}`}
          </p>
        </Panel>
        <DraftPanel
          draft={draft}
          moves={moves}
          isChanged={JSON.stringify(draft) !== JSON.stringify(original)}
          version={version}
          hasRun={matrix.run_id !== ''}
          onReset={() => setDraft(original)}
        />
      </div>
      <Versions current={mapping} version={version} systems={systems} />
    </>
  );
}

/** What dollars are worked out with, and what has none. */
function costWords({ costs, cells }: Matrix): string {
  const { costWords: words } = texts.mapping;
  const source =
    costs.state === 'as-read'
      ? words.file(costs.file)
      : costs.state === 'none'
        ? words.none
        : words.other(costs.message);
  const unvalued = cells.reduce((sum, cell) => sum + cell.unvalued_items, 0);
  return unvalued === 0 ? source : `${source} ${words.unvalued}`;
}
