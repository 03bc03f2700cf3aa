/** Bad data as a value: where it stands, what it says and why it cannot be used. Never thrown. */

/** One refused row. `row` counts records as a spreadsheet shows them: the header is row 1. `source` is the source's name. */
export interface Rejection {
  readonly source: string;
  readonly file: string;
  readonly row: number;
  readonly column: string;
  readonly value: string;
  readonly reason: string;
}

/**
 * What is wrong with one value. `row`: this row cannot be used, the others can (it is rejected and counted).
 * `file`: the value shows that the whole file cannot be read as declared, so the file is refused.
 */
export interface Fault {
  readonly scope: 'row' | 'file';
  readonly reason: string;
}

/** A parsed value, or the fault that stopped it. */
export type Parsed<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly fault: Fault };

export const parsed = <T>(value: T): Parsed<T> => ({ ok: true, value });
export const rowFault = (reason: string): Parsed<never> => ({ ok: false, fault: { scope: 'row', reason } });
export const fileFault = (reason: string): Parsed<never> => ({ ok: false, fault: { scope: 'file', reason } });
