/** One row for each file that was brought in, with why it is not in use. Never fetches anything. */
import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { useActorName } from '../../api/actors.ts';
import { formatCount } from '../../format/decimals.ts';
import { Moment } from '../../parts/figures.tsx';
import table from '../../parts/table.module.css';
import { texts } from '../../texts/texts.ts';
import type { Import } from './source.ts';
import styles from './sources.module.css';

interface ImportTableProps {
  readonly imports: readonly Import[];
  readonly onRejections: (id: string) => void;
  readonly onRelease?: (held: Import) => void;
}

const TONES: Readonly<Record<Import['state'], string>> = {
  accepted: 'plain',
  held: 'warn',
  refused: 'over',
  removed: 'plain',
};

export function ImportTable({ imports, onRejections, onRelease }: ImportTableProps): ReactNode {
  const { columns, states, by, look, lookLabel, release, releaseLabel } = texts.sources.imports;
  const nameOf = useActorName();
  return (
    <table className={`${table.table} ${styles.table}`}>
      <thead>
        <tr>
          {[columns.file, columns.source, columns.state].map((column) => (
            <th key={column} scope="col">
              {column}
            </th>
          ))}
          <th scope="col" className="number">
            {columns.rows}
          </th>
          {[columns.asOf, columns.received, columns.rejections].map((column) => (
            <th key={column} scope="col">
              {column}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {imports.map((each) => (
          <tr key={each.id}>
            <th scope="row" className={styles.file}>
              {each.file_name}
            </th>
            <td>{each.source}</td>
            <td className={styles.file}>
              <span className={styles.pill} data-tone={TONES[each.state]}>
                {states[each.state]}
              </span>
              {each.failure !== null && <span className={styles.sub}>{each.failure}</span>}
            </td>
            <td className="number">{each.rows === null ? '–' : formatCount(each.rows)}</td>
            <td>
              <Moment at={each.as_of} />
            </td>
            <td>
              <Moment at={each.received_at} />
              <span className={styles.sub}>{by(nameOf(each.received_by))}</span>
            </td>
            <td>
              <div className={styles.left}>
                {(each.state === 'accepted' || each.state === 'held') && (
                  <Button
                    variant="default"
                    aria-label={lookLabel(each.file_name)}
                    onClick={() => onRejections(each.id)}
                  >
                    {look}
                  </Button>
                )}
                {onRelease !== undefined && (
                  <Button aria-label={releaseLabel(each.file_name)} onClick={() => onRelease(each)}>
                    {release}
                  </Button>
                )}
              </div>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
