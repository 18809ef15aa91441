import {
  byteAt,
  Check,
  checkSize,
  flagAlwaysSuspect,
  flagRequired,
  flagTellsWhy,
  flagUnique,
  isFine,
  isOtherType,
  isRefused,
  isSuspect,
  opAny,
  opBoolean,
  opDate,
  opDateTime,
  opEmail,
  opInteger,
  opIpv4,
  opLength,
  opNumber,
  opOneOf,
  opPattern,
  opSequence,
  opTime,
  opUri,
  opUuid,
  Suspect,
  suspectField,
  suspectMissing,
  suspectSize,
  UniqueValue,
} from "./layout";
import { judgeInteger, judgeNumber } from "./numbers";
import {
  bytes,
  columnCount,
  columns,
  quote,
  recordCount,
  scratch,
  setSuspectCount,
  setUniqueCount,
  suspectCount,
  suspects,
  uniqueCount,
  uniques,
} from "./state";
import {
  isBoolean,
  isIpv4,
  isOneOf,
  isSequence,
  judgeEmail,
  judgeLength,
  judgeUri,
  judgeUuid,
  matches,
} from "./texts";
import { isDate, isTime, judgeDateTime } from "./times";

/** Set by the host when not all bytes are valid UTF-8: then a non-ASCII field is a suspect. */
export let doubtsEncoding: bool = false;

export function setDoubtsEncoding(doubts: bool): void {
  doubtsEncoding = doubts;
}

/** Checks the field in [start, end), including quotes, of the column. A record may have more fields than columns. */
export function checkField(column: u32, start: u32, end: u32): void {
  if (column >= columnCount) return;
  const first = changetype<Check>(columns + column * checkSize);
  let from = start;
  let to = end;
  const quoted = u32(byteAt(start) == quote) & u32(end - start > 1);
  if (quoted) {
    from++;
    to--;
  }
  if (from >= to) {
    if (first.flags & flagRequired) noteField(suspectMissing, column, start, end);
    return;
  }
  if (first.flags & (flagUnique | flagAlwaysSuspect)) {
    if (first.flags & flagUnique) noteUnique(column, from, to, quoted != 0);
    if (first.flags & flagAlwaysSuspect) {
      noteField(suspectField | (isSuspect << 8), column, start, end);
      return;
    }
  }
  let check = first;
  while (acceptsText(check, from, to, quoted != 0)) {
    if (check.next == 0) {
      if (doubtsEncoding && isBeyondAscii(from, to)) noteField(suspectField | (isSuspect << 8), column, start, end);
      return;
    }
    check = changetype<Check>(check.next);
  }
  noteField(suspectField | (isSuspect << 8), column, start, end);
}

/** Quoted text may contain doubled quotes, which only some checks would notice. */
function acceptsText(check: Check, start: u32, end: u32, quoted: bool): bool {
  if (!quoted) return judge(check, start, end) == isFine;
  const op = check.op;
  if (op == opLength) {
    // Undoubled, the text has at least half its bytes, and a code point has at most 4.
    if (end - start < u32(check.a) << 3 && holdsQuote(start, end)) return false;
  } else if (op == opOneOf || op == opPattern || op == opSequence) {
    if (holdsQuote(start, end)) return false;
  }
  return judge(check, start, end) == isFine;
}

/**
 * isFine only if the exact check accepts the field, above isSuspect only if it refuses the field, by a keyword that
 * belongs to the verdict.
 */
// @ts-ignore: decorator
@inline
export function judge(check: Check, start: u32, end: u32): u32 {
  switch (check.op) {
    case opAny:
      return isFine;
    case opInteger:
      return judgeInteger(check, start, end);
    case opNumber:
      return judgeNumber(check, start, end);
    case opBoolean:
      return isBoolean(start, end) ? isFine : isOtherType;
    case opOneOf:
      return isOneOf(check, start, end) ? isFine : isRefused;
    case opLength:
      return judgeLength(u32(check.a), u32(check.b), start, end);
    case opDate:
      return isDate(start, end) ? isFine : isRefused;
    case opTime:
      return isTime(start, end) ? isFine : isSuspect;
    case opDateTime:
      return judgeDateTime(start, end);
    case opEmail:
      return judgeEmail(start, end);
    case opUuid:
      return judgeUuid(start, end);
    case opUri:
      return judgeUri(start, end);
    case opIpv4:
      return isIpv4(start, end) ? isFine : isSuspect;
    case opSequence:
      return isSequence(check, start, end) ? isFine : isRefused;
    case opPattern:
      return matches(check, start, end) ? isFine : isRefused;
    default:
      return isSuspect;
  }
}

/** The verdict to note: certain only if the check covers all rules of the column. */
// @ts-ignore: decorator
@inline
export function kindOf(check: Check, verdict: u32): u32 {
  return check.flags & flagTellsWhy ? suspectField | (verdict << 8) : suspectField | (isSuspect << 8);
}

function holdsQuote(start: u32, end: u32): bool {
  for (let at = start; at < end; at++) if (byteAt(at) == quote) return true;
  return false;
}

function isBeyondAscii(start: u32, end: u32): bool {
  for (let at = start; at < end; at++) if (byteAt(at) > 0x7f) return true;
  return false;
}

/** Notes the field in [start, end), including quotes. */
export function noteField(kind: u32, column: u32, start: u32, end: u32): void {
  note(kind, column, start - bytes, end - bytes);
}

export function note(kind: u32, column: u32, start: u32, end: u32): void {
  const suspect = changetype<Suspect>(suspects + suspectCount * suspectSize);
  suspect.record = recordCount;
  suspect.kind = kind;
  suspect.column = column;
  suspect.start = start;
  suspect.end = end;
  setSuspectCount(suspectCount + 1);
}

/** Sets the position of the record in all its notes, from `first` on. */
export function placeNotes(first: u32, line: u32, recordStart: u32, recordEnd: u32): void {
  for (let index = first; index < suspectCount; index++) {
    const suspect = changetype<Suspect>(suspects + index * suspectSize);
    suspect.line = line;
    suspect.recordStart = recordStart - bytes;
    suspect.recordEnd = recordEnd - bytes;
  }
}

/** Two hashes of 64 bits: among 10 ** 9 values, two that differ have the same with a probability below 10 ** -20. */
function noteUnique(column: u32, start: u32, end: u32, quoted: bool): void {
  let from = start;
  let to = end;
  if (quoted && holdsQuote(start, end)) {
    // The value is the text with its quotes undoubled, whether or not it is quoted in the file.
    let at = scratch;
    for (from = start; from < end; from++) {
      const byte = byteAt(from);
      store<u8>(at++, byte);
      if (byte == quote) from++;
    }
    from = scratch;
    to = at;
  }
  const value = changetype<UniqueValue>(uniques + uniqueCount * 24);
  value.record = recordCount;
  value.column = column;
  value.low = hashOf(from, to, lowSeed);
  value.high = hashOf(from, to, highSeed);
  setUniqueCount(uniqueCount + 1);
}

/** Set by the host at random, so that an attacker cannot prepare values that collide. */
let lowSeed: u64 = 0;
let highSeed: u64 = 0;

export function setSeeds(low: u64, high: u64): void {
  lowSeed = low;
  highSeed = high;
}

function hashOf(start: u32, end: u32, seed: u64): u64 {
  let state = seed ^ (u64(end - start) * 0x9e3779b97f4a7c15);
  let at = start;
  for (; at + 8 <= end; at += 8) state = mix(state ^ load<u64>(at));
  let rest: u64 = 0;
  for (; at < end; at++) rest = (rest << 8) | byteAt(at);
  return mix(mix(state ^ rest) + seed);
}

/** A bijection of 64 bits in which every bit of the result depends on every bit of the value. */
function mix(value: u64): u64 {
  let mixed = (value ^ (value >> 32)) * 0xd6e8feb86659fd93;
  mixed = (mixed ^ (mixed >> 32)) * 0xd6e8feb86659fd93;
  return mixed ^ (mixed >> 32);
}
