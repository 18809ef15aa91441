import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  PutObjectCommand,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { WorkerFault } from "../../model/fault.ts";
import { persist } from "../persist.ts";
import { maxParts, type Upload } from "./partedWriter.ts";
import { etagOf, placeOf, type S3Connection } from "./s3Connection.ts";
import { statusOf } from "./s3Fault.ts";

/** The requests that write one object, each retried individually. */
export class S3Upload implements Upload {
  readonly #s3: S3Connection;
  readonly #uri: string;
  readonly #place: { readonly Bucket: string; readonly Key: string };
  readonly #content: { readonly ContentType: string | undefined };

  constructor(s3: S3Connection, uri: string, options?: { readonly contentType?: string }) {
    this.#s3 = s3;
    this.#uri = uri;
    this.#place = placeOf(uri);
    this.#content = { ContentType: options?.contentType };
  }

  async whole(bytes: Uint8Array): Promise<{ readonly etag: string }> {
    const command = new PutObjectCommand({ ...this.#place, ...this.#content, Body: bytes });
    return this.#put(async () => etagOf(await this.#s3.client.send(command)));
  }

  async start(): Promise<string> {
    const command = new CreateMultipartUploadCommand({ ...this.#place, ...this.#content });
    return this.#put(async () => {
      const { UploadId } = await this.#s3.client.send(command);
      if (UploadId === undefined) throw new Error("the response does not contain an upload id");
      return UploadId;
    });
  }

  async part(id: string, number: number, bytes: Uint8Array, signal: AbortSignal): Promise<{ readonly etag: string }> {
    if (number > maxParts) {
      throw new WorkerFault("configuration", `${this.#uri} would exceed the maximum size of an S3 object`, {
        hint: "Split the input into several files.",
      });
    }
    const command = new UploadPartCommand({ ...this.#place, UploadId: id, PartNumber: number, Body: bytes });
    return this.#put(async () => etagOf(await this.#s3.client.send(command, { abortSignal: signal })), signal);
  }

  async complete(id: string, etags: readonly string[], size: number): Promise<{ readonly etag: string }> {
    const { client, patience } = this.#s3;
    const Parts = etags.map((etag, index) => ({ ETag: etag, PartNumber: index + 1 }));
    const command = new CompleteMultipartUploadCommand({ ...this.#place, UploadId: id, MultipartUpload: { Parts } });
    return persist(this.#uri, patience, undefined, async (attemptNumber) => {
      try {
        return etagOf(await client.send(command));
      } catch (error) {
        // The upload no longer exists when an earlier attempt completed it and only the response was lost.
        const mayBeDone = attemptNumber > 1 && statusOf(error) === 404;
        const version = mayBeDone ? await this.#s3.head(this.#uri) : undefined;
        if (version?.size === size && version.etag.endsWith(`-${etags.length}"`)) return { etag: version.etag };
        throw this.#s3.faultOf(error, this.#uri, "s3:PutObject");
      }
    });
  }

  async abandon(id: string): Promise<void> {
    const command = new AbortMultipartUploadCommand({ ...this.#place, UploadId: id });
    await this.#s3.persist(this.#uri, "s3:AbortMultipartUpload", async () => {
      try {
        await this.#s3.client.send(command);
      } catch (error) {
        // It no longer exists: an attempt whose response was lost has aborted it.
        if (statusOf(error) !== 404) throw error;
      }
    });
  }

  #put<Result>(send: () => Promise<Result>, signal?: AbortSignal): Promise<Result> {
    return this.#s3.persist(this.#uri, "s3:PutObject", send, signal);
  }
}
