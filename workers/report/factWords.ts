import { grouped } from "../../src/shared/text.ts";
import type { Dialect } from "../model/dialect.ts";
import type { Report } from "../model/report.ts";
import { counted } from "./numbers.ts";

/** "Separated by commas, quoted with …, lines end with …" */
export function dialectWords({ delimiter, quote, lineEnd }: Dialect): string {
  const end = lineEnd === "lf" ? "LF or CRLF" : "CR";
  return `Separated by ${characterWords(delimiter)}, quoted with ${characterWords(quote)}, lines end with ${end}`;
}

export function compressionWords(compression: Report["compression"]): string {
  return compression === "none" ? "None" : compression;
}

/** What `maxInvalid` allows. */
export function limitWords(maxInvalid: string): string {
  if (maxInvalid.endsWith("%")) return `At most ${maxInvalid} of the records`;
  if (maxInvalid === "0") return "None";
  return /^\d{1,15}$/.test(maxInvalid) ? `At most ${counted(Number(maxInvalid), "record")}` : maxInvalid;
}

export function sizeInBytes(bytes: number): string {
  return `${grouped(bytes)} ${bytes === 1 ? "byte" : "bytes"}`;
}

function characterWords(character: string): string {
  return characterNames.get(character) ?? `“${character}”`;
}

const characterNames: ReadonlyMap<string, string> = new Map([
  [",", "commas"],
  [";", "semicolons"],
  ["\t", "tabs"],
  ["|", "vertical bars"],
  [":", "colons"],
  [" ", "spaces"],
  ['"', 'double quotes (")'],
  ["'", "single quotes (')"],
]);
