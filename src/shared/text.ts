/** The user's text for a message: on one line, without terminal control characters, at most 200 characters. */
export function quoted(text: string): string {
  const cut = text.length > 200 ? `${text.slice(0, 200)}…` : text;
  return JSON.stringify(cut).replaceAll(unprintable, (character) => {
    const code = character.charCodeAt(0).toString(16).padStart(4, "0");
    return `\\u${code}`;
  });
}

// JSON.stringify does not escape these: upper control characters, line separators and marks that reverse text.
const unprintable = /[\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g;

/** Foreign text as one line of a log: without control characters and at most `maxLength` long. */
export function oneLine(text: string, maxLength = 400): string {
  const plain = text.replace(/[\p{Cc}\u2028\u2029]+/gu, " ").trim();
  return plain.length <= maxLength ? plain : `${plain.slice(0, maxLength)}…`;
}

/** "1,234,567". toLocaleString is not used, because its result depends on the machine. */
export function grouped(count: number): string {
  return String(count).replaceAll(/\B(?=(?:\d{3})+$)/g, ",");
}
