import { byteAt, Reason, Row, rowSize } from "./layout";
import { delimiter, quote } from "./state";

/** Rows written by the last call of `formatRows`. */
export let formattedRows: u32 = 0;

/** Three numbers of up to 20 digits, delimiters and a line end. */
const maxNumberBytes: u32 = 64;

/**
 * Writes rows of `rejects.csv` in order, as described in scanner/rejectsRowFormatter.ts, until one does not fit before
 * `outEnd`, or has a reason that is not among the `reasonCount` addresses at `reasons`. Rows are relative to `record`,
 * `line` and `byte`; their records are in the bytes at `base`. Returns the address after the last row. After `outEnd`
 * there is room for 16 more bytes.
 */
export function formatRows(
  rows: u32,
  count: u32,
  base: u32,
  record: u64,
  line: u64,
  byte: u64,
  reasons: u32,
  reasonCount: u32,
  out: u32,
  outEnd: u32,
): u32 {
  const delimiterByte = u8(delimiter);
  let at = out;
  let index: u32 = 0;
  for (; index < count; index++) {
    const row = changetype<Row>(rows + index * rowSize);
    if (row.reason >= reasonCount) break;
    const address = load<u32>(reasons + (row.reason << 2));
    if (address == 0) break;
    const reason = changetype<Reason>(address);
    const length = row.end - row.start;
    if (u64(at) + maxNumberBytes + reason.length + (u64(length) << reason.isMalformed) > u64(outEnd)) break;
    at = writeNumber(at, record + row.record);
    store<u8>(at++, delimiterByte);
    at = writeNumber(at, line + row.line);
    store<u8>(at++, delimiterByte);
    at = writeNumber(at, byte + row.start);
    store<u8>(at++, delimiterByte);
    at = copy(at, address + offsetof<Reason>(), reason.length);
    store<u8>(at++, delimiterByte);
    const start = base + row.start;
    at = reason.isMalformed ? writeQuoted(at, start, start + length) : copy(at, start, length);
    store<u8>(at++, 0x0a);
  }
  formattedRows = index;
  return at;
}

const eightDigits: u64 = 100_000_000;

function writeNumber(at: u32, value: u64): u32 {
  if (value < eightDigits) {
    const digits = digitsOf(u32(value));
    // The first digit is the lowest byte. 0 has a digit as well.
    const leading = min<u64>(ctz(digits) >> 3, 7);
    store<u64>(at, (digits | 0x3030_3030_3030_3030) >> (leading << 3));
    return at + 8 - u32(leading);
  }
  const rest = value / eightDigits;
  const behind = writeNumber(at, rest);
  store<u64>(behind, digitsOf(u32(value - rest * eightDigits)) | 0x3030_3030_3030_3030);
  return behind + 8;
}

/**
 * The 8 digits of a number below 10 ** 8, one byte each, the first in the lowest byte: halved repeatedly, all parts at
 * once. Divisions by 100 and by 10 are a multiplication and a shift, which is exact for such small parts.
 */
function digitsOf(value: u32): u64 {
  const thousands = value / 10_000;
  const fours = u64(thousands) | (u64(value - thousands * 10_000) << 32);
  const hundreds = ((fours * 10_486) >> 20) & 0x0000_007f_0000_007f;
  const twos = hundreds | ((fours - hundreds * 100) << 16);
  const tens = ((twos * 103) >> 10) & 0x000f_000f_000f_000f;
  return tens | ((twos - tens * 10) << 8);
}

/** Copies up to 15 bytes too many: records are short, and this loop is faster than an exact call. */
// @ts-ignore: decorator
@inline
function copy(to: u32, from: u32, length: u32): u32 {
  for (let done: u32 = 0; done < length; done += 16) v128.store(to + done, v128.load(from + done));
  return to + length;
}

function writeQuoted(to: u32, start: u32, end: u32): u32 {
  let at = to;
  store<u8>(at++, u8(quote));
  for (let from = start; from < end; from++) {
    const byte = byteAt(from);
    if (byte == quote) store<u8>(at++, u8(quote));
    store<u8>(at++, u8(byte));
  }
  store<u8>(at++, u8(quote));
  return at;
}
