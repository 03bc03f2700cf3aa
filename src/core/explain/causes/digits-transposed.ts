/** The cause `digits-transposed`: two neighbouring digits were keyed the wrong way round. Never digits further apart. */
import { tellAltered } from '../altered-posting.ts';
import type { Cause } from '../cause.ts';
import { isOtherQuantity, type Leg } from '../residual.ts';

export const digitsTransposed: Cause = {
  code: 'digits-transposed',
  title: 'Digits transposed',
  meaning: 'Somebody keyed the quantity of a document and swapped two neighbouring digits.',
  clue: 'A variance that 9 divides, and two quantities with the same digits.',
  test: 'The same document with two adjacent digits swapped; v = ±9·10^k·d.',
  side: 'erp',
  resolution: 'Correct the side that was keyed by hand.',
  example: {
    story: 'A receipt of 54 was keyed as 45.',
    scenario: `
opening 11-20 00:00
cut-off 11-22 00:00
balance erp 100>145 wms 100>154
wms 11-21 09:00 receipt +54 ref=PO1
erp 11-21 09:05 receipt +45 ref=PO1 user=JDOE
`,
    expected: `
A: digits-transposed +9
`,
  },
  judge(residual, item) {
    if (residual.kind !== 'altered' || !isOtherQuantity(residual)) return undefined;
    if (!residual.legs.every(areTransposed)) return undefined;
    return tellAltered(residual, item, 0.01, 'with two digits swapped');
  },
};

function areTransposed({ moved, booked }: Leg): boolean {
  if (moved > 0 !== booked > 0 || (moved - booked) % 9 !== 0) return false;
  const digits = String(Math.abs(moved));
  const other = String(Math.abs(booked));
  if (digits.length !== other.length) return false;
  const at = [...digits].findIndex((digit, index) => digit !== other[index]);
  return (
    at >= 0 &&
    digits[at] === other[at + 1] &&
    digits[at + 1] === other[at] &&
    digits.slice(at + 2) === other.slice(at + 2)
  );
}
