import { checkField, note, placeNotes } from "./fields";
import {
  byteAt,
  strayQuote,
  suspectFieldCount,
  suspectMalformed,
  textAfterQuote,
  tooLong,
  unclosedQuote,
} from "./layout";
import {
  bytes,
  columnCount,
  countRecord,
  delimiter,
  keepsStrayQuotes,
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

/** How the reading of a record ended. */
export const wasRead: i32 = 0;
/** The bytes end inside the record, but the file does not. */
export const isIncomplete: i32 = 2;
/**
 * The bytes end inside a malformed line of any length. The record is counted; the next one starts after the next line
 * end.
 */
export const isSkipping: i32 = 3;

const atFieldStart: i32 = 0;
const inPlainField: i32 = 1;
const inQuotes: i32 = 2;
const afterQuote: i32 = 3;
const afterQuoteAndCr: i32 = 4;

/**
 * Reads the record at `position` byte by byte, as records/parser.ts does, and moves `position` after it. One long
 * function: its state is in local variables, which WebAssembly keeps in registers; in several functions, it would be in
 * memory.
 */
export function readRecord(end: u32, isLast: bool): i32 {
  const start = position;
  const suspectsBefore = suspectCount;
  const uniquesBefore = uniqueCount;
  const stop = min(end, start + maxRecordBytes + 1);
  const stripsCr = lineEnd == 0x0a;
  let state = atFieldStart;
  let column: u32 = 0;
  let fieldStart = start;
  let openedAt: u32 = 0;
  let firstLineEnd: u32 = 0;
  let linesInside: u32 = 0;
  let fault: i32 = -1;
  let at = start;
  let fieldEnd: u32 = 0;
  let next: u32 = 0;

  while (at < stop) {
    const byte = byteAt(at);
    if (state == inQuotes) {
      if (byte == quote) {
        state = afterQuote;
      } else if (byte == lineEnd) {
        if (firstLineEnd == 0) firstLineEnd = at;
        linesInside++;
      }
      at++;
    } else if (state == inPlainField || (state == atFieldStart && byte != quote)) {
      state = inPlainField;
      if (byte == delimiter) {
        checkField(column++, fieldStart, at);
        fieldStart = at + 1;
        state = atFieldStart;
      } else if (byte == lineEnd) {
        fieldEnd = stripsCr && at > fieldStart && byteAt(at - 1) == 0x0d ? at - 1 : at;
        next = at + 1;
        break;
      } else if (byte == quote && !keepsStrayQuotes) {
        fault = strayQuote;
        break;
      }
      at++;
    } else if (state == atFieldStart) {
      openedAt = at++;
      state = inQuotes;
    } else if (state == afterQuote) {
      if (byte == quote) {
        state = inQuotes;
      } else if (byte == delimiter) {
        checkField(column++, fieldStart, at);
        fieldStart = at + 1;
        state = atFieldStart;
      } else if (byte == lineEnd) {
        fieldEnd = at;
        next = at + 1;
        break;
      } else if (byte == 0x0d && stripsCr) {
        state = afterQuoteAndCr;
      } else {
        fault = textAfterQuote;
        break;
      }
      at++;
    } else {
      at--;
      if (byte == lineEnd) {
        fieldEnd = at;
        next = at + 2;
      } else {
        fault = textAfterQuote;
      }
      break;
    }
  }

  if (next == 0 && fault < 0) {
    if (at - start > maxRecordBytes) {
      fault = state == inQuotes ? unclosedQuote : tooLong;
      at = state == inQuotes ? openedAt : start + maxRecordBytes;
    } else if (!isLast) {
      setSuspectCount(suspectsBefore);
      setUniqueCount(uniquesBefore);
      return isIncomplete;
    } else if (state == inQuotes) {
      fault = unclosedQuote;
      at = openedAt;
    } else {
      fieldEnd = state == afterQuoteAndCr ? end - 1 : end;
      if (state != afterQuote && stripsCr && fieldEnd > fieldStart && byteAt(fieldEnd - 1) == 0x0d) fieldEnd--;
      next = end;
    }
  }
  if (fault >= 0) {
    setSuspectCount(suspectsBefore);
    setUniqueCount(uniquesBefore);
    return endMalformed(u32(fault), at, column, firstLineEnd, end, isLast);
  }

  if (column > 0 || fieldEnd > fieldStart || columnCount == 1) {
    checkField(column++, fieldStart, fieldEnd);
    if (column != columnCount) note(suspectFieldCount, 0, column, 0);
    placeNotes(suspectsBefore, lineCount, start, fieldEnd);
    countRecord(start);
  }
  setPosition(next, lineCount + linesInside + 1);
  return wasRead;
}

/** A malformed record is only its first line. */
function endMalformed(fault: u32, place: u32, field: u32, firstLineEnd: u32, end: u32, isLast: bool): i32 {
  const start = position;
  const before = suspectCount;
  let at = firstLineEnd;
  if (at == 0) {
    at = place;
    while (at < end && byteAt(at) != lineEnd) at++;
  }
  const isOpen = at == end && !isLast;
  let recordEnd = at;
  if (lineEnd == 0x0a && recordEnd > start && byteAt(recordEnd - 1) == 0x0d) recordEnd--;
  note(suspectMalformed, field, fault, place - bytes);
  placeNotes(before, lineCount, start, min(recordEnd, start + maxRecordBytes));
  countRecord(start);
  setPosition(at == end ? end : at + 1, isOpen ? lineCount : lineCount + 1);
  return isOpen ? isSkipping : wasRead;
}
