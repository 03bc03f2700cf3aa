/** Says what deserves a warning in an input that was read. Never refuses: that is the quality gate's (src/core/gate). */
import type { Verdict } from '../core/gate/quality-gate.ts';
import { type InputOutcome, REJECTIONS_LISTED_MAX } from '../engine/comparison-input.ts';
import type { BalanceSource } from './balance-sources.ts';

/** What a warning says behind the file's name, and what to do. */
interface Warning {
  readonly code: string;
  readonly message: string;
  readonly action: string;
}

/** Columns and sites named in one message; a wrong file may have thousands. */
const NAMED_MAX = 12;

/** In the order in which a reader of the file would meet them. */
export function inputWarnings(source: BalanceSource, outcome: InputOutcome): Verdict[] {
  const warnings = [...columnWarnings(source.unknownColumns), ...rowWarnings(outcome), ...leftOutWarnings(outcome)];
  return warnings.map(({ code, message, action }) => ({
    severity: 'warning',
    code,
    source: source.input.name,
    message: `${source.file.name}: ${message}`,
    action,
  }));
}

function columnWarnings(columns: readonly string[]): Warning[] {
  if (columns.length === 0) return [];
  const names = columns.slice(0, NAMED_MAX).join(', ');
  const message =
    columns.length === 1
      ? `the column ${names} has no meaning here and is not read`
      : `the columns ${names} have no meaning here and are not read`;
  return [{ code: 'UNKNOWN_COLUMNS', message, action: 'Name them under columns if they matter.' }];
}

function rowWarnings(outcome: InputOutcome): Warning[] {
  const warnings: Warning[] = [];
  if (outcome.finalNewlineMissing) {
    const message = 'its last line has no line end; the file may be cut off';
    warnings.push({ code: 'NO_FINAL_NEWLINE', message, action: 'Check that the file is whole.' });
  }
  if (outcome.duplicates > 0) {
    const message = `${rows(outcome.duplicates, 'row repeats', 'rows repeat')} another row in every column; they are added`;
    warnings.push({
      code: 'ROWS_REPEAT',
      message,
      action: 'Say unique: true for this source if rows must not repeat.',
    });
  }
  if (outcome.negative > 0) {
    const message = `${rows(outcome.negative, 'row has', 'rows have')} a quantity below zero`;
    warnings.push({ code: 'NEGATIVE_BALANCE', message, action: 'Look for shipments posted before their receipts.' });
  }
  if (outcome.cleaned > 0) {
    const message = `${rows(outcome.cleaned, 'row has', 'rows have')} codes with odd spaces or invisible characters, which were taken away`;
    warnings.push({ code: 'CODES_CLEANED', message, action: 'Correct the extract.' });
  }
  return warnings;
}

function leftOutWarnings(outcome: InputOutcome): Warning[] {
  const warnings: Warning[] = [];
  const outOfScope = outcome.excluded['out-of-scope'];
  if (outOfScope > 0) {
    const sites = outcome.outOfScopeSites;
    const names = `${sites.length === 1 ? 'site' : 'sites'} ${sites.slice(0, NAMED_MAX).join(', ')}${sites.length > NAMED_MAX ? ' …' : ''}`;
    const message = `${rows(outOfScope, 'row is', 'rows are')} left out: no warehouse system answers for ${names}`;
    warnings.push({ code: 'OUT_OF_SCOPE', message, action: 'Name the sites under systems, or a site alias.' });
  }
  if (outcome.rejected > REJECTIONS_LISTED_MAX) {
    const message = `only the first ${REJECTIONS_LISTED_MAX} of ${outcome.rejected} rejections are listed`;
    const action = 'Correct the file or the configuration of this source.';
    warnings.push({ code: 'REJECTIONS_CUT', message, action });
  }
  return warnings;
}

function rows(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}
