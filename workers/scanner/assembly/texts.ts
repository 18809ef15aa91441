import { byteAt, Check, isFine, isRefused, isSuspect, isTooLong, isTooShort } from "./layout";

export function isBoolean(start: u32, end: u32): bool {
  const length = end - start;
  const text = load<u32>(start);
  // Both are equally likely, so that a branch between them would be mispredicted half of the time.
  const isTrue = u32(length == 4) & u32(text == 0x65757274);
  const isFalse = u32(length == 5) & u32(text == 0x736c6166) & u32(byteAt(start + 4) == 0x65);
  return (isTrue | isFalse) != 0;
}

/**
 * One of a set of texts, from the hash table at the address a with a mask of b: 16-byte slots (first 8 bytes of the
 * text, length + 1, address), open addressed. The host looks for a factor c that leaves every text in its own slot.
 */
// @ts-ignore: decorator
@inline
export function isOneOf(check: Check, start: u32, end: u32): bool {
  const length = end - start;
  const missing = i32(8 - length);
  // Bytes after a short text are masked out; the sign is spread over all bits, so that nothing is masked for 8 or more
  // bytes.
  const prefix = load<u64>(start) & (~u64(0) >> (u64(missing & ~(missing >> 31)) << 3));
  const slot = u32(((prefix ^ (u64(length) << 56)) * u64(check.c)) >> 40) & u32(check.b);
  const entry = u32(check.a) + (slot << 4);
  // It is nearly always the first slot, and the first and the last 8 bytes are the whole text.
  if (load<u64>(entry) == prefix && load<u32>(entry, 8) == length + 1) {
    if (length <= 8) return true;
    if (length <= 16) return load<u64>(end - 8) == load<u64>(load<u32>(entry, 12) + length - 8);
  }
  return isInSlots(check, start, length, prefix, slot);
}

function isInSlots(check: Check, start: u32, length: u32, prefix: u64, first: u32): bool {
  const table = u32(check.a);
  const mask = u32(check.b);
  let slot = first;
  while (true) {
    const entry = table + (slot << 4);
    const stored = load<u32>(entry, 8);
    if (stored == 0) return false;
    if (stored == length + 1 && load<u64>(entry) == prefix) {
      if (isSameAfter8(start, load<u32>(entry, 12), length)) return true;
    }
    slot = (slot + 1) & mask;
  }
}

/**
 * Of two texts whose first 8 bytes are equal. Not memory.compare: the bundle would contain AssemblyScript's own code.
 */
function isSameAfter8(one: u32, other: u32, length: u32): bool {
  for (let at: u32 = 8; at < length; at += 8) {
    // The last 8 bytes overlap those before.
    const from = min(at, length - 8);
    if (load<u64>(one + from) != load<u64>(other + from)) return false;
  }
  return true;
}

/** Length in code points, each of which has exactly one byte that is not of the form 10xxxxxx. */
export function judgeLength(minimum: u32, maximum: u32, start: u32, end: u32): u32 {
  const bytes = end - start;
  // A text that is not empty has at least one code point.
  if (minimum <= 1 && bytes <= maximum) return isFine;
  if (bytes <= 16) {
    const text = v128.load(start);
    const isContinuation = i8x16.lt_s(text, i8x16.splat(-64));
    const length = bytes - u32(popcnt(i8x16.bitmask(isContinuation) & ((1 << bytes) - 1)));
    if (length > maximum) return isTooLong;
    return length < minimum ? isTooShort : isFine;
  }
  // A code point has at most 4 bytes.
  if (bytes <= maximum && bytes >= minimum << 2) return isFine;
  if (bytes < minimum) return isTooShort;
  let length = bytes;
  let at = start;
  for (; at + 8 <= end; at += 8) length -= continuations(load<u64>(at));
  const rest = u64(end - at) << 3;
  if (rest > 0) length -= continuations(load<u64>(at) & ((u64(1) << rest) - 1));
  if (length > maximum) return isTooLong;
  return length < minimum ? isTooShort : isFine;
}

/** How many of 8 bytes have the form 10xxxxxx. */
// @ts-ignore: decorator
@inline
function continuations(bytes: u64): u32 {
  return u32(popcnt((bytes >> 7) & ~(bytes >> 6) & 0x0101010101010101));
}

/** Exactly b bytes, each of them allowed by the 256 bytes for its position, at the address a. */
export function isSequence(check: Check, start: u32, end: u32): bool {
  const length = u32(check.b);
  if (end - start != length) return false;
  let table = u32(check.a);
  let allowed: u32 = 1;
  for (let at = start; at < end; at++) {
    allowed &= load<u8>(table + byteAt(at));
    table += 256;
  }
  return allowed != 0;
}

/**
 * The automaton's table has a row per state: the address of the next row for each class, then 1 where the state
 * accepts.
 */
export function matches(check: Check, start: u32, end: u32): bool {
  const classes = u32(check.a);
  const dead = u32(check.b);
  const acceptOffset = u32(check.b >> 32);
  let row = u32(check.c);
  for (let at = start; at < end; at++) {
    row = load<u32>(row + (u32(load<u8>(classes + byteAt(at))) << 2));
    if (row == dead) return false;
  }
  return load<u32>(row + acceptOffset) != 0;
}

/** 8-4-4-4-12 hexadecimal digits. */
export function isUuid(start: u32, end: u32): bool {
  if (end - start != 36) return false;
  const first = v128.load(start);
  const second = v128.load(start, 16);
  const third = v128.load(start, 20);
  // Hyphens are at 8 and 13, and at 18 and 23, which are 2 and 7 in the second half.
  if (hexMask(first) != 0xdeff || hexMask(second) != 0xff7b || (hexMask(third) & 0xf000) != 0xf000) return false;
  return (
    byteAt(start + 8) == 0x2d && byteAt(start + 13) == 0x2d && byteAt(start + 18) == 0x2d && byteAt(start + 23) == 0x2d
  );
}

/** A bit for each of 16 bytes that is a hexadecimal digit. */
// @ts-ignore: decorator
@inline
function hexMask(bytes: v128): i32 {
  const digits = i8x16.lt_u(i8x16.sub(bytes, i8x16.splat(0x30)), i8x16.splat(10));
  const letters = i8x16.lt_u(
    i8x16.sub(v128.or(bytes, i8x16.splat(0x20)), i8x16.splat(0x61)),
    i8x16.splat(6),
  );
  return i8x16.bitmask(v128.or(digits, letters));
}

/** Four numbers from 0 to 255 without leading zeros, with dots between them. */
export function isIpv4(start: u32, end: u32): bool {
  let at = start;
  for (let part = 0; part < 4; part++) {
    if (part > 0) {
      if (at >= end || byteAt(at) != 0x2e) return false;
      at++;
    }
    const first = at;
    let value: u32 = 0;
    while (at < end && at - first < 3) {
      const digit = byteAt(at) - 0x30;
      if (digit > 9) break;
      value = value * 10 + digit;
      at++;
    }
    if (at == first || value > 255 || (byteAt(first) == 0x30 && at - first > 1)) return false;
  }
  return at == end;
}

// @ts-ignore: decorator
@inline
function isLetter(byte: u32): bool {
  return (byte | 0x20) - 0x61 <= 25;
}

// @ts-ignore: decorator
@inline
function isAlphanumeric(byte: u32): bool {
  return isLetter(byte) || byte - 0x30 <= 9;
}

/**
 * local@domain, both in words with single dots between them; see test/workers/checks/byteChecks.ts. Up to 64 bytes at
 * once.
 */
export function isEmail(start: u32, end: u32): bool {
  const length = u64(end - start);
  if (length > 64) return false;
  let word: u64 = 0;
  let local: u64 = 0;
  let dots: u64 = 0;
  let hyphens: u64 = 0;
  let at: u64 = 0;
  // Lengths on either side of 16 are common: both halves are always checked, instead of a branch that cannot be
  // predicted.
  const looked = max<u64>(length, 32);
  for (let from: u64 = 0; from < looked; from += 16) {
    const bytes = v128.load(start + u32(from));
    word |= u64(alphanumericMask(bytes)) << from;
    dots |= maskOf(bytes, 0x2e) << from;
    hyphens |= maskOf(bytes, 0x2d) << from;
    at |= maskOf(bytes, 0x40) << from;
    local |= (maskOf(bytes, 0x5f) | maskOf(bytes, 0x25) | maskOf(bytes, 0x2b)) << from;
  }
  const valid: u64 = length == 64 ? ~u64(0) : (u64(1) << length) - 1;
  const last = u64(1) << (length - 1);
  at &= valid;
  // One @, which is neither the first byte nor the last.
  if ((at & (at - 1)) != 0 || at <= 1 || at == last) return false;
  const before = at - 1;
  const behind = valid & ~(before | at);
  dots &= valid;
  hyphens &= valid;
  if (((word | dots | hyphens | at | (local & before)) & valid) != valid) return false;
  // A dot is between two characters that are neither a dot nor the @, and the domain contains at least one.
  const points = dots | at;
  if (((points << 1) & points) != 0 || (dots & (1 | last)) != 0 || (dots & behind) == 0) return false;
  // A label neither starts nor ends with a hyphen.
  return ((points << 1) & hyphens & behind) == 0 && (hyphens & behind & ((points >> 1) | last)) == 0;
}

// @ts-ignore: decorator
@inline
function maskOf(bytes: v128, wanted: u8): u64 {
  return u64(u32(i8x16.bitmask(i8x16.eq(bytes, i8x16.splat(i8(wanted))))));
}

// @ts-ignore: decorator
@inline
function alphanumericMask(bytes: v128): u32 {
  const digits = i8x16.lt_u(i8x16.sub(bytes, i8x16.splat(0x30)), i8x16.splat(10));
  const letters = i8x16.lt_u(i8x16.sub(v128.or(bytes, i8x16.splat(0x20)), i8x16.splat(0x61)), i8x16.splat(26));
  return u32(i8x16.bitmask(v128.or(digits, letters)));
}

/**
 * scheme://host, an optional :port, then nothing or a path, query and fragment; see test/workers/checks/byteChecks.ts.
 */
export function isUri(start: u32, end: u32): bool {
  if (!isLetter(byteAt(start))) return false;
  let at = start + 1;
  while (at < end) {
    const byte = byteAt(at);
    if (!isAlphanumeric(byte) && byte != 0x2b && byte != 0x2e && byte != 0x2d) break;
    at++;
  }
  if (at + 4 > end || byteAt(at) != 0x3a || byteAt(at + 1) != 0x2f || byteAt(at + 2) != 0x2f) return false;
  at += 3;
  const host = at;
  while (at < end && (isAlphanumeric(byteAt(at)) || byteAt(at) == 0x2e || byteAt(at) == 0x2d)) at++;
  if (at == host) return false;
  if (at < end && byteAt(at) == 0x3a) {
    at++;
    while (at < end && byteAt(at) - 0x30 <= 9) at++;
  }
  if (at == end) return true;
  const byte = byteAt(at);
  if (byte != 0x2f && byte != 0x3f && byte != 0x23) return false;
  let fragments = 0;
  for (; at < end; at++) {
    if (byteAt(at) == 0x23) fragments++;
    else if (!isPathByte(byteAt(at))) return false;
  }
  return fragments <= 1;
}

/** Letters, digits and -._~!$&'()*+,;=:@/? */
function isPathByte(byte: u32): bool {
  if (byte - 0x26 <= 0x15 || isLetter(byte)) return true;
  return byte == 0x21 || byte == 0x24 || byte == 0x3d || byte == 0x3f || byte == 0x40 || byte == 0x5f || byte == 0x7e;
}

/** An address has one @ and no space; the exact check decides other unusual ones. */
export function judgeEmail(start: u32, end: u32): u32 {
  if (isEmail(start, end)) return isFine;
  let signs = 0;
  for (let at = start; at < end; at++) {
    const byte = byteAt(at);
    if (byte == 0x20) return isRefused;
    if (byte == 0x40) signs++;
  }
  return signs == 1 ? isSuspect : isRefused;
}

/** A URI contains a colon. */
export function judgeUri(start: u32, end: u32): u32 {
  if (isUri(start, end)) return isFine;
  return holds(0x3a, start, end) ? isSuspect : isRefused;
}

/** The form urn:uuid: is 9 characters longer. */
export function judgeUuid(start: u32, end: u32): u32 {
  if (isUuid(start, end)) return isFine;
  return end - start == 45 ? isSuspect : isRefused;
}

function holds(wanted: u32, start: u32, end: u32): bool {
  for (let at = start; at < end; at++) if (byteAt(at) == wanted) return true;
  return false;
}
