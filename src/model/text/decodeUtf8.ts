import { Buffer } from "node:buffer";
import type { Problem } from "../problem.ts";
import { positionsIn } from "./lines.ts";

/**
 * The text of a file, or what shows that it is not text in UTF-8.
 * A byte order mark stays in the text, because the format decides whether it may be there.
 */
export function decodeUtf8(bytes: Uint8Array, file: string): string | Problem {
  const text = lenient.decode(bytes);
  const notText = (at: Place, hint: string): Problem => ({
    rule: "text-encoding",
    severity: "error",
    file,
    position: positionsIn(text)(at.character),
    pointer: "",
    found: `byte 0x${(bytes[at.byte] as number).toString(16).padStart(2, "0")}`,
    expected: "text in UTF-8",
    hint,
  });
  if (startsLikeUtf16(bytes)) return notText({ byte: 0, character: 0 }, "this is UTF-16; save the file as UTF-8");
  const replaced = firstReplaced(text, bytes);
  if (replaced) return notText(replaced, "save the file as UTF-8");
  const nul = text.indexOf("\0");
  if (nul !== -1) return notText({ byte: bytes.indexOf(0), character: nul }, "this is not a text file");
  return text;
}

const lenient = new TextDecoder("utf-8", { ignoreBOM: true });

interface Place {
  readonly byte: number;
  readonly character: number;
}

function startsLikeUtf16(bytes: Uint8Array): boolean {
  return (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
}

/** The decoder puts U+FFFD in the place of wrong bytes; one that really is in the file has its own three bytes. */
function firstReplaced(text: string, bytes: Uint8Array): Place | undefined {
  let byte = 0;
  let counted = 0;
  for (let at = text.indexOf("\ufffd"); at !== -1; at = text.indexOf("\ufffd", at + 1)) {
    byte += Buffer.byteLength(text.slice(counted, at));
    counted = at;
    const genuine = bytes[byte] === 0xef && bytes[byte + 1] === 0xbf && bytes[byte + 2] === 0xbd;
    if (!genuine) return { byte, character: at };
  }
  return undefined;
}
