/** What a run read: files with their cut-offs and rows, statuses without a category, and what the quality gate noticed. */
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Answer } from '../../api/ask.ts';
import { formatCount } from '../../format/decimals.ts';
import { Moment } from '../../parts/figures.tsx';
import table from '../../parts/table.module.css';
import { texts } from '../../texts/texts.ts';
import styles from './run.module.css';

type Result = Answer<'GET /runs/{id}/result'>;
const words = texts.run.compared;

interface Input {
  readonly source: string;
  readonly file: string;
  readonly as_of: string;
  readonly rows: number;
  readonly rejected: number;
  readonly excluded: number;
  readonly duplicates: number;
}

export function Compared({ result, isOpen = false }: { result: Result; isOpen?: boolean }): ReactNode {
  const { unmapped, quality, run_id: id, engine } = result;
  const inputs = result.inputs.map(inputOf);
  const sum = (of: (input: Input) => number): number => inputs.reduce((all, input) => all + of(input), 0);
  const rejected = sum((input) => input.rejected);
  return (
    <details className={styles.compared} open={isOpen}>
      <summary>
        <strong>{words.title}</strong>
        <span className="muted">{words.files(inputs.length)}</span>
        <span className="muted">{words.rows(sum((input) => input.rows))}</span>
        <span className={rejected > 0 ? styles.warning : 'muted'}>{words.rejected(rejected)}</span>
        <span className={unmapped.length > 0 ? styles.warning : 'muted'}>{words.unmapped(unmapped.length)}</span>
        {quality.length > 0 && <span className={styles.warning}>{words.warnings(quality.length)}</span>}
      </summary>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what is longer than its box is scrolled by keys */}
      <section className={styles.comparedBody} tabIndex={0} aria-label={words.title}>
        <Quality quality={quality} />
        <Unmapped unmapped={unmapped} />
        <Inputs inputs={inputs} />
        <p className={`${styles.notes} muted small`}>{words.runId(id, engine)}</p>
      </section>
    </details>
  );
}

function inputOf(input: Result['inputs'][number]): Input {
  const { source, file, as_of: asOf, rows, rejected, excluded, duplicates } = input;
  return {
    source,
    file: String(file ?? ''),
    as_of: String(asOf ?? ''),
    rows: Number(rows ?? 0),
    rejected: Number(rejected ?? 0),
    excluded: Number(excluded ?? 0),
    duplicates: Number(duplicates ?? 0),
  };
}

function Inputs({ inputs }: { inputs: readonly Input[] }): ReactNode {
  const counts = ['rows', 'rejected', 'excluded', 'duplicates'] as const;
  return (
    <table className={table.table}>
      <thead>
        <tr>
          <th scope="col">{words.source}</th>
          <th scope="col">{words.file}</th>
          <th scope="col">{words.cutOff}</th>
          {[words.rowsColumn, words.rejectedColumn, words.leftOut, words.twice].map((name) => (
            <th key={name} scope="col" className={table.number}>
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {inputs.map((input) => (
          <tr key={`${input.source} ${input.file}`}>
            <th scope="row">{input.source}</th>
            <td>{input.file}</td>
            <td>
              <Moment at={input.as_of} />
            </td>
            {counts.map((name) => (
              <td
                key={name}
                className={`${table.number} ${name === 'rejected' && input.rejected > 0 ? styles.warning : ''}`}
              >
                {formatCount(input[name])}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Unmapped({ unmapped }: { unmapped: Result['unmapped'] }): ReactNode {
  if (unmapped.length === 0) return null;
  return (
    <div className={styles.notes}>
      <h2>{words.unmappedTitle}</h2>
      {unmapped.map(({ system, status, rows }) => (
        <p key={`${system} ${status}`} className={styles.warning}>
          {words.unmappedRow(system, status, rows)}
        </p>
      ))}
      <Link to="/mapping">{words.toMapping}</Link>
    </div>
  );
}

function Quality({ quality }: { quality: Result['quality'] }): ReactNode {
  if (quality.length === 0) return null;
  return (
    <div className={styles.notes}>
      <h2>{words.qualityTitle}</h2>
      {quality.map(({ severity, code, message, action }) => (
        <p key={`${code} ${message}`}>
          <strong className={severity === 'refused' ? 'over' : styles.warning}>
            {(words.severities as Record<string, string>)[severity] ?? severity}
          </strong>{' '}
          {message}
          {typeof action === 'string' && action !== '' && <span className="muted"> {action}</span>}
        </p>
      ))}
    </div>
  );
}
