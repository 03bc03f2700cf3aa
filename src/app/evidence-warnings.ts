/** Says which rows of movements and messages several files hold, and what was done about it. Never refuses a run for them. */
import type { Verdict } from '../core/gate/quality-gate.ts';
import type { ReadEvidenceFile } from './read-evidence.ts';

/** How many rows of a file are counted in another one, and how many are not though their numbers are there too. */
export function evidenceWarnings({ kind, name, file, rows, repeats }: ReadEvidenceFile): Verdict[] {
  if (repeats === undefined) return [];
  const verdicts: Verdict[] = [];
  const warn = (code: string, message: string, action: string): void =>
    void verdicts.push({ severity: 'warning', code, source: name, message: `${file.name}: ${message}`, action });
  const others = `in other files of ${kind}`;
  if (repeats.rows.size > 0)
    warn(
      'ROWS_COUNTED_ONCE',
      `${repeats.rows.size} of its ${rows} rows stand ${others} too, with the same number and content; they are counted there`,
      'Nothing to do where extracts overlap; else remove the import that should not be there.',
    );
  const { differing, firstDiffering } = repeats;
  if (differing > 0)
    warn(
      'ROWS_DIFFER',
      `${differing} ${differing === 1 ? 'row' : 'rows'} from row ${firstDiffering} on, with the number of a row ${others} of the same key but another quantity, time or text: both are counted`,
      'See which of the files is right, and remove the import of the other.',
    );
  return verdicts;
}
