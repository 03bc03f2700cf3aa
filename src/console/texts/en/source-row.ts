/** What is said of a row that a run read, on whichever page it is opened. Never a sentence about what it means. */
export const sourceRow = {
  place: (file: string, row: string) => `${file} row ${row}`,
  taken: (batch: number, line: number) => `Batch ${batch}, line ${line}`,
  raw: 'As it stands in the file',
  rawSheet: 'Cells of the row, as they stand in the sheet',
  rawParquet: 'The row of the Parquet file, as JSON',
  rawSent: 'As it was sent',
  parsed: 'As it was read',
  neighbours: 'The rows around it',
  blank: 'blank',
  unnamed: (place: number) => `Column ${place}`,
  copy: 'Copy',
  copied: 'Copied',
  asRead: 'The file is unchanged since the run read it.',
  fault: (reason: string) => `This record could not be read: ${reason}`,
  none: 'The row cannot be shown.',
} as const;
