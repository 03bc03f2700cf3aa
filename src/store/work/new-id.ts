/** Names of what people and programs make: sortable by the moment of making, never guessable or given twice. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const TIME_CHARACTERS = 10;
/** Of which the name takes 16 characters, five bits each. */
export const ID_BYTES = 10;

/** 26 characters: ten of `now` (milliseconds since 1970), sixteen of ten random bytes. */
export function newId(now: number, random: Uint8Array): string {
  let id = '';
  for (let place = 0, rest = now; place < TIME_CHARACTERS; place++, rest = Math.floor(rest / 32))
    id = `${ALPHABET[rest % 32]}${id}`;
  let bits = 0;
  let count = 0;
  for (const byte of random.subarray(0, ID_BYTES)) {
    bits = ((bits & 31) << 8) | byte;
    for (count += 8; count >= 5; count -= 5) id += ALPHABET[(bits >> (count - 5)) & 31];
  }
  return id;
}
