import { oneLine } from "../../src/shared/text.ts";
import { WorkerFault } from "../model/fault.ts";

const utf8BomBytes = 3;

// Small, because after a fault its position is searched byte by byte.
const stepBytes = 64 * 1024;

/** Throws `usage` for an encoding that does not exist. */
export function checkLabel(label: string): void {
  decoderOf(label);
}

/** Text in some encoding as UTF-8, without a byte order mark. UTF-8 is passed on unchanged. */
export async function* textToUtf8(
  pieces: AsyncIterable<Uint8Array>,
  { encoding, uri }: { readonly encoding: string; readonly uri: string },
): AsyncGenerator<Uint8Array, void, undefined> {
  const decoder = decoderOf(encoding);
  let position = 0;

  if (decoder.encoding === "utf-8") {
    for await (const piece of pieces) {
      const text = position === 0 && hasUtf8Bom(piece) ? piece.subarray(utf8BomBytes) : piece;
      position += piece.length;
      if (text.length > 0) yield text;
    }
    return;
  }

  let before: Uint8Array = new Uint8Array(0);
  for await (const piece of pieces) {
    for (let offset = 0; offset < piece.length; offset += stepBytes) {
      const step = piece.subarray(offset, offset + stepBytes);
      const text = decode(step);
      if (text !== "") yield Buffer.from(text, "utf8");
      before = lastCharacters(step, before);
      position += step.length;
    }
  }
  decode(undefined);

  function decode(step: Uint8Array | undefined): string {
    try {
      return step === undefined ? decoder.decode() : decoder.decode(step, { stream: true });
    } catch (error) {
      const at = step === undefined ? position : position + undecodableByte(decoder.encoding, before, step, position);
      throw new WorkerFault(
        "data-refused",
        `${oneLine(uri)} is not ${decoder.encoding}: byte ${at} cannot be decoded`,
        {
          hint: "Specify the encoding of the file with --encoding, or save it as UTF-8.",
          cause: error,
        },
      );
    }
  }
}

/** The first piece contains the whole byte order mark, if any: detection has joined the first bytes. */
function hasUtf8Bom([first, second, third]: Uint8Array): boolean {
  return first === 0xef && second === 0xbb && third === 0xbf;
}

function decoderOf(label: string): TextDecoder {
  try {
    return new TextDecoder(label, { fatal: true });
  } catch (cause) {
    throw new WorkerFault("usage", `${JSON.stringify(label)} is not the name of an encoding`, {
      hint: "Use a label of the WHATWG Encoding Standard, such as utf-8, utf-16le, windows-1252, iso-8859-15 or shift_jis.",
      cause,
    });
  }
}

/** Enough of the end of a step to interpret the bytes that follow; no encoding has characters of more bytes. */
function lastCharacters(step: Uint8Array, before: Uint8Array): Uint8Array {
  const both = step.length >= maxTailBytes ? step : Buffer.concat([before, step]);
  return new Uint8Array(both.subarray(-maxTailBytes));
}

// Even, for UTF-16.
const maxTailBytes = 64;

/**
 * The index in the step of the byte that cannot be decoded. The decoder does not report it, so another one is fed byte
 * by byte, from a byte before the step that is a character on its own: in East Asian encodings that is true for bytes
 * below the digits.
 */
function undecodableByte(encoding: string, before: Uint8Array, step: Uint8Array, position: number): number {
  const isWide = encoding.startsWith("utf-16");
  // Steps may have odd lengths; the units of UTF-16 are at even positions.
  const start = isWide ? (position - before.length) % 2 : before.findLastIndex((byte) => byte < 0x30) + 1;
  const decoder = new TextDecoder(encoding, { fatal: true, ignoreBOM: true });
  const tail = before.subarray(start);
  const one = new Uint8Array(1);
  for (let index = -tail.length; index < step.length; index++) {
    one[0] = (index < 0 ? tail[tail.length + index] : step[index]) ?? 0;
    try {
      decoder.decode(one, { stream: true });
    } catch {
      if (index >= 0) return index;
      // The tail started within a character.
    }
  }
  return 0;
}
