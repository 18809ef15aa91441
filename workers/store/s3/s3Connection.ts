import type { Readable } from "node:stream";
import { GetObjectCommand, type GetObjectCommandOutput, HeadObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { type Patience, usualPatience } from "../../../src/shared/retry.ts";
import { WorkerFault } from "../../model/fault.ts";
import type { ObjectVersion } from "../../model/objectStore.ts";
import { persist } from "../persist.ts";
import { s3Fault, statusOf } from "./s3Fault.ts";

export interface S3Settings {
  readonly region: string;
  /** Another address of S3 than that of AWS; else AWS_ENDPOINT_URL_S3 or AWS_ENDPOINT_URL, if there is one. */
  readonly endpoint?: string | undefined;
  readonly patience?: Partial<Patience>;
}

/**
 * A client of S3, and what its errors mean. Requests are repeated here and with a budget of our own: the retries of the
 * S3 client end where the headers do, and most of the time is spent in bodies.
 */
export class S3Connection {
  readonly client: S3Client;
  readonly patience: Patience;
  readonly #region: string;

  constructor(settings: S3Settings) {
    this.patience = { ...usualPatience, ...settings.patience };
    this.client = createClient(settings, this.patience);
    this.#region = settings.region;
  }

  /** Sends a request again and again, until it is answered or another attempt would not help. */
  persist<Result>(
    uri: string,
    action: string,
    send: () => Promise<Result>,
    signal?: AbortSignal | undefined,
  ): Promise<Result> {
    return persist(uri, this.patience, signal, async () => {
      try {
        return await send();
      } catch (error) {
        throw this.faultOf(error, uri, action);
      }
    });
  }

  /** A WorkerFault when another attempt would not help; every other error is given back as it is, to be tried again. */
  faultOf(error: unknown, uri: string, action: string): unknown {
    if (error instanceof WorkerFault) return error;
    const { AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: relative, AWS_CONTAINER_CREDENTIALS_FULL_URI: full } = process.env;
    const hasCredentialsService = relative !== undefined || full !== undefined;
    return s3Fault(error, { uri, action, region: this.#region, hasCredentialsService }) ?? error;
  }

  /** The present version of an object, asked for once. */
  async head(uri: string): Promise<ObjectVersion> {
    try {
      const { ETag = "", ContentLength } = await this.client.send(new HeadObjectCommand(placeOf(uri)));
      if (ContentLength === undefined) throw new Error("the response does not contain the length of the object");
      return { uri, size: ContentLength, etag: ETag };
    } catch (error) {
      const status = statusOf(error);
      // The answer to HEAD has no body, so it does not say whether the bucket or the object is missing, which action of
      // which role was refused, nor where the bucket is. That to GET does.
      const reason = status !== undefined && status < 500 && status !== 429 ? await this.#reasonOf(uri, error) : error;
      throw this.faultOf(reason, uri, "s3:GetObject");
    }
  }

  async #reasonOf(uri: string, error: unknown): Promise<unknown> {
    try {
      const answer = await this.client.send(new GetObjectCommand({ ...placeOf(uri), Range: "bytes=0-0" }));
      (answer.Body as Readable | undefined)?.destroy();
      return error;
    } catch (reason) {
      return statusOf(reason) === statusOf(error) ? reason : error;
    }
  }
}

function createClient(
  { region, endpoint = endpointOf(process.env) }: S3Settings,
  { noProgressMs }: Patience,
): S3Client {
  return new S3Client({
    region,
    // With the bucket in the host name an emulator on 127.0.0.1 is not found.
    ...(endpoint === undefined ? {} : { endpoint, forcePathStyle: true }),
    maxAttempts: 1,
    // The checksums of whole objects cannot be checked on ranges, and computing them has run out of memory on large ones.
    responseChecksumValidation: "WHEN_REQUIRED",
    requestChecksumCalculation: "WHEN_REQUIRED",
    // It would give every part that is written a connection of its own.
    expectContinueHeader: false,
    requestHandler: { connectionTimeout: 5_000, socketTimeout: 2 * noProgressMs, httpAgent: agent, httpsAgent: agent },
  });
}

/** As the SDK reads it; a variable that is empty is one that is not set. */
function endpointOf({ AWS_ENDPOINT_URL_S3: ofS3, AWS_ENDPOINT_URL: ofAll }: NodeJS.ProcessEnv): string | undefined {
  return ofS3 || ofAll || undefined;
}

// Above what the reads of one worker have under way together, so that none waits for another.
const agent = { keepAlive: true, maxSockets: 64 };

/** @returns the bucket and key of `s3://bucket/key`. */
export function placeOf(uri: string): { readonly Bucket: string; readonly Key: string } {
  const rest = uri.slice("s3://".length);
  const slash = rest.indexOf("/");
  return { Bucket: rest.slice(0, slash), Key: rest.slice(slash + 1) };
}

/**
 * The ETag that S3 gives everything it has stored. An answer without one is not from S3, whatever its status says:
 * something on the way has answered (a proxy with a page of its own), and nothing is stored.
 */
export function etagOf({ ETag }: { readonly ETag?: string | undefined }): { readonly etag: string } {
  if (ETag === undefined || ETag === "") throw new Error("the response has no ETag");
  return { etag: ETag };
}

/** The body of an answer. It is closed when the signal is aborted: a body that is not read keeps its socket for ever. */
export function bodyOf(answer: GetObjectCommandOutput, signal: AbortSignal): AsyncIterable<Uint8Array> {
  const body = answer.Body as Readable | undefined;
  if (body === undefined) throw new Error("the response has no body");
  const close = () => body.destroy();
  if (signal.aborted) close();
  signal.addEventListener("abort", close, { once: true });
  return body;
}
