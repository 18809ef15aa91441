import { GetObjectCommand, type GetObjectCommandOutput, PutObjectCommand } from "@aws-sdk/client-s3";
import {
  Conflict,
  type ObjectReader,
  type ObjectStore,
  type ObjectWriter,
  type PutOptions,
} from "../../model/objectStore.ts";
import { persist } from "../persist.ts";
import { changedFault } from "../version.ts";
import { Attempt } from "./attempt.ts";
import { PartedWriter } from "./partedWriter.ts";
import { bodyOf, etagOf, placeOf, S3Connection, type S3Settings } from "./s3Connection.ts";
import { statusOf } from "./s3Fault.ts";
import { S3Reader } from "./s3Reader.ts";
import { S3Upload } from "./s3Upload.ts";

/** S3 objects, by `s3://bucket/key`. */
export class S3Store implements ObjectStore {
  readonly #s3: S3Connection;

  constructor(settings: S3Settings) {
    this.#s3 = new S3Connection(settings);
  }

  async open(uri: string, expected?: { readonly etag: string }): Promise<ObjectReader> {
    const version = await persist(uri, this.#s3.patience, undefined, () => this.#s3.head(uri));
    if (expected !== undefined && expected.etag !== version.etag) throw changedFault(uri, expected.etag, version.etag);
    return new S3Reader(this.#s3, version);
  }

  get(uri: string): Promise<{ readonly bytes: Uint8Array; readonly etag: string } | undefined> {
    const { patience } = this.#s3;
    return this.#s3.persist(uri, "s3:GetObject", async () => {
      const attempt = new Attempt(patience.noProgressMs, undefined);
      try {
        const answer = await attempt.within(this.#sendGet(uri, attempt.signal));
        if (answer === undefined) return undefined;
        const pieces: Uint8Array[] = [];
        for await (const piece of attempt.piecesOf(bodyOf(answer, attempt.signal))) pieces.push(piece);
        const bytes = Buffer.concat(pieces);
        if (bytes.length !== answer.ContentLength) throw new Error("the body ended early");
        return { bytes, etag: answer.ETag ?? "" };
      } finally {
        attempt.end();
      }
    });
  }

  async #sendGet(uri: string, signal: AbortSignal): Promise<GetObjectCommandOutput | undefined> {
    try {
      return await this.#s3.client.send(new GetObjectCommand(placeOf(uri)), { abortSignal: signal });
    } catch (error) {
      if (statusOf(error) === 404 && (error as Error).name !== "NoSuchBucket") return undefined;
      throw error;
    }
  }

  async put(uri: string, bytes: Uint8Array, options: PutOptions = {}): Promise<{ readonly etag: string }> {
    const command = new PutObjectCommand({
      ...placeOf(uri),
      Body: bytes,
      ContentType: options.contentType,
      IfMatch: options.ifMatch,
      IfNoneMatch: options.ifAbsent ? "*" : undefined,
    });
    let attempts = 0;
    const outcome = await this.#s3.persist(uri, "s3:PutObject", () => {
      attempts++;
      return this.#sendPut(uri, command);
    });
    if (!(outcome instanceof Conflict)) return outcome;
    // An attempt whose response was lost may have written the object, and then causes the conflict of its own retry.
    const written = attempts > 1 ? await this.get(uri) : undefined;
    if (written !== undefined && Buffer.compare(written.bytes, bytes) === 0) return { etag: written.etag };
    throw outcome;
  }

  /** A conflict is returned, not thrown: another attempt would not help. */
  async #sendPut(uri: string, command: PutObjectCommand): Promise<{ readonly etag: string } | Conflict> {
    const { IfMatch, IfNoneMatch } = command.input;
    const isConditional = IfMatch !== undefined || IfNoneMatch !== undefined;
    try {
      return etagOf(await this.#s3.client.send(command));
    } catch (error) {
      if (isConditional && isConflict(error)) return new Conflict(uri, { cause: error });
      throw error;
    }
  }

  createWriter(uri: string, options?: { readonly contentType?: string }): ObjectWriter {
    return new PartedWriter(uri, new S3Upload(this.#s3, uri, options));
  }

  destroy(): void {
    this.#s3.client.destroy();
  }
}

/** Some services answer 404 instead of 412 when there is no object whose ETag could match. */
function isConflict(error: unknown): boolean {
  const status = statusOf(error);
  return status === 412 || status === 409 || (status === 404 && (error as Error).name === "NoSuchKey");
}
