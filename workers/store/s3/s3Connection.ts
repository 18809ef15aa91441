import type { Readable } from "node:stream";
import { GetObjectCommand, type GetObjectCommandOutput, HeadObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { type Patience, usualPatience } from "../../../src/shared/retry.ts";
import { WorkerFault } from "../../model/fault.ts";
import type { ObjectVersion } from "../../model/objectStore.ts";
import { persist } from "../persist.ts";
import { s3Fault, statusOf } from "./s3Fault.ts";

export interface S3Settings {
  readonly region: string;
  /** An S3 endpoint other than that of AWS. Default: AWS_ENDPOINT_URL_S3 or AWS_ENDPOINT_URL, if set. */
  readonly endpoint?: string | undefined;
  readonly patience?: Partial<Patience>;
}

/**
 * An S3 client, and what its errors mean. Requests are retried here, with our own limits: the retries of the
 * S3 client end with the headers, while most of the time is spent in bodies.
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

  /** Repeats a request until it is answered or another attempt would not help. */
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

  /** A WorkerFault when another attempt would not help; every other error is returned unchanged, to be retried. */
  faultOf(error: unknown, uri: string, action: string): unknown {
    if (error instanceof WorkerFault) return error;
    const { AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: relative, AWS_CONTAINER_CREDENTIALS_FULL_URI: full } = process.env;
    const hasCredentialsService = relative !== undefined || full !== undefined;
    return s3Fault(error, { uri, action, region: this.#region, hasCredentialsService }) ?? error;
  }

  /** The present version of an object, from a single request. */
  async head(uri: string): Promise<ObjectVersion> {
    try {
      const { ETag = "", ContentLength } = await this.client.send(new HeadObjectCommand(placeOf(uri)));
      if (ContentLength === undefined) throw new Error("the response does not contain the length of the object");
      return { uri, size: ContentLength, etag: ETag };
    } catch (error) {
      const status = statusOf(error);
      // The response to HEAD has no body, so it does not say whether the bucket or the object is missing, which action
      // of which role was denied, nor where the bucket is. The response to GET does.
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
    // With the bucket in the host name, an emulator on 127.0.0.1 would not be found.
    ...(endpoint === undefined ? {} : { endpoint, forcePathStyle: true }),
    maxAttempts: 1,
    // The checksums of whole objects cannot be checked on ranges, and computing them has run out of memory on large
    // ones.
    responseChecksumValidation: "WHEN_REQUIRED",
    requestChecksumCalculation: "WHEN_REQUIRED",
    // It would open a separate connection for every written part.
    expectContinueHeader: false,
    requestHandler: { connectionTimeout: 5_000, socketTimeout: 2 * noProgressMs, httpAgent: agent, httpsAgent: agent },
  });
}

/** As in the SDK, an empty variable counts as not set. */
function endpointOf({ AWS_ENDPOINT_URL_S3: ofS3, AWS_ENDPOINT_URL: ofAll }: NodeJS.ProcessEnv): string | undefined {
  return ofS3 || ofAll || undefined;
}

// More than the reads of one worker have in flight, so that none waits for another.
const agent = { keepAlive: true, maxSockets: 64 };

/** @returns the bucket and key of `s3://bucket/key`. */
export function placeOf(uri: string): { readonly Bucket: string; readonly Key: string } {
  const rest = uri.slice("s3://".length);
  const slash = rest.indexOf("/");
  return { Bucket: rest.slice(0, slash), Key: rest.slice(slash + 1) };
}

/**
 * The ETag that S3 assigns to everything it stores. A response without one is not from S3, whatever its status:
 * something in between responded (a proxy with its own page), and nothing is stored.
 */
export function etagOf({ ETag }: { readonly ETag?: string | undefined }): { readonly etag: string } {
  if (ETag === undefined || ETag === "") throw new Error("the response has no ETag");
  return { etag: ETag };
}

/** The body of a response. It is closed when the signal is aborted: an unread body would keep its socket forever. */
export function bodyOf(answer: GetObjectCommandOutput, signal: AbortSignal): AsyncIterable<Uint8Array> {
  const body = answer.Body as Readable | undefined;
  if (body === undefined) throw new Error("the response has no body");
  const close = () => body.destroy();
  if (signal.aborted) close();
  signal.addEventListener("abort", close, { once: true });
  return body;
}
