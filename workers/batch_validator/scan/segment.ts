/**
 * A part of the data, read and checked independently. Segments are on a grid of bytes, records are not: a segment has
 * the records that start in it. A scanner that scans it before the preceding segments has to guess where the first one
 * starts.
 */
export interface Segment {
  readonly index: number;
  /** Bytes [start, end) of the data. */
  readonly start: number;
  readonly end: number;
}

/** How the data is divided. */
export interface Grid {
  /** Where the first record may start. */
  readonly start: number;
  readonly size: number;
  readonly segmentBytes: number;
}

export function segmentCount({ start, size, segmentBytes }: Grid): number {
  return Math.ceil((size - start) / segmentBytes);
}

export function segmentAt({ start, size, segmentBytes }: Grid, index: number): Segment {
  const first = start + index * segmentBytes;
  return { index, start: first, end: Math.min(first + segmentBytes, size) };
}

/** What was found in a segment. Positions named *Byte are offsets in the data. */
export interface SegmentResult {
  readonly index: number;
  /** Where the first record was assumed to start; undefined when no line end of the segment can precede one. */
  readonly startByte: number | undefined;
  /** Where the first record of the next segment starts; with `isSkipping`, where the bytes read end. */
  readonly endByte: number;
  /** The bytes end inside a malformed line that is too long. The next record starts after its end. */
  readonly isSkipping: boolean;
  readonly records: number;
  /** Line ends in [startByte, endByte). */
  readonly lines: number;
  /** CRC-32 of [startByte, endByte). */
  readonly crc32: number;
  /** Offsets of the records 0, 64, 128, ..., relative to `baseByte`. */
  readonly marks: Uint32Array;
  /**
   * The first errors, or all; errorWords numbers each, in the order of records; see errorWords.ts. Relative to
   * `baseByte`.
   */
  readonly errors: Uint32Array;
  /** How many errors there are of each kind, by its number. */
  readonly errorCounts: Uint32Array;
  /** Records with an error, by their numbers in the segment. */
  readonly rejected: Uint32Array;
  /** Kinds of errors that this thread found for the first time. */
  readonly newKinds: readonly ErrorKind[];
  /** uniqueWords numbers each; see scanner/scanner.ts. */
  readonly uniques: Uint32Array;
  /** The offset of bytes[0] in the data. */
  readonly baseByte: number;
  /** The data from `baseByte` to after the last record. Unchanged until the result is merged. */
  readonly bytes: Uint8Array;
  /** The memory that contains the bytes: that of the scanner. */
  readonly memory: WebAssembly.Memory;
}

/** An error that records may have, as one thread numbers it. */
export interface ErrorKind {
  readonly id: number;
  /** -1 for an error of the record as a whole. */
  readonly column: number;
  readonly rule: string;
  readonly expected: string;
}
