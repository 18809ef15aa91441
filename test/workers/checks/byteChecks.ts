import type { ByteAutomaton, ByteCheck } from "../../../workers/model/columnPlan.ts";

/**
 * Does a check accept the field bytes[start, end)? The bytes are UTF-8, without quotes, and never of no length.
 *
 * This is the readable meaning of every check: the scanner does the same in WebAssembly and is tested against it. A check
 * may refuse what the exact check accepts (the field then is a suspect and is looked at again), never the other way
 * round; so each form below is the common one and as simple as can be.
 */
export function accepts(check: ByteCheck, bytes: Uint8Array, start: number, end: number): boolean {
  switch (check.kind) {
    case "integer":
      return acceptsInteger(check, bytes, start, end);
    case "number":
      return acceptsNumber(check, bytes, start, end);
    case "boolean":
      return isText(bytes, start, end, "true") || isText(bytes, start, end, "false");
    case "oneOf":
      return check.values.some((value) => isSame(bytes, start, end, value));
    case "length":
      return acceptsLength(check, bytes, start, end);
    case "date":
      return isDate(bytes, start, end);
    case "time":
      return isTime(bytes, start, end);
    case "date-time":
      return isDateTime(bytes, start, end);
    case "email":
      return isEmail(bytes, start, end);
    case "uuid":
      return isUuid(bytes, start, end);
    case "uri":
      return isUri(bytes, start, end);
    case "ipv4":
      return isIpv4(bytes, start, end);
    case "pattern":
      return acceptsPattern(check.automaton, bytes, start, end);
  }
}

/** `-?(0|[1-9][0-9]{0,17})`, which fits 64 bits; then the limits, all of them inclusive. */
function acceptsInteger(check: IntegerCheck, bytes: Uint8Array, start: number, end: number): boolean {
  const negative = bytes[start] === minus;
  const first = negative ? start + 1 : start;
  const digits = end - first;
  if (digits < 1 || digits > 18) return false;
  if (bytes[first] === zero && digits > 1) return false;
  let magnitude = 0n;
  for (let at = first; at < end; at += 1) {
    if (!isDigit(bytes[at])) return false;
    magnitude = magnitude * 10n + BigInt(digitAt(bytes, at));
  }
  const value = negative ? -magnitude : magnitude;
  if (check.minimum !== null && value < check.minimum) return false;
  if (check.maximum !== null && value > check.maximum) return false;
  return check.multipleOf === null || magnitude % check.multipleOf === 0n;
}

/**
 * `-?(0|[1-9][0-9]*)(\.[0-9]+)?` of 1 to 15 digits in all. So many fit a double's 53 bits without loss, and so does the power of
 * ten; one division of the two then gives the double that is nearest to the text, which is what the exact check compares.
 */
function acceptsNumber(check: NumberCheck, bytes: Uint8Array, start: number, end: number): boolean {
  const negative = bytes[start] === minus;
  const first = negative ? start + 1 : start;
  let at = first;
  let magnitude = 0;
  for (; at < end && isDigit(bytes[at]); at += 1) {
    if (at - first >= 15) return false;
    magnitude = magnitude * 10 + digitAt(bytes, at);
  }
  const whole = at - first;
  if (whole === 0 || (whole > 1 && bytes[first] === zero)) return false;
  let decimals = 0;
  if (at < end) {
    if (bytes[at] !== dot) return false;
    decimals = end - at - 1;
    if (decimals === 0 || whole + decimals > 15) return false;
    for (at += 1; at < end; at += 1) {
      if (!isDigit(bytes[at])) return false;
      magnitude = magnitude * 10 + digitAt(bytes, at);
    }
  }
  const value = (negative ? -magnitude : magnitude) / 10 ** decimals;
  if (check.minimum !== null && !(value >= check.minimum)) return false;
  if (check.maximum !== null && !(value <= check.maximum)) return false;
  if (check.exclusiveMinimum !== null && !(value > check.exclusiveMinimum)) return false;
  if (check.exclusiveMaximum !== null && !(value < check.exclusiveMaximum)) return false;
  return check.multipleOf === null || isMultiple(BigInt(magnitude), decimals, check.multipleOf);
}

/**
 * Is digits / 10 ** decimals a multiple of unit / 10 ** scale? Decided only where both can be counted in 1 / 10 ** scale within
 * 64 bits: decimals beyond the scale have to be zeros, and digits and zeros added together are at most 18.
 */
function isMultiple(
  digits: bigint,
  decimals: number,
  { unit, scale }: { readonly unit: bigint; readonly scale: number },
): boolean {
  let counted = digits;
  let at = decimals;
  for (; at > scale; at -= 1) {
    if (counted % 10n !== 0n) return false;
    counted /= 10n;
  }
  for (; at < scale; at += 1) {
    counted *= 10n;
    if (counted >= 10n ** 18n) return false;
  }
  return counted % unit === 0n;
}

/** A code point has exactly one byte that is not of the form 10xxxxxx. */
function acceptsLength(check: LengthCheck, bytes: Uint8Array, start: number, end: number): boolean {
  let length = 0;
  for (let at = start; at < end; at += 1) if ((byteAt(bytes, at) & 0xc0) !== 0x80) length += 1;
  return length >= check.minimum && (check.maximum === null || length <= check.maximum);
}

/** `YYYY-MM-DD`, with a day that the month has in that year. */
function isDate(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start !== 10 || bytes[start + 4] !== minus || bytes[start + 7] !== minus) return false;
  if (!areDigits(bytes, start, 4) || !areDigits(bytes, start + 5, 2) || !areDigits(bytes, start + 8, 2)) return false;
  const year = twoDigits(bytes, start) * 100 + twoDigits(bytes, start + 2);
  const month = twoDigits(bytes, start + 5);
  const day = twoDigits(bytes, start + 8);
  return month >= 1 && month <= 12 && day >= 1 && day <= daysOf(month, year);
}

function daysOf(month: number, year: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** `HH:MM:SS(.d+)?(Z|[+-]hh:mm)`: hours to 23, minutes and seconds to 59 (no leap seconds), the zone's as well. */
function isTime(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start < 9 || !isClock(bytes, start) || bytes[start + 5] !== colon) return false;
  if (!areDigits(bytes, start + 6, 2) || twoDigits(bytes, start + 6) > 59) return false;
  let at = start + 8;
  if (bytes[at] === dot) {
    const fraction = at + 1;
    for (at = fraction; at < end && isDigit(bytes[at]); at += 1);
    if (at === fraction) return false;
  }
  if (end - at === 1) return bytes[at] === upperZ;
  return end - at === 6 && (bytes[at] === plus || bytes[at] === minus) && isClock(bytes, at + 1);
}

/** `HH:MM` at `at`, of which the caller knows that five bytes are there. */
function isClock(bytes: Uint8Array, at: number): boolean {
  if (!areDigits(bytes, at, 2) || bytes[at + 2] !== colon || !areDigits(bytes, at + 3, 2)) return false;
  return twoDigits(bytes, at) <= 23 && twoDigits(bytes, at + 3) <= 59;
}

/** A date, `T`, a time. */
function isDateTime(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start < 20 || bytes[start + 10] !== upperT) return false;
  return isDate(bytes, start, start + 10) && isTime(bytes, start + 11, end);
}

/**
 * `local@domain`. Local: words of letters, digits, `_`, `%`, `+`, `-`, with single dots between them. Domain: two or more labels of
 * letters, digits and inner hyphens, with single dots between them.
 */
function isEmail(bytes: Uint8Array, start: number, end: number): boolean {
  let at = start;
  let wordStart = start;
  for (; at < end && bytes[at] !== atSign; at += 1) {
    const byte = bytes[at];
    if (byte === dot) {
      if (at === wordStart) return false;
      wordStart = at + 1;
    } else if (!isAlphanumeric(byte) && byte !== underscore && byte !== percent && byte !== plus && byte !== minus) {
      return false;
    }
  }
  if (at >= end || at === wordStart) return false;
  let labels = 0;
  let labelStart = at + 1;
  for (at = labelStart; at <= end; at += 1) {
    if (at === end || bytes[at] === dot) {
      if (at === labelStart || bytes[labelStart] === minus || bytes[at - 1] === minus) return false;
      labels += 1;
      labelStart = at + 1;
    } else if (!isAlphanumeric(bytes[at]) && bytes[at] !== minus) {
      return false;
    }
  }
  return labels >= 2;
}

/** 36 bytes: hexadecimal digits of either case, with hyphens at 8, 13, 18 and 23. */
function isUuid(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start !== 36) return false;
  for (let index = 0; index < 36; index += 1) {
    const byte = bytes[start + index];
    const hyphen = index === 8 || index === 13 || index === 18 || index === 23;
    if (hyphen ? byte !== minus : !isHexadecimal(byte)) return false;
  }
  return true;
}

/**
 * `scheme://host`, an optional `:port`, then nothing or a path, query and fragment. Scheme: a letter, then letters, digits, `+`, `.`,
 * `-`. Host: one or more letters, digits, `.`, `-`. What follows begins with `/`, `?` or `#` and has letters, digits and
 * `-._~!$&'()*+,;=:@/?`, and one `#` at most. No percent signs, user names or addresses in brackets.
 */
function isUri(bytes: Uint8Array, start: number, end: number): boolean {
  if (!isLetter(bytes[start])) return false;
  let at = start + 1;
  while (at < end && (isAlphanumeric(bytes[at]) || bytes[at] === plus || bytes[at] === dot || bytes[at] === minus)) {
    at += 1;
  }
  if (end - at < 4 || bytes[at] !== colon || bytes[at + 1] !== slash || bytes[at + 2] !== slash) return false;
  at += 3;
  const host = at;
  while (at < end && (isAlphanumeric(bytes[at]) || bytes[at] === dot || bytes[at] === minus)) at += 1;
  if (at === host) return false;
  if (at < end && bytes[at] === colon) {
    at += 1;
    while (at < end && isDigit(bytes[at])) at += 1;
  }
  if (at === end) return true;
  if (bytes[at] !== slash && bytes[at] !== questionMark && bytes[at] !== numberSign) return false;
  let fragments = 0;
  for (; at < end; at += 1) {
    if (bytes[at] === numberSign) fragments += 1;
    else if (!isPathByte(byteAt(bytes, at))) return false;
  }
  return fragments <= 1;
}

function isPathByte(byte: number): boolean {
  return isAlphanumeric(byte) || pathPunctuation.has(byte);
}

const pathPunctuation: ReadonlySet<number> = new Set(Buffer.from("-._~!$&'()*+,;=:@/?"));

/** Four numbers from 0 to 255 without leading zeros, with dots between them. */
function isIpv4(bytes: Uint8Array, start: number, end: number): boolean {
  let at = start;
  for (let part = 0; part < 4; part += 1) {
    if (part > 0) {
      if (at >= end || bytes[at] !== dot) return false;
      at += 1;
    }
    const first = at;
    let value = 0;
    for (; at < end && at - first < 3 && isDigit(bytes[at]); at += 1) value = value * 10 + digitAt(bytes, at);
    if (at === first || value > 255 || (bytes[first] === zero && at - first > 1)) return false;
  }
  return at === end;
}

function acceptsPattern(automaton: ByteAutomaton, bytes: Uint8Array, start: number, end: number): boolean {
  const { classes, classCount, next, accepts } = automaton;
  let state = automaton.start;
  for (let at = start; at < end && state !== 0; at += 1) {
    state = next[state * classCount + (classes[byteAt(bytes, at)] as number)] as number;
  }
  return accepts[state] === 1;
}

type IntegerCheck = Extract<ByteCheck, { kind: "integer" }>;
type NumberCheck = Extract<ByteCheck, { kind: "number" }>;
type LengthCheck = Extract<ByteCheck, { kind: "length" }>;

const percent = 0x25;
const plus = 0x2b;
const minus = 0x2d;
const dot = 0x2e;
const slash = 0x2f;
const zero = 0x30;
const colon = 0x3a;
const questionMark = 0x3f;
const numberSign = 0x23;
const atSign = 0x40;
const upperT = 0x54;
const upperZ = 0x5a;
const underscore = 0x5f;

function isText(bytes: Uint8Array, start: number, end: number, text: string): boolean {
  if (end - start !== text.length) return false;
  for (let index = 0; index < text.length; index += 1) {
    if (bytes[start + index] !== text.charCodeAt(index)) return false;
  }
  return true;
}

function isSame(bytes: Uint8Array, start: number, end: number, value: Uint8Array): boolean {
  if (end - start !== value.length) return false;
  for (let index = 0; index < value.length; index += 1) if (bytes[start + index] !== value[index]) return false;
  return true;
}

function areDigits(bytes: Uint8Array, at: number, count: number): boolean {
  for (let index = at; index < at + count; index += 1) if (!isDigit(bytes[index])) return false;
  return true;
}

const twoDigits = (bytes: Uint8Array, at: number): number => digitAt(bytes, at) * 10 + digitAt(bytes, at + 1);

const digitAt = (bytes: Uint8Array, at: number): number => byteAt(bytes, at) - zero;

/** The callers stay below the field's end. */
const byteAt = (bytes: Uint8Array, at: number): number => bytes[at] as number;

const isDigit = (byte: number | undefined): boolean => byte !== undefined && byte >= 0x30 && byte <= 0x39;

const isLetter = (byte: number | undefined): boolean =>
  byte !== undefined && (byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7a;

const isAlphanumeric = (byte: number | undefined): boolean => isDigit(byte) || isLetter(byte);

const isHexadecimal = (byte: number | undefined): boolean =>
  isDigit(byte) || (byte !== undefined && (byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x66);
