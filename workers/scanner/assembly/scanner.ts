/**
 * Finds records and fields 64 bytes at a time, and checks the fields in place. The meaning is defined in
 * records/parser.ts and test/workers/checks/byteChecks.ts.
 *
 * For every 64 bytes bit masks are computed: delimiters, line ends, quotes, and what is between quotes (the parity of
 * the quotes up to each byte). Delimiters and line ends outside quotes end fields. That is true as long as quotes are
 * where they may be: at the start of a field, as half of a doubled one, or before the end of a field. A record in which
 * one is elsewhere is read by `readRecord`, byte by byte, and the parity starts over after it.
 */
import { checkField, doubtsEncoding, judge, kindOf, note, noteField, placeNotes } from "./fields";
import { byteAt, Check, checkSize, flagPlain, isFine, suspectFieldCount } from "./layout";
import { isIncomplete, readRecord, wasRead } from "./readRecord";
import {
  columnCount,
  columns,
  countRecord,
  delimiter,
  isFull,
  lineCount,
  lineEnd,
  maxRecordBytes,
  position,
  quote,
  setPosition,
  setSuspectCount,
  setUniqueCount,
  suspectCount,
  uniqueCount,
} from "./state";

export { setDoubtsEncoding, setSeeds } from "./fields";
export { formatRows, formattedRows } from "./rejectsRows";
export { settle, settledRows } from "./settle";
export {
  begin,
  lineCount,
  position,
  recordCount,
  setBytes,
  setColumns,
  setDialect,
  setOutputs,
  suspectCount,
  takeNotes,
  uniqueCount,
} from "./state";

/**
 * The records that start before the limit are read. isIncomplete (2) and isSkipping (3) of readRecord are the others.
 */
const isDone: i32 = 0;
/** The host has to read the notes. */
const isOutOfRoom: i32 = 1;
/** The record at `position` has to be read byte by byte. */
const isOdd: i32 = 4;
/** The bytes end inside the record at `position`. */
const isCut: i32 = 5;

/**
 * Reads the records from `position` that start before `limit`. The bytes in memory end at `end`, and so does the file
 * with `isLast`; otherwise they extend maxRecordBytes + 1 bytes beyond the limit.
 */
export function scan(limit: u32, end: u32, isLast: bool): i32 {
  while (true) {
    const outcome = readFast(limit, end);
    if (outcome <= isOutOfRoom) return outcome;
    const read = readRecord(end, isLast);
    if (read != wasRead) return read;
  }
}

/**
 * Reads until something else has to be done. Starts and ends between two records. One long function: this is the loop
 * over every byte of the data, whose state has to stay in registers.
 */
function readFast(limit: u32, end: u32): i32 {
  const delimiters = i8x16.splat(i8(delimiter));
  const lineEnds = i8x16.splat(i8(lineEnd));
  const quotes = i8x16.splat(i8(quote));
  const stripsCr = lineEnd == 0x0a;
  const columnLimit = columnCount;
  const firstCheck = columns;
  const quoteByte = quote;
  const doubtful = doubtsEncoding;

  let recordStart = position;
  let recordLine = lineCount;
  let fieldStart = recordStart;
  let column: u32 = 0;
  let suspectsBefore = suspectCount;
  let uniquesBefore = uniqueCount;
  let block = recordStart;
  let linesBefore = lineCount;
  // State after the byte before a block: all ones between quotes; 1 after the end of a field; 1 after a closing quote.
  let inside: u64 = 0;
  let fieldEnded: u64 = 1;
  let closed: u64 = 0;
  // After the last 64 bytes that contain a doubled quote: a field that starts later has none.
  let doubledUntil: u32 = 0;

  if (recordStart >= limit) return isDone;
  if (isFull()) return isOutOfRoom;
  while (block < end) {
    const a = v128.load(block);
    const b = v128.load(block, 16);
    const c = v128.load(block, 32);
    const d = v128.load(block, 48);
    const rest = u64(end - block);
    const valid: u64 = rest >= 64 ? ~u64(0) : (u64(1) << rest) - 1;
    const lineMask = maskOf(a, b, c, d, lineEnds) & valid;
    const quoteMask = maskOf(a, b, c, d, quotes) & valid;
    let ends = (maskOf(a, b, c, d, delimiters) & valid) | lineMask;
    let wrong: u64 = 0;
    if ((quoteMask | inside | closed) != 0) {
      const between = parityUpTo(quoteMask) ^ inside;
      const opening = quoteMask & between;
      const closing = quoteMask & ~between;
      const afterClosing = ((closing << 1) | closed) & valid;
      const text = afterClosing & ~(ends | quoteMask);
      ends &= ~between;
      wrong = opening & ~((ends << 1) | fieldEnded | afterClosing);
      if ((afterClosing & quoteMask) != 0) doubledUntil = block + 64;
      if (text != 0) wrong |= withoutCrlf(text, block, end, stripsCr);
      inside = u64(i64(between) >> 63);
      closed = closing >> 63;
    }
    fieldEnded = ends >> 63;

    let bits = wrong == 0 ? ends : ends & ((wrong & -wrong) - 1);
    while (bits != 0) {
      const at = block + u32(ctz(bits));
      const bit = bits & -bits;
      bits ^= bit;
      const endsLine = (lineMask & bit) != 0;
      let fieldEnd = at;
      if (endsLine) {
        if (at - recordStart > maxRecordBytes) {
          wrong = bit;
          break;
        }
        if (stripsCr && at > fieldStart && byteAt(at - 1) == 0x0d) fieldEnd--;
      }
      // Computed without a branch: whether a text field is quoted cannot be predicted.
      const quoted = u32(byteAt(fieldStart) == quoteByte) & u32(fieldStart < fieldEnd);
      const from = fieldStart + quoted;
      const to = fieldEnd - quoted;
      const holdsDoubled = quoted & u32(fieldStart < doubledUntil);
      const usual = (u32(from < to) & u32(column < columnLimit) & (holdsDoubled ^ 1)) != 0;
      // Most fields have a value without doubled quotes, and one check. An empty line is a record only if there is one
      // column, whose value is then missing.
      if (usual) {
        const check = changetype<Check>(firstCheck + column * checkSize);
        if ((check.flags & flagPlain) == 0 || doubtful) {
          checkField(column, fieldStart, fieldEnd);
        } else {
          const verdict = judge(check, from, to);
          if (verdict != isFine) noteField(kindOf(check, verdict), column, fieldStart, fieldEnd);
        }
      } else if (fieldStart < fieldEnd || !endsLine || column > 0 || columnLimit == 1) {
        checkField(column, fieldStart, fieldEnd);
      } else {
        column--;
      }
      column++;
      if (!endsLine) {
        fieldStart = at + 1;
        continue;
      }
      if (column > 0) {
        if (column != columnLimit) note(suspectFieldCount, 0, column, 0);
        if (suspectCount != suspectsBefore) placeNotes(suspectsBefore, recordLine, recordStart, fieldEnd);
        countRecord(recordStart);
      }
      recordStart = at + 1;
      recordLine = linesBefore + u32(popcnt(lineMask & (bit | (bit - 1))));
      fieldStart = recordStart;
      column = 0;
      suspectsBefore = suspectCount;
      uniquesBefore = uniqueCount;
      if (recordStart >= limit || isFull()) {
        setPosition(recordStart, recordLine);
        return recordStart >= limit ? isDone : isOutOfRoom;
      }
    }
    if (wrong != 0) return leaveRecord(recordStart, recordLine, suspectsBefore, uniquesBefore, isOdd);
    linesBefore += u32(popcnt(lineMask));
    block += 64;
  }
  return leaveRecord(recordStart, recordLine, suspectsBefore, uniquesBefore, isCut);
}

/**
 * Drops the notes of the record so far: they will be found again, or were based on a wrong assumption about its quotes.
 */
function leaveRecord(start: u32, line: u32, suspectsBefore: u32, uniquesBefore: u32, outcome: i32): i32 {
  setSuspectCount(suspectsBefore);
  setUniqueCount(uniquesBefore);
  setPosition(start, line);
  return outcome;
}

/** Of the bytes after closing quotes, the first that is not a CR with its LF. */
function withoutCrlf(text: u64, block: u32, end: u32, stripsCr: bool): u64 {
  let bits = text;
  while (bits != 0) {
    const at = block + u32(ctz(bits));
    const isCrlf = stripsCr && byteAt(at) == 0x0d && (at + 1 == end || byteAt(at + 1) == 0x0a);
    if (!isCrlf) return bits & -bits;
    bits &= bits - 1;
  }
  return 0;
}

/** A bit for each of 64 bytes that equals the given one. */
// @ts-ignore: decorator
@inline
function maskOf(a: v128, b: v128, c: v128, d: v128, wanted: v128): u64 {
  return (
    u64(u32(i8x16.bitmask(i8x16.eq(a, wanted)))) |
    (u64(u32(i8x16.bitmask(i8x16.eq(b, wanted)))) << 16) |
    (u64(u32(i8x16.bitmask(i8x16.eq(c, wanted)))) << 32) |
    (u64(u32(i8x16.bitmask(i8x16.eq(d, wanted)))) << 48)
  );
}

/** Bit n is set if the number of bits up to and including n is odd. */
// @ts-ignore: decorator
@inline
function parityUpTo(bits: u64): u64 {
  let parity = bits ^ (bits << 1);
  parity ^= parity << 2;
  parity ^= parity << 4;
  parity ^= parity << 8;
  parity ^= parity << 16;
  return parity ^ (parity << 32);
}
