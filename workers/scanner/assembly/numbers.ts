import { byteAt, Check, isFine, isNoMultiple, isOtherType, isSuspect, isTooHigh, isTooLow } from "./layout";

/** The result of `readDigits` for anything but digits. */
const none: i64 = -1;

/** -?(0|[1-9][0-9]{0,17}) within [a, b] and a multiple of c (0: of anything); see test/workers/checks/byteChecks.ts. */
// @ts-ignore: decorator
@inline
export function judgeInteger(check: Check, start: u32, end: u32): u32 {
  const negative = byteAt(start) == 0x2d;
  const first = start + u32(negative);
  const digits = end - first;
  // The difference wraps if nothing follows the sign: 0 - 1 is far above 17.
  if (digits - 1 > 17 || (byteAt(first) == 0x30 && digits > 1)) return judgeOther(start, end);
  const magnitude = readDigits(first, digits);
  if (magnitude < 0) return judgeOther(start, end);
  const value = negative ? -magnitude : magnitude;
  if (value > check.b) return isTooHigh;
  if (value < check.a) return isTooLow;
  return check.c == 0 || magnitude % check.c == 0 ? isFine : isNoMultiple;
}

/**
 * -?(0|[1-9][0-9]*)(\.[0-9]+)? of at most 15 digits. For each number of decimals there are limits in its smallest unit,
 * at the address a: this compares exactly, without a division. A multiple of b / 10 ** c (b is 0: of anything).
 */
export function judgeNumber(check: Check, start: u32, end: u32): u32 {
  const negative = byteAt(start) == 0x2d;
  const first = start + u32(negative);
  const length = end - first;
  // The difference wraps if nothing follows the sign.
  if (length - 1 > 15) return judgeOther(start, end);
  const verdict =
    length <= 8
      ? judgeShortNumber(check, first, length, negative)
      : judgeLongNumber(check, first, end, length, negative);
  return verdict == isSuspect ? judgeOther(start, end) : verdict;
}

/**
 * Text with a character that no JSON number contains, or with two points, has another type; the exact check decides 1e3
 * and the like.
 */
function judgeOther(start: u32, end: u32): u32 {
  let points = 0;
  for (let at = start; at < end; at++) {
    const byte = byteAt(at);
    if (byte == 0x2e) points++;
    else if (byte - 0x30 > 9 && byte != 0x2d && byte != 0x2b && (byte | 0x20) != 0x65) return isOtherType;
  }
  return points > 1 ? isOtherType : isSuspect;
}

/** Up to 8 characters at once, including the point. */
// @ts-ignore: decorator
@inline
function judgeShortNumber(check: Check, first: u32, length: u32, negative: bool): u32 {
  let text = toUpperEnd(first, length);
  const free = 8 - length;
  let decimals: u32 = 0;
  // A point becomes a zero byte, and the lowest zero byte is found.
  const points = text ^ 0x2e2e2e2e2e2e2e2e;
  const zero = (points - 0x0101010101010101) & ~points & 0x8080808080808080;
  if (zero != 0) {
    const place = u32(ctz(zero)) >> 3;
    decimals = 7 - place;
    // There must be a digit on both sides. The digits before the point are shifted over it.
    if (decimals == 0 || place == free) return isSuspect;
    const below = (u64(1) << (u64(place) << 3)) - 1;
    text = (text & ~((below << 8) | 0xff)) | ((text & below) << 8) | 0x30;
  }
  const magnitude = valueOfEight(text);
  if (magnitude < 0) return isSuspect;
  const wholeDigits = length - decimals - u32(zero != 0);
  if (byteAt(first) == 0x30 && wholeDigits > 1) return isSuspect;
  return judgeValue(check, magnitude, decimals, negative);
}

function judgeLongNumber(check: Check, first: u32, end: u32, length: u32, negative: bool): u32 {
  let point = first;
  while (point < end && byteAt(point) != 0x2e) point++;
  const wholeDigits = point - first;
  if (wholeDigits == 0 || (byteAt(first) == 0x30 && wholeDigits > 1)) return isSuspect;
  let magnitude = readDigits(first, wholeDigits);
  if (magnitude < 0) return isSuspect;
  let decimals: u32 = 0;
  if (point < end) {
    decimals = end - point - 1;
    if (decimals == 0) return isSuspect;
    const fraction = readDigits(point + 1, decimals);
    if (fraction < 0) return isSuspect;
    magnitude = magnitude * powerOfTen(decimals) + fraction;
  }
  return wholeDigits + decimals <= 15 ? judgeValue(check, magnitude, decimals, negative) : isSuspect;
}

// @ts-ignore: decorator
@inline
function judgeValue(check: Check, magnitude: i64, decimals: u32, negative: bool): u32 {
  const value = negative ? -magnitude : magnitude;
  const limits = u32(check.a) + (decimals << 4);
  if (value > load<i64>(limits, 8)) return isTooHigh;
  if (value < load<i64>(limits)) return isTooLow;
  return check.b == 0 ? isFine : judgeMultiple(magnitude, decimals, check.b, u32(check.c));
}

/** 1 to 18 digits; -1 for anything else. */
// @ts-ignore: decorator
@inline
function readDigits(start: u32, count: u32): i64 {
  return count <= 8 ? readEight(start, count) : readMany(start, count);
}

function readMany(start: u32, count: u32): i64 {
  const rest = readEight(start + count - 8, 8);
  const before = count - 8;
  const high = before <= 8 ? readEight(start, before) : readMany(start, before);
  return high < 0 || rest < 0 ? none : high * 100000000 + rest;
}

// @ts-ignore: decorator
@inline
function readEight(start: u32, count: u32): i64 {
  return valueOfEight(toUpperEnd(start, count));
}

/** Up to 8 characters as the upper bytes of a word, with zeros in front of them. */
// @ts-ignore: decorator
@inline
function toUpperEnd(start: u32, count: u32): u64 {
  const shift = u64(8 - count) << 3;
  const zeros: u64 = 0x3030303030303030;
  return shift == 64 ? zeros : (load<u64>(start) << shift) | (zeros & ((u64(1) << shift) - 1));
}

/** 8 digits at once: a loop would end at a different position for every number, which processors cannot predict. */
// @ts-ignore: decorator
@inline
function valueOfEight(text: u64): i64 {
  const digits = text ^ 0x3030303030303030;
  if (((digits + 0x7676767676767676) | digits) & 0x8080808080808080) return none;
  // Two neighbours become a number of two digits, two of those one of four, and two of those one of eight.
  const pairs = digits * 10 + (digits >> 8);
  const low = (pairs & 0x000000ff000000ff) * 0x000f424000000064;
  const high = ((pairs >> 16) & 0x000000ff000000ff) * 0x0000271000000001;
  return i64((low + high) >> 32) & 0xffffffff;
}

/**
 * Whether magnitude / 10 ** decimals is a multiple of unit / 10 ** scale, in units of 1 / 10 ** scale, within 18
 * digits.
 */
function judgeMultiple(magnitude: i64, decimals: u32, unit: i64, scale: u32): u32 {
  // Every number with so few decimals is a multiple, as every amount of cents is of 0.01.
  if (unit == 1 && decimals <= scale) return isFine;
  let counted = magnitude;
  let at = decimals;
  for (; at > scale; at--) {
    if (counted % 10 != 0) return isNoMultiple;
    counted /= 10;
  }
  for (; at < scale; at++) {
    counted *= 10;
    if (counted >= 1000000000000000000) return isSuspect;
  }
  return counted % unit == 0 ? isFine : isNoMultiple;
}

function powerOfTen(exponent: u32): i64 {
  let power: i64 = 1;
  for (let at: u32 = 0; at < exponent; at++) power *= 10;
  return power;
}
