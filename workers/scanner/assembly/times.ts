import { byteAt, isFine, isRefused, isSuspect } from "./layout";

const highBits: u64 = 0x8080808080808080;
/** Added to a byte, it reaches the high bit for every value above 9. */
const above9: u64 = 0x7676767676767676;

/** YYYY-MM-DD with a day that the month has in that year. */
export function isDate(start: u32, end: u32): bool {
  return end - start == 10 && beginsWithDate(start);
}

/** A date, T, a time. */
export function isDateTime(start: u32, end: u32): bool {
  return end - start >= 20 && byteAt(start + 10) == 0x54 && beginsWithDate(start) && isTime(start + 11, end);
}

/** HH:MM:SS(.d+)?(Z|[+-]hh:mm) */
export function isTime(start: u32, end: u32): bool {
  if (end - start < 9) return false;
  // Eight bytes at once: a digit becomes 0 to 9, a colon 0.
  const text = load<u64>(start) ^ 0x30303a30303a3030;
  if (((text | (text + above9)) & highBits) != 0 || (text & 0x0000ff0000ff0000) != 0) return false;
  if (pair(text, 0) > 23 || pair(text, 24) > 59 || pair(text, 48) > 59) return false;
  let at = start + 8;
  if (byteAt(at) == 0x2e) {
    const fraction = at + 1;
    at = fraction;
    while (at < end && byteAt(at) - 0x30 <= 9) at++;
    if (at == fraction) return false;
  }
  const rest = end - at;
  if (rest == 1) return byteAt(at) == 0x5a;
  const sign = byteAt(at);
  return rest == 6 && (sign == 0x2b || sign == 0x2d) && isClock(at + 1);
}

/** HH:MM */
function isClock(at: u32): bool {
  if (byteAt(at + 2) != 0x3a) return false;
  const hour = twoDigits(at);
  const minute = twoDigits(at + 3);
  return hour <= 23 && minute <= 59;
}

/** The caller knows that there are ten bytes. */
function beginsWithDate(start: u32): bool {
  const text = load<u64>(start) ^ 0x2d30302d30303030;
  if (((text | (text + above9)) & highBits) != 0 || (text & 0xff0000ff00000000) != 0) return false;
  const year = pair(text, 0) * 100 + pair(text, 16);
  const month = pair(text, 40);
  const day = twoDigits(start + 8);
  return month - 1 <= 11 && day >= 1 && (day <= 28 || day <= daysOf(month, year));
}

function daysOf(month: u32, year: u32): u32 {
  if (month == 2) return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28;
  return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

/** The two digits at `shift` bits, the first of them lower. */
// @ts-ignore: decorator
@inline
function pair(text: u64, shift: u64): u32 {
  const both = u32(text >> shift);
  return (both & 0xff) * 10 + ((both >> 8) & 0xff);
}

/** Above 99 if they are not digits. */
// @ts-ignore: decorator
@inline
function twoDigits(at: u32): u32 {
  const tens = byteAt(at) - 0x30;
  const ones = byteAt(at + 1) - 0x30;
  return tens > 9 || ones > 9 ? 1000 : tens * 10 + ones;
}

/**
 * An uncommon form may still be valid, with a leap second or a lowercase t, but not without a date in front. Nor is an
 * hour of UTC above 23; in other zones the exact check accepts some of them, for a leap second.
 */
export function judgeDateTime(start: u32, end: u32): u32 {
  if (isDateTime(start, end)) return isFine;
  if (end - start < 17 || !beginsWithDate(start)) return isRefused;
  const hour = twoDigits(start + 11);
  return byteAt(end - 1) == 0x5a && hour > 23 && hour < 100 ? isRefused : isSuspect;
}
