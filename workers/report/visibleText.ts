/** A piece of a text: as it is, or the name of an invisible character. */
export type Segment =
  | { readonly text: string }
  /** `mark` is short ("LF"), `meaning` is spelled out ("line feed"). */
  | { readonly mark: string; readonly meaning: string };

/**
 * A text in which nothing is hidden: leading, trailing and repeated spaces, other white space, control characters,
 * zero-width characters, those that change the direction of what follows, and lone surrogates are named.
 * Single spaces between words stay as they are.
 */
export function visibleSegments(text: string): readonly Segment[] {
  const segments: Segment[] = [];
  let end = 0;
  for (const match of text.matchAll(hidden)) {
    if (match.index > end) segments.push({ text: text.slice(end, match.index) });
    segments.push(markOf(match[0]));
    end = match.index + match[0].length;
  }
  if (end < text.length) segments.push({ text: text.slice(end) });
  return segments;
}

/** Names invisible characters where only plain text is possible: "a‹LF›b". Spaces stay as they are. */
export function plainText(text: string): string {
  return text.replace(unprintable, (character) => `‹${markOf(character).mark}›`);
}

/** JSON text that means the same, with escapes for invisible characters. Its own line breaks are kept. */
export function visibleJson(json: string): string {
  return json.replace(unprintable, (character) => (character === "\n" ? character : jsonEscape(character)));
}

// Written out instead of \p{Cf} and the like, which depend on the Unicode version of Node: the same report has to
// result in the same bytes everywhere. The soft hyphen, fillers and blanks are included because they are invisible.
const unprintableCharacters =
  "\\u0000-\\u001F\\u007F-\\u00A0\\u00AD\\u034F\\u061C\\u115F\\u1160\\u1680\\u17B4\\u17B5\\u180B-\\u180F" +
  "\\u2000-\\u200F\\u2028-\\u202F\\u205F-\\u206F\\u2800\\u3000\\u3164\\uD800-\\uDFFF\\uFDD0-\\uFDEF\\uFEFF\\uFFA0" +
  "\\uFFF0-\\uFFFB\\uFFFE\\uFFFF\\u{1BCA0}-\\u{1BCA3}\\u{1D173}-\\u{1D17A}\\u{E0000}-\\u{E0FFF}";

const unprintable = new RegExp(`[${unprintableCharacters}]`, "gu");

// A run of spaces is matched at its start, so that a long one is not tried again from each of its spaces.
const hidden = new RegExp(`^ +|(?<! ) +$|(?<! ) {2,}|[${unprintableCharacters}]`, "gu");

function markOf(found: string): { readonly mark: string; readonly meaning: string } {
  if (found.startsWith(" ")) {
    const meaning = found.length === 1 ? "space" : `${found.length} spaces`;
    return { mark: "·".repeat(found.length), meaning };
  }
  const code = found.codePointAt(0) ?? 0;
  const [mark, meaning] = names.get(code) ?? [hexadecimal(code), "an invisible character"];
  return { mark, meaning };
}

function hexadecimal(code: number): string {
  return `U+${code.toString(16).toUpperCase().padStart(4, "0")}`;
}

function jsonEscape(character: string): string {
  const units = Array.from({ length: character.length }, (_, index) => character.charCodeAt(index));
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, "0")}`).join("");
}

const names: ReadonlyMap<number, readonly [mark: string, meaning: string]> = new Map([
  [0x00, ["NUL", "null character"]],
  [0x08, ["BS", "backspace"]],
  [0x09, ["TAB", "tab"]],
  [0x0a, ["LF", "line feed"]],
  [0x0b, ["VT", "vertical tab"]],
  [0x0c, ["FF", "form feed"]],
  [0x0d, ["CR", "carriage return"]],
  [0x1a, ["SUB", "substitute, the end-of-file mark of old systems"]],
  [0x1b, ["ESC", "escape"]],
  [0x7f, ["DEL", "delete"]],
  [0x85, ["NEL", "next line"]],
  [0xa0, ["NBSP", "no-break space"]],
  [0xad, ["SHY", "soft hyphen"]],
  [0x200b, ["ZWSP", "zero-width space"]],
  [0x200c, ["ZWNJ", "zero-width non-joiner"]],
  [0x200d, ["ZWJ", "zero-width joiner"]],
  [0x200e, ["LRM", "left-to-right mark"]],
  [0x200f, ["RLM", "right-to-left mark"]],
  [0x202a, ["LRE", "left-to-right embedding"]],
  [0x202b, ["RLE", "right-to-left embedding"]],
  [0x202c, ["PDF", "end of an embedding or override"]],
  [0x202d, ["LRO", "left-to-right override"]],
  [0x202e, ["RLO", "right-to-left override"]],
  [0x202f, ["NNBSP", "narrow no-break space"]],
  [0x2028, ["LS", "line separator"]],
  [0x2029, ["PS", "paragraph separator"]],
  [0x2066, ["LRI", "left-to-right isolate"]],
  [0x2067, ["RLI", "right-to-left isolate"]],
  [0x2068, ["FSI", "first strong isolate"]],
  [0x2069, ["PDI", "end of an isolate"]],
  [0xfeff, ["BOM", "byte order mark"]],
]);
