import Papa from "papaparse";
import { byteOf, type Dialect } from "../model/dialect.ts";

export interface GivenDialect {
  readonly delimiter: string | undefined;
  readonly quote: string | undefined;
  readonly strayQuotes?: "reject" | "keep" | undefined;
}

const delimiters = [",", "\t", "|", ";"];

/**
 * Detects the dialect of a file from its first bytes (64 KiB are plenty), where it is not specified. papaparse guesses
 * the delimiter: the one that results in the most uniform records. It reads only whole lines, since a cut line would
 * look irregular.
 */
export function sniffDialect(firstBytes: Uint8Array, given: GivenDialect): Dialect {
  const quote = given.quote ?? '"';
  const lineEnd = lineEndOf(firstBytes, quote);
  const strayQuotes = given.strayQuotes === "keep" ? { strayQuotes: given.strayQuotes } : {};
  return { delimiter: given.delimiter ?? guessDelimiter(firstBytes, quote, lineEnd), quote, lineEnd, ...strayQuotes };
}

/** The end of the first line outside quotes. A CR before an LF, or at the very end of the bytes, is half of a CRLF. */
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
    // Otherwise the last line end counts as one more line with one field, and a short file of two columns as irregular.
    skipEmptyLines: true,
    delimitersToGuess: delimiters.filter((delimiter) => byteOf(delimiter) !== byteOf(quote)),
  });
  // A file with one column has no delimiter; papaparse then returns its default.
  return delimiters.includes(meta.delimiter) ? meta.delimiter : ",";
}

/**
 * papaparse always guesses with double quotes; where the quote is another one, double quotes are ordinary characters.
 */
function asDoubleQuotes(text: string, quote: string): string {
  return quote === '"' ? text : text.replaceAll('"', "x").replaceAll(quote, '"');
}
