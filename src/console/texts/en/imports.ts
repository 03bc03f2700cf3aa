/** What the page "Sources" says of files that were brought in. Never a sentence of another tab. */
import { formatCount, plural } from '../../format/decimals.ts';

export const imports = {
  none: 'No file was brought in yet',
  noneFits: 'No file fits',
  noneHint: 'Files come from the folders that sources name, over the API, or by hand.',
  toSources: 'Bring one in beside its source',
  onlyAnalysts: 'Analysts bring files in by hand.',
  noneFitsHint: 'Choose another source or state.',
  heldTitle: 'Waiting for a decision',
  heldHint: 'These files were read, but differ so much from the ones before that a person should look at them first.',
  release: 'Let runs use it',
  releaseLabel: (name: string) => `Let runs use ${name}`,
  releaseHint: (why: string) => `It is held because ${why}. Once released it is the newest file of its source.`,
  needsApprover: 'Approvers decide this.',
  source: 'Source',
  state: 'State',
  all: 'All',
  more: 'Show more',
  columns: {
    file: 'File',
    source: 'Source',
    state: 'State',
    rows: 'Rows',
    asOf: 'Cut-off',
    received: 'Brought in',
    rejections: 'Rejected rows',
  },
  states: { accepted: 'in use', held: 'held', refused: 'refused', removed: 'removed' } as Readonly<
    Record<string, string>
  >,
  by: (name: string) => `by ${name}`,
  look: 'Look',
  lookLabel: (name: string) => `Look for rejected rows of ${name}`,
  rejections: {
    title: (file: string) => `Rejected rows of ${file}`,
    none: 'No row would be rejected now',
    noneHint: 'Judged by the configuration and the master data of now.',
    lead: (count: number, hasMore: boolean) =>
      `A run would reject ${hasMore ? `${formatCount(count)} rows and more` : plural(count, 'row')} of this file, and go on without ${count === 1 && !hasMore ? 'it' : 'them'}.`,
    row: 'Row',
    why: 'Why',
    download: 'Download them as CSV',
    correct: 'Send them corrected',
    correctHint:
      'Download the rows, correct them and send the file again as it is: the columns behind with the reasons are not read.',
    snapshotHint:
      'This is a snapshot: what a file does not mention counts as zero. Correct these rows in the whole file, and send all of it.',
    tableHint: 'A table is read from its newest file alone. Correct these rows in the whole file, and send all of it.',
    more: 'Show more',
    says: (column: string, value: string) => `${column} says “${value}”`,
    isEmpty: (column: string) => `${column} is empty`,
  },
} as const;
