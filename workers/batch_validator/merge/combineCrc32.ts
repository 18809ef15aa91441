/**
 * The CRC-32 of two pieces one after another, from that of each and the length of the second. So threads can compute the
 * CRC of what each has read.
 *
 * Appending a zero byte to a message multiplies its remainder by x^8 in GF(2)[x] modulo the polynomial; `length` of them by
 * x^(8 * length), which is found by squaring. https://www.rfc-editor.org/rfc/rfc1952 gives the polynomial.
 */
export function combineCrc32(first: number, second: number, secondLength: number): number {
  let crc = first >>> 0;
  let factor = byteShift;
  // No bit operators on the length, which may not fit in 32 bits.
  for (let rest = secondLength; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) crc = multiply(factor, crc);
    factor = multiply(factor, factor);
  }
  return (crc ^ second) >>> 0;
}

const polynomial = 0xedb88320;
/** x^8, the highest bit of 32 being x^0. */
const byteShift = 0x00800000;

function multiply(left: number, right: number): number {
  let product = 0;
  let shifted = right;
  for (let bit = 0x80000000; bit !== 0; bit >>>= 1) {
    if ((left & bit) !== 0) product ^= shifted;
    shifted = (shifted & 1) === 1 ? (shifted >>> 1) ^ polynomial : shifted >>> 1;
  }
  return product >>> 0;
}
