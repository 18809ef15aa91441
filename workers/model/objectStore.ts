/** One version of an object, by which it is recognised again. */
export interface ObjectVersion {
  /** `s3://bucket/key` or `file:///path`. */
  readonly uri: string;
  /** Bytes. */
  readonly size: number;
  /** Changes whenever the bytes do. Includes the quotes, as in S3. */
  readonly etag: string;
}

/**
 * Where files are read from and results are written to: S3, or local folders. Missing objects, denied access and
 * services that do not respond are thrown as a WorkerFault (input-missing, not-allowed, try-again) that names the uri.
 */
export interface ObjectStore {
  /** Opens an object for reading. With an `etag`, an object whose ETag differs is refused (input-missing). */
  open(uri: string, expected?: { readonly etag: string }): Promise<ObjectReader>;
  /** A small object in one piece; undefined when there is none. */
  get(uri: string): Promise<{ readonly bytes: Uint8Array; readonly etag: string } | undefined>;
  /**
   * Writes a small object in one piece, so that a reader sees the old bytes or the new ones. Throws a `Conflict` when
   * `ifMatch` is not the current ETag, or `ifAbsent` is set and the object exists.
   */
  put(uri: string, bytes: Uint8Array, options?: PutOptions): Promise<{ readonly etag: string }>;
  /** Writes a large object piece by piece. It exists once `close` returns, or never. */
  createWriter(uri: string, options?: { readonly contentType?: string }): ObjectWriter;
  /** Closes what is still open, such as kept-alive connections. */
  destroy(): void;
}

export interface PutOptions {
  readonly contentType?: string;
  readonly ifMatch?: string;
  readonly ifAbsent?: boolean;
}

export interface ObjectReader {
  readonly version: ObjectVersion;
  /**
   * Fills `target` with the bytes from `start`. Returns with every byte or throws: after a connection that breaks or
   * stalls, reading resumes where it stopped. `target` may be in shared memory.
   */
  readInto(start: number, target: Uint8Array, signal?: AbortSignal): Promise<void>;
  /**
   * The bytes [start, end) in order, in pieces of up to about 1 MiB, read ahead in parallel within bounded memory.
   * A piece is only valid until the next one is requested.
   */
  stream(start: number, end: number, signal?: AbortSignal): AsyncIterable<Uint8Array>;
  close(): Promise<void>;
}

export interface ObjectWriter {
  /** Copies the bytes (they may be reused after it returns). Waits while too much is pending. */
  write(bytes: Uint8Array): Promise<void>;
  close(): Promise<ObjectVersion>;
  /** Leaves nothing behind. */
  abort(): Promise<void>;
}

/** Another writer wrote the object in the meantime. */
export class Conflict extends Error {
  constructor(uri: string, options?: { cause?: unknown }) {
    super(`${uri} was written by another writer in the meantime`, options);
    this.name = "Conflict";
  }
}
