/** Decides how a long code looks where there is little room. Never where it is copied or read out. */

/** Codes that are filled up with zeros differ at their ends: "…10000042". Short ones keep theirs: "00123". */
export function shortCode(code: string): string {
  return code.replace(/^0{6,}(?=.{4})/, '…');
}
