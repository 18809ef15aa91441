import { crc32 } from "node:zlib";
import type { CsvRecord } from "../../model/csvRecord.ts";
import type { Dialect } from "../../model/dialect.ts";
import type { Chunk } from "../../model/manifest.ts";
import { isBlankLine } from "../../records/isBlankLine.ts";
import { createCsvParser } from "../../records/parser.ts";
import { recordsPerMark } from "../../scanner/scanner.ts";
import type { SegmentResult } from "../scan/segment.ts";
import { combineCrc32 } from "./combineCrc32.ts";

/** What the cutter knows of a chunk; its rejected records are counted elsewhere. */
export type CutChunk = Omit<Chunk, "rejected" | "rejectedStart" | "rejectedEnd">;

export interface CutterOptions {
  /** Records of a chunk. */
  readonly chunkSize: number;
  readonly dialect: Dialect;
  readonly maxRecordBytes: number;
  readonly columnCount: number;
  /** Where the first record may begin, and the line there, from 1. */
  readonly startByte: number;
  readonly startLine: number;
}

/** Cuts the records of a file into chunks, while its segments come by in order. */
export class ChunkCutter {
  readonly #options: CutterOptions;
  readonly #chunks: CutChunk[] = [];
  /** Of the chunk that is open. */
  #startIndex = 0;
  #startByte: number;
  #startLine: number;
  #crc32 = 0;
  /** Of what comes next. */
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

  /** Line that the next record begins in, from 1. */
  get line(): number {
    return this.#line;
  }

  /** Bytes that belong to a record which is counted already. `lines`: line ends among them. */
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
      line += this.#linesIn(bytes.subarray(from, start));
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

  /** Where the record stands that is the `index`th of the segment: behind the last mark before it. */
  #placeOf({ bytes, marks }: SegmentResult, index: number): number {
    const mark = marks[Math.floor(index / recordsPerMark)] as number;
    let toSkip = index % recordsPerMark;
    let place = -1;
    const { dialect, maxRecordBytes, columnCount } = this.#options;
    const take = (record: CsvRecord) => {
      if (place >= 0 || isBlankLine(record, columnCount)) return;
      if (toSkip === 0) place = record.byte;
      toSkip -= 1;
    };
    const parser = createCsvParser({ ...dialect, maxRecordBytes, byte: mark, line: 1 }, take);
    for (let at = mark; at < bytes.length && place < 0; at += stepBytes) {
      parser.push(bytes.subarray(at, at + stepBytes));
    }
    if (place < 0) parser.end();
    return place;
  }

  #linesIn(bytes: Uint8Array): number {
    const lineEnd = this.#options.dialect.lineEnd === "lf" ? 0x0a : 0x0d;
    let lines = 0;
    for (let at = bytes.indexOf(lineEnd); at >= 0; at = bytes.indexOf(lineEnd, at + 1)) lines += 1;
    return lines;
  }
}

const stepBytes = 4 * 1024;
