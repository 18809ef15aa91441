import type { Dialect } from "./dialect.ts";
import type { ObjectVersion } from "./objectStore.ts";

/**
 * `manifest.json`: what the validator passes to the processor about a file. The same input results in the same bytes.
 */
export interface Manifest {
  readonly format: "gen-batch-config/manifest/1";
  /** The original file. */
  readonly source: ObjectVersion;
  /**
   * What byte positions refer to: the source itself, or (where the source is compressed or not UTF-8, and so has no
   * positions to jump to) the plain UTF-8 copy of it that the validator wrote beside the manifest.
   */
  readonly data: ObjectVersion;
  readonly compression: "none" | "gzip" | "zstd";
  /** As TextDecoder names it: "utf-8", "windows-1252", "utf-16le", ... */
  readonly encoding: string;
  readonly dialect: Dialect;
  /** Maximum bytes of a record: the end of a malformed record depends on it. */
  readonly maxRecordBytes: number;
  /** In the order of the fields. */
  readonly columns: readonly Column[];
  /** Where the schema came from; null when only the structure was checked. */
  readonly schema: string | null;
  readonly counts: Counts;
  /** Records per chunk; the last chunk may have fewer. */
  readonly chunkSize: number;
  readonly chunks: number;
}

export interface Column {
  readonly name: string;
  /** How a field is written into a JSON message. A number or integer keeps its digits as in the file. */
  readonly type: "string" | "integer" | "number" | "boolean";
}

export interface Counts {
  readonly records: number;
  readonly valid: number;
  readonly rejected: number;
  /** Lines of the data, including those inside quotes; a last line without a line end counts as well. */
  readonly lines: number;
  readonly bytes: number;
}

/** An entry of `chunks.json`, the array that the Distributed Map reads. */
export interface Chunk {
  readonly chunkId: string;
  /** Record indexes start at 0 and do not count the header. */
  readonly startIndex: number;
  /** Exclusive. */
  readonly endIndex: number;
  /** endIndex - startIndex. */
  readonly chunkSize: number;
  /** Where the first record starts in `data`. */
  readonly startByte: number;
  /** Where the first byte after the last record's line end is. */
  readonly endByte: number;
  /** Line of the first record, from 1. */
  readonly startLine: number;
  /** CRC-32 (that of gzip and zlib.crc32) of the bytes, as 8 hexadecimal digits. */
  readonly crc32: string;
  /**
   * Records of this chunk that were rejected. They are listed in `rejected.bin`, in the bytes [rejectedStart,
   * rejectedEnd).
   */
  readonly rejected: number;
  readonly rejectedStart: number;
  readonly rejectedEnd: number;
}
