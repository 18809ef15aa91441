import Papa from "papaparse";
import { byteOf, type Dialect } from "../model/dialect.ts";

export interface GivenDialect {
  readonly delimiter: string | undefined;
  readonly quote: string | undefined;
  readonly strayQuotes?: "reject" | "keep" | undefined;
}

const delimiters = [",", "\t", "|", ";"];

/**
 * Finds out how a file is written from its first bytes (64 KiB are plenty), where that is not given. papaparse guesses the delimiter:
 * the one that gives the most even records. It reads whole lines alone, since a cut one would look uneven.
 */
export function sniffDialect(firstBytes: Uint8Array, given: GivenDialect): Dialect {
  const quote = given.quote ?? '"';
  const lineEnd = lineEndOf(firstBytes, quote);
  const strayQuotes = given.strayQuotes === "keep" ? { strayQuotes: given.strayQuotes } : {};
  return { delimiter: given.delimiter ?? guessDelimiter(firstBytes, quote, lineEnd), quote, lineEnd, ...strayQuotes };
}

/** As the first line ends that is not inside of quotes. A CR that an LF follows is half of its end; so is one at the very end. */
function lineEndOf(bytes: Uint8Array, quote: string): "lf" | "cr" {
  const quoteByte = byteOf(quote);
  let inQuotes = false;
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at];
    if (byte === quoteByte) inQuotes = !inQuotes;
    else if (inQuotes) continue;
    else if (byte === 0x0a) return "lf";
    else if (byte === 0x0d) return bytes[at + 1] === 0x0a || at + 1 === bytes.length ? "lf" : "cr";
  }
  return "lf";
}

function guessDelimiter(bytes: Uint8Array, quote: string, lineEnd: "lf" | "cr"): string {
  const lastLine = bytes.lastIndexOf(lineEnd === "lf" ? 0x0a : 0x0d);
  const whole = lastLine < 0 ? bytes : bytes.subarray(0, lastLine + 1);
  const text = Buffer.from(whole).toString("latin1");
  const { meta } = Papa.parse<string[]>(asDoubleQuotes(text, quote), {
    preview: 1,
    newline: lineEnd === "cr" ? "\r" : text.includes("\r\n") ? "\r\n" : "\n",
    // Else the end of the last line counts as one more line, of one field, and a short file of two columns as uneven.
    skipEmptyLines: true,
    delimitersToGuess: delimiters.filter((delimiter) => byteOf(delimiter) !== byteOf(quote)),
  });
  // A file with one column has no delimiter; papaparse then names its default.
  return delimiters.includes(meta.delimiter) ? meta.delimiter : ",";
}

/** papaparse guesses with double quotes alone, whatever the quote is; those of the text stand for a letter like any other. */
function asDoubleQuotes(text: string, quote: string): string {
  return quote === '"' ? text : text.replaceAll('"', "x").replaceAll(quote, '"');
}
