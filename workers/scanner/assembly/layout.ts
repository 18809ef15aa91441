/**
 * The layout of the scanner's memory. The host allocates everything and passes addresses; the scanner allocates
 * nothing. Every block of bytes to scan is followed by 64 more bytes, since loads may extend beyond its end.
 */

/**
 * A check of a column: 64 bytes. There is one for each column, with its flags; further checks of the column are linked
 * by `next`, which is 0 in the last one.
 */
// @ts-ignore: decorator
@unmanaged
export class Check {
  op: u32;
  flags: u32;
  next: u32;
  unused: u32;
  /** Limits, sizes and addresses of tables; scanner/program.ts defines their meaning for each op. */
  a: i64;
  b: i64;
  c: i64;
  d: i64;
}

export const checkSize: u32 = 64;

/** Ops of a check; scanner/program.ts has the same numbers. */
export const opAny: u32 = 0;
export const opInteger: u32 = 1;
export const opNumber: u32 = 2;
export const opBoolean: u32 = 3;
export const opOneOf: u32 = 4;
export const opLength: u32 = 5;
export const opDate: u32 = 6;
export const opTime: u32 = 7;
export const opDateTime: u32 = 8;
export const opEmail: u32 = 9;
export const opUuid: u32 = 10;
export const opUri: u32 = 11;
export const opIpv4: u32 = 12;
export const opPattern: u32 = 13;
export const opSequence: u32 = 14;

export const flagRequired: u32 = 1;
export const flagAlwaysSuspect: u32 = 2;
export const flagUnique: u32 = 4;
/** One check and no flag other than `required`, as in most columns. */
export const flagPlain: u32 = 8;
/** A certain refusal by the check is due to exactly one keyword, which the verdict determines. */
export const flagTellsWhy: u32 = 16;

/** Verdicts on a field. Above `isSuspect` it is certainly wrong; scanner/scanner.ts has the same numbers. */
export const isFine: u32 = 0;
export const isSuspect: u32 = 1;
export const isOtherType: u32 = 2;
export const isTooLow: u32 = 3;
export const isTooHigh: u32 = 4;
export const isNoMultiple: u32 = 5;
export const isTooShort: u32 = 6;
export const isTooLong: u32 = 7;
/** Does not satisfy the one keyword: a format, a pattern, a list of values. */
export const isRefused: u32 = 8;

/** Something wrong, or not known to be right: 32 bytes. Positions are relative to the start of the scanned bytes. */
// @ts-ignore: decorator
@unmanaged
export class Suspect {
  /** Counted from the first record of the scan. */
  record: u32;
  kind: u32;
  /** The column; for a malformed record, the field. */
  column: u32;
  /** The field with its quotes; or the number of fields; or the rule of a malformed record and its position. */
  start: u32;
  end: u32;
  /** Line ends between the start of the scan and the record. */
  line: u32;
  /** The record without its line end. */
  recordStart: u32;
  recordEnd: u32;
}

export const suspectSize: u32 = 32;

/** A field: the verdict is 8 bits higher. */
export const suspectField: u32 = 0;
export const suspectMissing: u32 = 1;
export const suspectFieldCount: u32 = 2;
export const suspectMalformed: u32 = 3;

/** Rules of malformed records; scanner/scanner.ts has the same order. */
export const strayQuote: u32 = 0;
export const textAfterQuote: u32 = 1;
export const unclosedQuote: u32 = 2;
export const tooLong: u32 = 3;

/** The value of a column whose values must be unique: 24 bytes. */
// @ts-ignore: decorator
@unmanaged
export class UniqueValue {
  record: u32;
  column: u32;
  low: u64;
  high: u64;
}

/**
 * The certain errors of a column's fields, by their verdicts (0: a required value is missing): slots of 8 bytes each.
 */
export const slotsPerColumn: u32 = 16;

/** A kind of certain error, of a column or (after the columns) of whole records: 8 bytes. */
// @ts-ignore: decorator
@unmanaged
export class Slot {
  /** 1 once the host knows which error it is. */
  isKnown: u32;
  /** Errors since the host last read it. */
  count: u32;
}

export const slotSize: u32 = 8;

/** Slots of whole records, after those of the columns. */
export const slotFieldCount: u32 = 0;
export const slotMalformed: u32 = 1;

/** A row of `rejects.csv` to write: 20 bytes. Numbers and positions are relative to the start of the scan. */
// @ts-ignore: decorator
@unmanaged
export class Row {
  record: u32;
  line: u32;
  /** The record without its line end. */
  start: u32;
  end: u32;
  /** Number of its reason: a slot or, above all slots, one of the host's. */
  reason: u32;
}

export const rowSize: u32 = 20;

/** What is wrong with a record: 8 bytes, followed by the text of the row. */
// @ts-ignore: decorator
@unmanaged
export class Reason {
  length: u32;
  /** 1 if the quoting of the record is broken, so that it is written as one field. */
  isMalformed: u32;
}

// @ts-ignore: decorator
@inline
export function byteAt(address: u32): u32 {
  return load<u8>(address);
}
