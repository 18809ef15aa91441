/**
 * Where things lie in the scanner's memory. The host lays everything out and hands over addresses; the scanner allocates
 * nothing. Behind every block of bytes that is scanned lie 64 bytes more, since loads may reach over its end.
 */

/**
 * A check of a column: 64 bytes. There is one for each column, with its flags; what else the column has to fulfil hangs on it by
 * `next`, which is 0 in the last one.
 */
// @ts-ignore: decorator
@unmanaged
export class Check {
  op: u32;
  flags: u32;
  next: u32;
  unused: u32;
  /** Limits, sizes and addresses of tables; what they are for which op stands in scanner/program.ts. */
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
/** One check and no other flag but `required`: what most columns have. */
export const flagPlain: u32 = 8;
/** What the check refuses surely is refused by one keyword alone, which the verdict tells. */
export const flagTellsWhy: u32 = 16;

/** Verdicts on a field. What is above `isSuspect` is wrong for sure; scanner/scanner.ts has the same numbers. */
export const isFine: u32 = 0;
export const isSuspect: u32 = 1;
export const isOtherType: u32 = 2;
export const isTooLow: u32 = 3;
export const isTooHigh: u32 = 4;
export const isNoMultiple: u32 = 5;
export const isTooShort: u32 = 6;
export const isTooLong: u32 = 7;
/** Not what the one keyword asks for: a format, a pattern, a list of values. */
export const isRefused: u32 = 8;

/** What is not right, or not known to be right: 32 bytes. Places count from the beginning of the bytes that are scanned. */
// @ts-ignore: decorator
@unmanaged
export class Suspect {
  /** Counted from the first record of the scan. */
  record: u32;
  kind: u32;
  /** The column; of a malformed record the field. */
  column: u32;
  /** The field with its quotes; or the number of fields; or the rule of a malformed record and its place. */
  start: u32;
  end: u32;
  /** Line ends between the beginning of the scan and the record. */
  line: u32;
  /** The record without its line end. */
  recordStart: u32;
  recordEnd: u32;
}

export const suspectSize: u32 = 32;

/** A field: the verdict stands 8 bits higher. */
export const suspectField: u32 = 0;
export const suspectMissing: u32 = 1;
export const suspectFieldCount: u32 = 2;
export const suspectMalformed: u32 = 3;

/** Rules of malformed records; scanner/scanner.ts has the same order. */
export const strayQuote: u32 = 0;
export const textAfterQuote: u32 = 1;
export const unclosedQuote: u32 = 2;
export const tooLong: u32 = 3;

/** The value of a column in which every value has to be unique: 24 bytes. */
// @ts-ignore: decorator
@unmanaged
export class UniqueValue {
  record: u32;
  column: u32;
  low: u64;
  high: u64;
}

/** The ways in which fields of a column are wrong for sure, by their verdicts (0 where a required value is missing): slots of 8 bytes each. */
export const slotsPerColumn: u32 = 16;

/** A way to be wrong, of a column or (behind the columns) of records as a whole: 8 bytes. */
// @ts-ignore: decorator
@unmanaged
export class Slot {
  /** 1 once the host knows what error it is. */
  isKnown: u32;
  /** Errors since the host has looked. */
  count: u32;
}

export const slotSize: u32 = 8;

/** Slots of records as a whole, behind those of the columns. */
export const slotFieldCount: u32 = 0;
export const slotMalformed: u32 = 1;

/** A row of `rejects.csv` that is to be written: 20 bytes. Numbers and places count from where the scan began. */
// @ts-ignore: decorator
@unmanaged
export class Row {
  record: u32;
  line: u32;
  /** The record without its line end. */
  start: u32;
  end: u32;
  /** Number of its reason: a slot, or above all slots one of the host. */
  reason: u32;
}

export const rowSize: u32 = 20;

/** What is wrong with a record: 8 bytes, and behind them the text as it stands in a row. */
// @ts-ignore: decorator
@unmanaged
export class Reason {
  length: u32;
  /** 1 where the quoting of the record is broken, so that it stands in one field. */
  isMalformed: u32;
}

// @ts-ignore: decorator
@inline
export function byteAt(address: u32): u32 {
  return load<u8>(address);
}
