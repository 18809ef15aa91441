import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  PutObjectCommand,
  type S3Client,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import type { Patience } from "../../../src/shared/retry.ts";
import { WorkerFault } from "../../model/fault.ts";
import type { ObjectVersion } from "../../model/objectStore.ts";
import { persist } from "../persist.ts";
import { etagOf } from "./etagOf.ts";
import type { Upload } from "./partedWriter.ts";
import { mostParts } from "./partPlan.ts";
import { statusOf } from "./s3Fault.ts";

export interface S3UploadParts {
  readonly client: S3Client;
  readonly uri: string;
  readonly place: { readonly Bucket: string; readonly Key: string };
  readonly patience: Patience;
  /** Turns an error that another attempt would not help into a WorkerFault. */
  readonly ask: <Result>(uri: string, action: string, send: () => Promise<Result>) => Promise<Result>;
  readonly head: (uri: string) => Promise<ObjectVersion>;
  readonly options?: { readonly contentType?: string } | undefined;
}

/** The requests that write one object, each tried again by itself. */
export function s3Upload({ client, uri, place, patience, ask, head, options }: S3UploadParts): Upload {
  const content = { ContentType: options?.contentType };

  const send = <Result>(action: string, work: () => Promise<Result>, signal?: AbortSignal) =>
    persist(uri, patience, signal, () => ask(uri, action, work));

  async function whole(bytes: Uint8Array): Promise<{ readonly etag: string }> {
    const command = new PutObjectCommand({ ...place, ...content, Body: bytes });
    return send("s3:PutObject", async () => etagOf(await client.send(command)));
  }

  async function begin(): Promise<string> {
    const command = new CreateMultipartUploadCommand({ ...place, ...content });
    return send("s3:PutObject", async () => {
      const { UploadId } = await client.send(command);
      if (UploadId === undefined) throw new Error("the answer names no upload");
      return UploadId;
    });
  }

  async function part(
    id: string,
    number: number,
    bytes: Uint8Array,
    signal: AbortSignal,
  ): Promise<{ readonly etag: string }> {
    if (number > mostParts) {
      throw new WorkerFault("configuration", `${uri} would be larger than an object of S3 can be`, {
        hint: "Divide the input into several files.",
      });
    }
    const command = new UploadPartCommand({ ...place, UploadId: id, PartNumber: number, Body: bytes });
    return send("s3:PutObject", async () => etagOf(await client.send(command, { abortSignal: signal })), signal);
  }

  async function complete(id: string, etags: readonly string[], size: number): Promise<{ readonly etag: string }> {
    const parts = etags.map((etag, index) => ({ ETag: etag, PartNumber: index + 1 }));
    const command = new CompleteMultipartUploadCommand({ ...place, UploadId: id, MultipartUpload: { Parts: parts } });
    return persist(uri, patience, undefined, async (attemptNumber) => {
      try {
        return etagOf(await client.send(command));
      } catch (error) {
        // The upload is gone when an earlier attempt completed it and only the answer was lost.
        const mayBeDone = attemptNumber > 1 && statusOf(error) === 404;
        const version = mayBeDone ? await head(uri) : undefined;
        if (version?.size === size && version.etag.endsWith(`-${etags.length}"`)) return { etag: version.etag };
        return ask(uri, "s3:PutObject", () => Promise.reject(error));
      }
    });
  }

  async function abandon(id: string): Promise<void> {
    const command = new AbortMultipartUploadCommand({ ...place, UploadId: id });
    await send("s3:AbortMultipartUpload", async () => {
      try {
        await client.send(command);
      } catch (error) {
        // It is gone: abandoned by an attempt whose answer was lost.
        if (statusOf(error) !== 404) throw error;
      }
    });
  }

  return { whole, begin, part, complete, abandon };
}
