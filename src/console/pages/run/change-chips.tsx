/** What became of the lines since the run before, each a filter. Never compares anything itself. */
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { ask } from '../../api/ask.ts';
import { formatCount } from '../../format/decimals.ts';
import { Loaded, Skeleton } from '../../parts/loaded.tsx';
import { texts } from '../../texts/texts.ts';
import { grossWords } from './gross-words.ts';
import { kept } from './kept.ts';
import styles from './run.module.css';
import { type Filter, queryOf, type RunView, valuesOf, without } from './run-view.ts';

const CHANGES = ['new', 'worse', 'better', 'same', 'gone'] as const;
const words = texts.run.changes;

export function ChangeChips({
  runId,
  since,
  view,
  onFilter,
}: {
  runId: string;
  since: string | undefined;
  view: RunView;
  onFilter: (change: Filter) => void;
}): ReactNode {
  const query = queryOf({ ...view, filter: without(view.filter, 'change') });
  const comparison = useQuery({
    ...kept(ask('GET /runs/{id}/comparison', { path: { id: runId }, query })),
    enabled: since !== undefined,
  });
  if (since === undefined) return <p className={styles.quiet}>{words.none}</p>;
  const chosen = valuesOf(view.filter, 'change');
  return (
    <Loaded query={comparison} skeleton={<Skeleton lines={1} height={28} />}>
      {(found) => (
        <fieldset className={styles.changes} aria-label={words.label}>
          {CHANGES.map((name) => {
            const { discrepancies } = found[name];
            const isChosen = chosen.includes(name);
            return (
              <button
                key={name}
                type="button"
                className={styles.change}
                aria-pressed={isChosen}
                title={words.hint[name]}
                disabled={discrepancies === 0 && !isChosen}
                onClick={() => onFilter({ change: isChosen ? undefined : name })}
              >
                <strong>{formatCount(discrepancies)}</strong> {words[name]}
                {discrepancies > 0 && <span className="muted">{grossWords(found[name], found.currency, true)}</span>}
              </button>
            );
          })}
        </fieldset>
      )}
    </Loaded>
  );
}
