import { crc32 } from "node:zlib";
import type { Chunk } from "../../model/manifest.ts";
import type { RecordShape } from "../scan/findRecordStart.ts";
import type { SegmentResult } from "../scan/segment.ts";
import { linesIn, readRecords } from "./segmentRecords.ts";

/** What the cutter knows about a chunk; its rejected records are counted elsewhere. */
export type CutChunk = Omit<Chunk, "rejected" | "rejectedStart" | "rejectedEnd">;

export interface CutterOptions extends RecordShape {
  /** Records of a chunk. */
  readonly chunkSize: number;
  /** Where the first record may start, and the line there, from 1. */
  readonly startByte: number;
  readonly startLine: number;
}

/** Divides the records of a file into chunks, as its segments arrive in order. */
export class ChunkCutter {
  readonly #options: CutterOptions;
  readonly #chunks: CutChunk[] = [];
  /** State of the open chunk. */
  #startIndex = 0;
  #startByte: number;
  #startLine: number;
  #crc32 = 0;
  /** Position of what comes next. */
  #index = 0;
  #line: number;

  constructor(options: CutterOptions) {
    this.#options = options;
    this.#startByte = options.startByte;
    this.#startLine = options.startLine;
    this.#line = options.startLine;
  }

  /** Records so far. */
  get records(): number {
    return this.#index;
  }

  /** Line that the next record starts in, from 1. */
  get line(): number {
    return this.#line;
  }

  /** Bytes that belong to a record that is already counted. `lines`: line ends among them. */
  skip(bytes: Uint8Array, lines: number): void {
    this.#crc32 = crc32(bytes, this.#crc32);
    this.#line += lines;
  }

  take(result: SegmentResult): void {
    const { bytes, baseByte, startByte = result.endByte } = result;
    let from = startByte - baseByte;
    let line = this.#line;
    let isWhole = true;
    const end = this.#index + result.records;
    for (let next = this.#startIndex + this.#options.chunkSize; next < end; next += this.#options.chunkSize) {
      const start = this.#placeOf(result, next - this.#index);
      line += linesIn(bytes.subarray(from, start), this.#options.dialect);
      this.#crc32 = crc32(bytes.subarray(from, start), this.#crc32);
      this.#close(next, baseByte + start);
      this.#startIndex = next;
      this.#startByte = baseByte + start;
      this.#startLine = line;
      from = start;
      isWhole = false;
    }
    const length = result.endByte - startByte;
    this.#crc32 = isWhole
      ? combineCrc32(this.#crc32, result.crc32, length)
      : crc32(bytes.subarray(from, result.endByte - baseByte), this.#crc32);
    this.#index = end;
    this.#line += result.lines;
  }

  /** All chunks, once the data ends at `endByte`. */
  finish(endByte: number): readonly CutChunk[] {
    if (this.#index > this.#startIndex) this.#close(this.#index, endByte);
    return this.#chunks;
  }

  #close(endIndex: number, endByte: number): void {
    this.#chunks.push({
      chunkId: `chunk-${String(this.#chunks.length).padStart(6, "0")}`,
      startIndex: this.#startIndex,
      endIndex,
      chunkSize: endIndex - this.#startIndex,
      startByte: this.#startByte,
      endByte,
      startLine: this.#startLine,
      crc32: this.#crc32.toString(16).padStart(8, "0"),
    });
    this.#crc32 = 0;
  }

  /** The position of the `index`th record of the segment. */
  #placeOf(result: SegmentResult, index: number): number {
    let place = -1;
    readRecords(result, { ...this.#options, from: index }, (record) => {
      place = record.byte;
      return false;
    });
    return place;
  }
}

/**
 * The CRC-32 of two consecutive pieces, from the CRC of each and the length of the second. So threads can compute the
 * CRC of what each has read.
 *
 * Appending a zero byte to a message multiplies its remainder by x^8 in GF(2)[x] modulo the polynomial; `length` of
 * them by x^(8 * length), which is found by squaring. https://www.rfc-editor.org/rfc/rfc1952 gives the polynomial.
 */
function combineCrc32(first: number, second: number, secondLength: number): number {
  let crc = first >>> 0;
  let factor = byteShift;
  // No bit operators on the length, which may not fit in 32 bits.
  for (let rest = secondLength; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) crc = multiply(factor, crc);
    factor = multiply(factor, factor);
  }
  return (crc ^ second) >>> 0;
}

const polynomial = 0xedb88320;
/** x^8, the highest bit of 32 being x^0. */
const byteShift = 0x00800000;

function multiply(left: number, right: number): number {
  let product = 0;
  let shifted = right;
  for (let bit = 0x80000000; bit !== 0; bit >>>= 1) {
    if ((left & bit) !== 0) product ^= shifted;
    shifted = (shifted & 1) === 1 ? (shifted >>> 1) ^ polynomial : shifted >>> 1;
  }
  return product >>> 0;
}
