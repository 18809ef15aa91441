import { byteAt, Check } from "./layout";

/** -?(0|[1-9][0-9]{0,17}) within the limits and a multiple; see checks/byteChecks.ts. */
export function isInteger(check: Check, start: u32, end: u32): bool {
  const negative = byteAt(start) == 0x2d;
  const first = start + u32(negative);
  const digits = end - first;
  // An address wraps where there is nothing behind the sign: 0 - 1 is far above 17.
  if (digits - 1 > 17) return false;
  let digit = byteAt(first) - 0x30;
  if (digit > 9 || (digit == 0 && digits > 1)) return false;
  let magnitude: i64 = digit;
  for (let at = first + 1; at < end; at++) {
    digit = byteAt(at) - 0x30;
    if (digit > 9) return false;
    magnitude = magnitude * 10 + digit;
  }
  const value = negative ? -magnitude : magnitude;
  if (value < check.a || value > check.b) return false;
  return check.c == 0 || magnitude % check.c == 0;
}

/** -?(0|[1-9][0-9]*)(\.[0-9]+)? of at most 15 digits, so that one division gives the double nearest to the text. */
export function isNumber(check: Check, start: u32, end: u32): bool {
  const negative = byteAt(start) == 0x2d;
  const first = start + u32(negative);
  let at = first;
  let magnitude: i64 = 0;
  let digit: u32 = 0;
  while (at < end) {
    digit = byteAt(at) - 0x30;
    if (digit > 9) break;
    magnitude = magnitude * 10 + digit;
    at++;
    if (at - first > 15) return false;
  }
  const whole = at - first;
  if (whole == 0 || (whole > 1 && byteAt(first) == 0x30)) return false;
  let decimals: u32 = 0;
  if (at < end) {
    if (byteAt(at) != 0x2e) return false;
    at++;
    decimals = end - at;
    if (decimals == 0 || whole + decimals > 15) return false;
    while (at < end) {
      digit = byteAt(at) - 0x30;
      if (digit > 9) return false;
      magnitude = magnitude * 10 + digit;
      at++;
    }
  }
  let value = f64(magnitude);
  if (decimals > 0) value /= powerOfTen(decimals);
  if (negative) value = -value;
  if (value < check.minimum || value > check.maximum) return false;
  if (value <= check.exclusiveMinimum || value >= check.exclusiveMaximum) return false;
  return check.a == 0 || isMultiple(magnitude, decimals, check.a, u32(check.b));
}

/** Is magnitude / 10 ** decimals a multiple of unit / 10 ** scale? Counted in 1 / 10 ** scale, within 18 digits. */
function isMultiple(magnitude: i64, decimals: u32, unit: i64, scale: u32): bool {
  let counted = magnitude;
  let at = decimals;
  for (; at > scale; at--) {
    if (counted % 10 != 0) return false;
    counted /= 10;
  }
  for (; at < scale; at++) {
    counted *= 10;
    if (counted >= 1000000000000000000) return false;
  }
  return counted % unit == 0;
}

function powerOfTen(exponent: u32): f64 {
  if (exponent == 2) return 100;
  let power: f64 = 1;
  for (let at: u32 = 0; at < exponent; at++) power *= 10;
  return power;
}
