import type { ByteWriter } from "./byteWriter.ts";
import type { Random } from "./random.ts";

/** A few characters of two and three bytes. */
const otherCharacters = ["é", "ü", "ß", "ø", "ñ", "č", "€", "日"] as const;

/**
 * Text of `length` characters, each one drawn anew: text that repeats would let the branch predictor learn it, and every
 * scanner look faster than it is. "plain" needs no quotes; "comma" may hold commas; "any" also doubled quotes and line ends.
 */
export function writeText(out: ByteWriter, random: Random, length: number, what: "plain" | "comma" | "any"): void {
  for (let index = 0; index < length; index += 1) {
    const inside = index > 0 && index < length - 1;
    const draw = random.next();
    // The upper bits choose the kind of character, the lower ones the letter.
    const kind = draw >>> 24;
    if (kind < 4) out.utf8(otherCharacters[draw & 7] as string);
    else if (inside && kind < 40) out.byte(32);
    else if (inside && kind < 50 && what !== "plain") out.byte(44);
    else if (kind < 55 && what === "any") out.ascii('""');
    else if (inside && kind < 58 && what === "any") out.byte(10);
    else out.byte(97 + ((draw & 0xffff) % 26));
  }
}

export function writeLetters(out: ByteWriter, random: Random, length: number): void {
  for (let index = 0; index < length; index += 1) out.byte(97 + random.below(26));
}
