/**
 * A part of the data, read and checked by itself. Segments lie on a grid of bytes, records do not: a segment has the records
 * that begin in it, and a scanner that takes it before the segments in front of it has to guess where the first of them starts.
 */
export interface Segment {
  readonly index: number;
  /** Bytes [start, end) of the data. */
  readonly start: number;
  readonly end: number;
}

/** How the data is cut. */
export interface Grid {
  /** Where the first record may begin. */
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

/** What was found in a segment. Positions named *Byte are places in the data. */
export interface SegmentResult {
  readonly index: number;
  /** Where the first record was taken to begin; undefined when the segment has no line end behind which one could. */
  readonly startByte: number | undefined;
  /** Where the first record of the next segment begins; with `isSkipping`, where the bytes read end. */
  readonly endByte: number;
  /** The bytes end inside of a malformed line that is too long. The next record begins after its end. */
  readonly isSkipping: boolean;
  readonly records: number;
  /** Line ends in [startByte, endByte). */
  readonly lines: number;
  /** CRC-32 of [startByte, endByte). */
  readonly crc32: number;
  /** Places of the records 0, 64, 128, ..., counted from `baseByte`. */
  readonly marks: Uint32Array;
  /** The first errors, or all; errorWords numbers each, in the order of the records; see errorWords.ts. Places count from `baseByte`. */
  readonly errors: Uint32Array;
  /** How many errors there are of each kind, by its number. */
  readonly errorCounts: Uint32Array;
  /** Records with an error, counted from the first one of the segment. */
  readonly rejected: Uint32Array;
  /** Kinds of errors that this thread had not met before. */
  readonly newKinds: readonly ErrorKind[];
  /** uniqueWords numbers each; see scanner/scanner.ts. */
  readonly uniques: Uint32Array;
  /** The place of bytes[0]. */
  readonly baseByte: number;
  /** The data from `baseByte` to behind the last record. They stay as they are until the result is merged. */
  readonly bytes: Uint8Array;
  /** What the bytes lie in: that of the scanner. */
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
