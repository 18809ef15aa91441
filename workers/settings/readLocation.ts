import { resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

/**
 * Where something is: s3://BUCKET/KEY, a file as file:///PATH, /PATH, ./PATH or ../PATH, or a key that S3_BUCKET
 * completes. A file becomes a uri; a folder gets a trailing slash if it lacks one.
 */
export function readLocation(
  text: string,
  kind: "object" | "folder",
): { readonly value: string } | { readonly expected: string } {
  const value = isPlain(text) ? locationOf(kind === "folder" && !text.endsWith("/") ? `${text}/` : text) : undefined;
  if (value !== undefined && (kind === "folder" || !value.endsWith("/"))) return { value };
  return {
    expected: `${kind === "folder" ? "a folder, such as " : ""}s3://BUCKET/KEY, file:///PATH, /PATH, ./PATH or a key in S3_BUCKET`,
  };
}

/** The kinds of a location, for the conditions of the contract. A key is also in S3. */
export function kindsOfLocation(location: string): readonly string[] {
  if (location.startsWith("file:")) return ["file"];
  return location.startsWith("s3:") ? ["s3"] : ["s3", "key"];
}

/** The full uri of a location. */
export function completeLocation(location: string, bucket: string): string {
  return kindsOfLocation(location).includes("key") ? `s3://${bucket}/${location}` : location;
}

/** S3 accepts keys of up to 1,024 bytes; no intended key contains a lone surrogate or a control character. */
function isPlain(text: string): boolean {
  return text.length <= 4096 && !/[\u0000-\u001f\u007f]|\p{Cs}/u.test(text);
}

function locationOf(text: string): string | undefined {
  if (/^file:/i.test(text)) return fileUri(text);
  if (/^\.{0,2}\//.test(text)) return pathToFileURL(text.endsWith("/") ? `${resolve(text)}/` : resolve(text)).href;
  if (/^s3:\/\//.test(text)) return /^s3:\/\/[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]\//.test(text) ? text : undefined;
  // Another scheme is not a key: it is more likely a mistake.
  return /^[A-Za-z][A-Za-z0-9+.-]*:\/\//.test(text) ? undefined : text;
}

/** file://data/x refers to a host called data, but is usually meant as a folder. */
function fileUri(text: string): string | undefined {
  if (!/^file:\/\/\//i.test(text) || !URL.canParse(text)) return undefined;
  try {
    fileURLToPath(text);
  } catch {
    return undefined;
  }
  return new URL(text).href;
}
