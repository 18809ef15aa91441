import { GetObjectCommand } from "@aws-sdk/client-s3";
import type { ObjectReader, ObjectVersion } from "../../model/objectStore.ts";
import { readAhead } from "../readAhead.ts";
import { changedFault, checkRange } from "../version.ts";
import { fillRange, inParts, type RangeAnswer } from "./fillRange.ts";
import { bodyOf, placeOf, type S3Connection } from "./s3Connection.ts";
import { statusOf } from "./s3Fault.ts";

const mebibyte = 1024 * 1024;

// One connection reaches 85 to 90 MB/s. With parts of 8 MiB the time to the first byte is relatively small.
const readPartBytes = 8 * mebibyte;
const readsAtATime = 4;

const streamPartBytes = 4 * mebibyte;
const streamParts = 4;

/**
 * Reads one version of an object. `If-Match` ties the reads to it, not a version id: reading by version id would need
 * s3:GetObjectVersion, and most buckets keep no versions.
 */
export class S3Reader implements ObjectReader {
  readonly version: ObjectVersion;
  readonly #s3: S3Connection;

  constructor(s3: S3Connection, version: ObjectVersion) {
    this.#s3 = s3;
    this.version = version;
  }

  async readInto(start: number, target: Uint8Array, signal?: AbortSignal): Promise<void> {
    checkRange(this.version, start, start + target.length);
    const plan = { partBytes: readPartBytes, limit: readsAtATime, signal };
    await inParts(target, plan, (offset, part, groupSignal) => this.#fill(start + offset, part, groupSignal));
  }

  stream(start: number, end: number, signal?: AbortSignal): AsyncIterable<Uint8Array> {
    checkRange(this.version, start, end);
    const plan = { start, end, partBytes: streamPartBytes, parts: streamParts, pieceBytes: mebibyte, signal };
    return readAhead((from, target, groupSignal) => this.#fill(from, target, groupSignal), plan);
  }

  async close(): Promise<void> {}

  #fill(start: number, target: Uint8Array, signal: AbortSignal | undefined): Promise<void> {
    const { patience } = this.#s3;
    const range = { what: this.version.uri, start, target, patience, signal };
    return fillRange((from, end, attemptSignal) => this.#get(from, end, attemptSignal), range);
  }

  async #get(start: number, end: number, signal: AbortSignal): Promise<RangeAnswer> {
    const { uri, etag } = this.version;
    const command = new GetObjectCommand({ ...placeOf(uri), Range: `bytes=${start}-${end - 1}`, IfMatch: etag });
    try {
      const answer = await this.#s3.client.send(command, { abortSignal: signal });
      return { body: bodyOf(answer, signal), length: answer.ContentLength ?? -1 };
    } catch (error) {
      const status = statusOf(error);
      if (status !== 412 && status !== 416) throw this.#s3.faultOf(error, uri, "s3:GetObject");
      throw changedFault(uri, etag, (await this.#s3.head(uri)).etag, error);
    }
  }
}
