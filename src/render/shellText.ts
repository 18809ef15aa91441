/**
 * One word of shell in which everything is data. Single quotes do that for any text; double quotes with escapes are taken
 * where shellcheck would suspect a mistake in single ones: for `$`, backticks, typographic apostrophes and `\\'`.
 */
export function shellWord(text: string): string {
  if (!suspectInSingle.test(text)) return single(text);
  // Typographic double quotes are suspect in double ones in turn.
  return text
    .split(/([“”″‶]+)/)
    .filter((piece) => piece !== "")
    .map((piece) => (suspectInDouble.test(piece) ? single(piece) : double(piece)))
    .join("");
}

const suspectInSingle = /[$`‘’]|\\(?:'|$)/;
const suspectInDouble = /[“”″‶]/;

function single(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

function double(text: string): string {
  return `"${text.replace(/[\\"$`]/g, "\\$&")}"`;
}
