import type { Dialect } from "../model/dialect.ts";
import type { Column } from "../model/manifest.ts";
import type { Mark } from "../offsets/marks.ts";

/**
 * The work: the records [startIndex, endIndex) of a file. Either a chunk of a validated file, or a range of a file that
 * was not validated: a chunk whose start and invalid records are not known.
 */
export interface Work {
  readonly chunkId: string;
  readonly startIndex: number;
  /** Exclusive. */
  readonly endIndex: number;
  /** The data to read: plain UTF-8. */
  readonly data: { readonly uri: string; readonly etag: string };
  /** The original file. */
  readonly sourceUri: string;
  readonly columns: readonly Column[];
  readonly dialect: Dialect;
  readonly maxRecordBytes: number;
  /** Where reading starts: the first record of the chunk, or (for a range) of the file. */
  readonly start: Mark;
  readonly endByte: number;
  /** Undefined for a range. */
  readonly validated: ValidatedChunk | undefined;
  /** Everything that is read for the work. */
  readonly reads: readonly string[];
}

/** What the validator recorded about a chunk. */
export interface ValidatedChunk {
  readonly manifestUri: string;
  /** CRC-32 of the chunk's bytes. */
  readonly crc32: string;
  /** Records that it rejected, and the part of `rejected.bin` that lists them. */
  readonly rejected: number;
  readonly rejectedIndexes: Uint8Array;
  /** SHA-256 of all that is known about the chunk: the same work results in the same messages. */
  readonly identity: string;
}

/** An ETag without its quotes, as in a message's record-id. */
export function bareEtag(etag: string): string {
  return etag.replaceAll('"', "");
}
