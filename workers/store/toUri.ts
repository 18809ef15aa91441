import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { quoted } from "../../src/shared/text.ts";
import { WorkerFault } from "../model/fault.ts";

export interface NamesAreIn {
  /** The bucket of names without a scheme, which are keys. */
  readonly bucket?: string | undefined;
  /** The folder that `./` and `../` are relative to. */
  readonly workingFolder?: string | undefined;
}

/**
 * The full uri of a name typed by a user: `s3://bucket/key` and `file:///path` stay unchanged; `/x`, `./x` and `../x`
 * are files; every other name is a key in the bucket. Throws a WorkerFault: `configuration` for a key without a bucket,
 * `usage` for an invalid name.
 */
export function toUri(text: string, { bucket, workingFolder }: NamesAreIn): string {
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(text)?.[1]?.toLowerCase();
  if (scheme === "s3") return s3Uri(text);
  if (scheme === "file") return fileUri(text);
  if (scheme !== undefined) {
    throw new WorkerFault("usage", `${quoted(text)} has the scheme ${scheme}://, which is not supported`, {
      hint: forms,
    });
  }
  if (text === "" || text.includes("\0"))
    throw new WorkerFault("usage", `${quoted(text)} is not a name`, { hint: forms });
  if (text.startsWith("/")) return pathToFileURL(resolve(text)).href;
  if (/^\.{1,2}(\/|$)/.test(text)) {
    if (workingFolder === undefined) {
      throw new WorkerFault("usage", `${quoted(text)} is relative to a folder, and there is none here`, {
        hint: forms,
      });
    }
    return pathToFileURL(resolve(workingFolder, text)).href;
  }
  if (bucket === undefined || bucket === "") {
    throw new WorkerFault("configuration", `${quoted(text)} is a key in a bucket, but no bucket is set`, {
      hint: "Set S3_BUCKET, or write the whole name as s3://bucket/key, or ./name for a file.",
    });
  }
  return s3Uri(`s3://${bucket}/${text}`);
}

const forms = "Use s3://bucket/key, file:///path, /path, ./path, or a key in S3_BUCKET.";

// Not a URL: a key may contain any character, including % and #, without escaping.
function s3Uri(text: string): string {
  const uri = `s3://${text.slice("s3://".length)}`;
  const [, bucket, key] = /^s3:\/\/([^/]*)\/(.*)$/s.exec(uri) ?? [];
  if (!bucket || !key) {
    throw new WorkerFault("usage", `${quoted(text)} does not name an object`, { hint: "Write it as s3://bucket/key." });
  }
  return uri;
}

function fileUri(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  // file://data/x.csv refers to a host called "data", but is usually meant as a folder.
  if (url === undefined || (url.host !== "" && url.host !== "localhost")) {
    throw new WorkerFault("usage", `${quoted(text)} does not name a local file`, {
      hint: "Write the path from the root, with three slashes: file:///path.",
    });
  }
  return url.href;
}
