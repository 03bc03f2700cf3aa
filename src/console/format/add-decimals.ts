/** Adds decimals that stand as text, exactly. Never by floats. */

/** The sum, without zeros at its end; '0' for none. '' counts as nothing. */
export function addDecimals(texts: readonly string[]): string {
  const places = Math.max(0, ...texts.map((text) => text.split('.')[1]?.length ?? 0));
  const sum = texts.reduce((total, text) => total + scaled(text, places), 0n);
  return unscaled(sum, places);
}

/** `one` − `other`. */
export function subtractDecimals(one: string, other: string): string {
  return addDecimals([one, other.startsWith('-') ? other.slice(1) : `-${other}`]);
}

function scaled(text: string, places: number): bigint {
  if (text === '' || text === '-') return 0n;
  const [, sign = '', whole = '', fraction = ''] = /^([-+]?)(\d*)\.?(\d*)$/.exec(text) ?? [];
  return BigInt(`${sign === '-' ? '-' : ''}${whole || '0'}${fraction.padEnd(places, '0')}`);
}

function unscaled(sum: bigint, places: number): string {
  const digits = String(sum < 0n ? -sum : sum).padStart(places + 1, '0');
  const whole = digits.slice(0, digits.length - places);
  const fraction = digits.slice(digits.length - places).replace(/0+$/, '');
  return `${sum < 0n ? '-' : ''}${whole}${fraction === '' ? '' : `.${fraction}`}`;
}
