/**
 * Text that a terminal shows and does not obey: control characters (ANSI escapes begin with one), invisible and
 * direction-changing characters and lone surrogates become escapes, as in JSON.
 */
export function printable(text: string): string {
  return text.replace(unsafe, escapeCharacter);
}

/** The same for JSON text, which stays the same JSON: only the line breaks between its parts are left alone. */
export function printableJson(json: string): string {
  return json.replace(unsafe, (character) => (character === "\n" ? character : escapeCharacter(character)));
}

/** The beginning of a text, printable and about `limit` characters long; "…" shows that something was cut off. */
export function excerpt(text: string, limit: number): string {
  let shown = "";
  for (const character of text) {
    const safe = printable(character);
    if (shown.length + safe.length > limit) return `${shown}…`;
    shown += safe;
  }
  return shown;
}

const unsafe = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

function escapeCharacter(character: string): string {
  const units = Array.from({ length: character.length }, (_, index) => character.charCodeAt(index));
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, "0")}`).join("");
}
