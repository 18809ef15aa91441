import { type CodePointSet, lastCodePoint, toSet } from "./codePointSet.ts";

/**
 * The code points of `\p{key=value}` or `\p{key}`. The JavaScript engine contains the tables, so it is queried: with an
 * expression of this one class, over every code point. Surrogates are excluded: text that was UTF-8 has none.
 * Name and value come from a parsed pattern, so they are valid.
 */
export function unicodeProperty(key: string, value: string | null): CodePointSet {
  const name = value === null ? key : `${key}=${value}`;
  const known = cache.get(name);
  if (known !== undefined) return known;
  const runs = new RegExp(`\\p{${name}}+`, "gu");
  const ranges: [number, number][] = [];
  for (let first = 0; first <= lastCodePoint; first += blockSize) {
    if (first >= 0xd800 && first <= 0xdfff) continue;
    // Within a block every character has the same number of UTF-16 units, so an index determines the code point.
    const units = first > 0xffff ? 2 : 1;
    // Not matchAll, which compiles the expression again for every block.
    const text = blockText(first);
    for (let run = runs.exec(text); run !== null; run = runs.exec(text)) {
      ranges.push([first + run.index / units, first + runs.lastIndex / units - 1]);
    }
  }
  const set = toSet(ranges);
  cache.set(name, set);
  return set;
}

const cache = new Map<string, CodePointSet>();

/** Divides the boundaries of the surrogates and of the first plane. */
const blockSize = 0x800;

/** In UTF-16, and decoded at once: a million calls of String.fromCodePoint take a tenth of a second. */
function blockText(first: number): string {
  const units = new Uint16Array(first > 0xffff ? 2 * blockSize : blockSize);
  for (let index = 0; index < blockSize; index += 1) {
    const codePoint = first + index;
    if (codePoint <= 0xffff) {
      units[index] = codePoint;
    } else {
      units[2 * index] = 0xd800 + ((codePoint - 0x10000) >> 10);
      units[2 * index + 1] = 0xdc00 + (codePoint & 0x3ff);
    }
  }
  return Buffer.from(units.buffer).toString("utf16le");
}
