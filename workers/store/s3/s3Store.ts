import type { Readable } from "node:stream";
import {
  GetObjectCommand,
  type GetObjectCommandOutput,
  HeadObjectCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { type Patience, usualPatience } from "../../../src/shared/retry.ts";
import { WorkerFault } from "../../model/fault.ts";
import {
  Conflict,
  type ObjectReader,
  type ObjectStore,
  type ObjectVersion,
  type PutOptions,
} from "../../model/objectStore.ts";
import { checkRange } from "../checkRange.ts";
import { persist } from "../persist.ts";
import { readAhead } from "../readAhead.ts";
import { changedFault } from "../version.ts";
import { startAttempt } from "./attempt.ts";
import { etagOf } from "./etagOf.ts";
import { fillRange, type GetRange } from "./fillRange.ts";
import { inParts } from "./inParts.ts";
import { partedWriter } from "./partedWriter.ts";
import { s3Fault, statusOf } from "./s3Fault.ts";
import { s3Upload } from "./s3Upload.ts";

export interface S3Settings {
  readonly region: string;
  /** Another address of S3 than that of AWS; else AWS_ENDPOINT_URL_S3 or AWS_ENDPOINT_URL, if there is one. */
  readonly endpoint?: string | undefined;
  readonly patience?: Partial<Patience>;
}

const mebibyte = 1024 * 1024;

// One connection gives 85 to 90 MB/s. Parts of 8 MiB keep the time before the first byte small against the rest.
const readPartBytes = 8 * mebibyte;
const readsAtATime = 4;

const streamPartBytes = 4 * mebibyte;
const streamParts = 4;

/**
 * Objects of S3. It tries again by itself and with a budget of its own: the retries of the S3 client end where the
 * headers do, and most of the time is spent in bodies.
 *
 * Reads are held to one version by `If-Match`, not by a version id: reading by version id would need
 * s3:GetObjectVersion, and most buckets keep no versions.
 */
export function createS3Store(settings: S3Settings): ObjectStore {
  const patience = { ...usualPatience, ...settings.patience };
  const client = createClient(settings, patience);

  /** Turns what cannot be helped into a WorkerFault; everything else is passed on, to be tried again. */
  async function ask<Result>(uri: string, action: string, send: () => Promise<Result>): Promise<Result> {
    try {
      return await send();
    } catch (error) {
      if (error instanceof WorkerFault || error instanceof Conflict) throw error;
      const { AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: relative, AWS_CONTAINER_CREDENTIALS_FULL_URI: full } =
        process.env;
      const hasCredentialsService = relative !== undefined || full !== undefined;
      throw s3Fault(error, { uri, action, region: settings.region, hasCredentialsService }) ?? error;
    }
  }

  async function open(uri: string, expected?: { readonly etag: string }): Promise<ObjectReader> {
    const version = await persist(uri, patience, undefined, () => head(uri));
    if (expected !== undefined && expected.etag !== version.etag) throw changedFault(uri, expected.etag, version.etag);
    return reader(version);
  }

  async function head(uri: string): Promise<ObjectVersion> {
    try {
      const { ETag = "", ContentLength } = await client.send(new HeadObjectCommand(placeOf(uri)));
      if (ContentLength === undefined) throw new Error("the answer does not say how long the object is");
      return { uri, size: ContentLength, etag: ETag };
    } catch (error) {
      const status = statusOf(error);
      // The answer to HEAD has no body, so it does not say whether the bucket or the object is missing, which action of
      // whom was refused, nor where the bucket is. That to GET does.
      const reason = status !== undefined && status < 500 && status !== 429 ? await reasonOf(uri, error) : error;
      return ask(uri, "s3:GetObject", () => Promise.reject(reason));
    }
  }

  async function reasonOf(uri: string, error: unknown): Promise<unknown> {
    try {
      closeBody(await client.send(new GetObjectCommand({ ...placeOf(uri), Range: "bytes=0-0" })));
      return error;
    } catch (told) {
      return statusOf(told) === statusOf(error) ? told : error;
    }
  }

  function reader(version: ObjectVersion): ObjectReader {
    const { uri, etag } = version;
    const place = placeOf(uri);

    const getRange: GetRange = (start, end, signal) =>
      ask(uri, "s3:GetObject", async () => {
        const command = new GetObjectCommand({ ...place, Range: `bytes=${start}-${end - 1}`, IfMatch: etag });
        try {
          const answer = await client.send(command, { abortSignal: signal });
          return { body: bodyOf(answer, signal), length: answer.ContentLength ?? -1 };
        } catch (error) {
          const status = statusOf(error);
          if (status !== 412 && status !== 416) throw error;
          throw changedFault(uri, etag, (await head(uri)).etag, error);
        }
      });

    const readPart = (start: number, target: Uint8Array, signal: AbortSignal | undefined) =>
      fillRange(getRange, { what: uri, start, target, patience, signal });

    return {
      version,
      async readInto(start, target, signal) {
        checkRange(version, start, start + target.length);
        const plan = { partBytes: readPartBytes, limit: readsAtATime, signal };
        await inParts(target, plan, (offset, part, groupSignal) => readPart(start + offset, part, groupSignal));
      },
      stream(start, end, signal) {
        checkRange(version, start, end);
        const plan = { start, end, partBytes: streamPartBytes, parts: streamParts, pieceBytes: mebibyte, signal };
        return readAhead(readPart, plan);
      },
      close: async () => {},
    };
  }

  function get(uri: string): Promise<{ readonly bytes: Uint8Array; readonly etag: string } | undefined> {
    return persist(uri, patience, undefined, async () => {
      const attempt = startAttempt(patience.noProgressMs, undefined);
      let isComplete = false;
      try {
        const answer = await attempt.within(sendGet(uri, attempt.signal));
        if (answer === undefined) return undefined;
        const pieces: Uint8Array[] = [];
        const body = bodyOf(answer, attempt.signal)[Symbol.asyncIterator]();
        for (;;) {
          const next = await attempt.within(body.next());
          if (next.done === true) break;
          attempt.progressed();
          pieces.push(next.value);
        }
        isComplete = true;
        const bytes = Buffer.concat(pieces);
        if (bytes.length !== answer.ContentLength) throw new Error("the body ended early");
        return { bytes, etag: answer.ETag ?? "" };
      } finally {
        attempt.end(isComplete);
      }
    });
  }

  function sendGet(uri: string, signal: AbortSignal): Promise<GetObjectCommandOutput | undefined> {
    return ask(uri, "s3:GetObject", async () => {
      try {
        return await client.send(new GetObjectCommand(placeOf(uri)), { abortSignal: signal });
      } catch (error) {
        if (statusOf(error) === 404 && (error as Error).name !== "NoSuchBucket") return undefined;
        throw error;
      }
    });
  }

  async function put(uri: string, bytes: Uint8Array, options: PutOptions = {}): Promise<{ readonly etag: string }> {
    const command = new PutObjectCommand({
      ...placeOf(uri),
      Body: bytes,
      ContentType: options.contentType,
      IfMatch: options.ifMatch,
      IfNoneMatch: options.ifAbsent ? "*" : undefined,
    });
    const isConditional = options.ifMatch !== undefined || options.ifAbsent === true;
    type Lost = { readonly conflict: Conflict; readonly attemptNumber: number };
    const outcome = await persist<{ readonly etag: string } | Lost>(uri, patience, undefined, async (attemptNumber) => {
      try {
        return await ask(uri, "s3:PutObject", async () => {
          try {
            return etagOf(await client.send(command));
          } catch (error) {
            // Some answer 404 instead of 412 when there is no object whose ETag could match.
            const status = statusOf(error);
            const isLost =
              status === 412 || status === 409 || (status === 404 && (error as Error).name === "NoSuchKey");
            throw isConditional && isLost ? new Conflict(uri, { cause: error }) : error;
          }
        });
      } catch (error) {
        if (error instanceof Conflict) return { conflict: error, attemptNumber };
        throw error;
      }
    });
    if (!("conflict" in outcome)) return outcome;
    // An attempt whose answer was lost may have written the object, and then it is itself what a later one runs into.
    const written = outcome.attemptNumber > 1 ? await get(uri) : undefined;
    if (written !== undefined && Buffer.compare(written.bytes, bytes) === 0) return { etag: written.etag };
    throw outcome.conflict;
  }

  return {
    open,
    get,
    put,
    createWriter: (uri, options) =>
      partedWriter(uri, s3Upload({ client, uri, place: placeOf(uri), patience, ask, head, options })),
    destroy: () => client.destroy(),
  };
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
function placeOf(uri: string): { readonly Bucket: string; readonly Key: string } {
  const rest = uri.slice("s3://".length);
  const slash = rest.indexOf("/");
  return { Bucket: rest.slice(0, slash), Key: rest.slice(slash + 1) };
}

/** The body of an answer, which is cut as soon as the signal is aborted: a body that nobody reads keeps its socket for ever. */
function bodyOf(answer: GetObjectCommandOutput, signal: AbortSignal): AsyncIterable<Uint8Array> {
  const body = answer.Body as Readable | undefined;
  if (body === undefined) throw new Error("the answer has no body");
  const cut = () => body.destroy();
  if (signal.aborted) cut();
  signal.addEventListener("abort", cut, { once: true });
  return body;
}

function closeBody(answer: GetObjectCommandOutput): void {
  (answer.Body as Readable | undefined)?.destroy();
}
