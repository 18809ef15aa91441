/**
 * Text that is safe to print on a terminal: control characters (which start ANSI escapes), invisible and direction-changing
 * characters and lone surrogates are escaped, as in JSON.
 */
export function printable(text: string): string {
  return text.replace(unsafe, escapeCharacter);
}

/** The same for JSON text, whose meaning does not change. Line breaks between its parts are kept. */
export function printableJson(json: string): string {
  return json.replace(unsafe, (character) => (character === "\n" ? character : escapeCharacter(character)));
}

/** The start of a text, printable and about `limit` characters long; "…" shows that it was cut off. */
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
