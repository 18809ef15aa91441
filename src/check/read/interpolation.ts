/** What follows `${` in a template. Offsets of ends are behind the last character. */
export type Interpolation =
  /** `${NAME}`, or `${jsonencode(NAME)}` when `encoded`. */
  | { readonly kind: "placeholder"; readonly name: string; readonly encoded: boolean; readonly end: number }
  /** Anything else that Terraform would evaluate. */
  | { readonly kind: "expression"; readonly end: number }
  /** `${NAME` without its brace. */
  | { readonly kind: "unclosed"; readonly name: string; readonly end: number }
  /** No closing brace up to the end of the text. */
  | { readonly kind: "endless" };

const placeholder = /\$\{[ \t\r\n]*(?:jsonencode\([ \t\r\n]*([A-Za-z_]\w*)[ \t\r\n]*\)|([A-Za-z_][\w-]*))[ \t\r\n]*\}/y;
// No expression continues like this after a name, so the brace was forgotten: it is not a mistaken expression.
const unclosed = /\$\{[ \t\r\n]*([A-Za-z_][\w-]*)(?=[ \t\r\n]*(?:[",\]]|$))/y;
const literals = new Set(["true", "false", "null"]);

export function readInterpolation(text: string, at: number): Interpolation {
  placeholder.lastIndex = at;
  const match = placeholder.exec(text);
  if (match) {
    const name = (match[1] ?? match[2]) as string; // one of the two took part
    if (literals.has(name)) return { kind: "expression", end: placeholder.lastIndex };
    return { kind: "placeholder", name, encoded: match[1] !== undefined, end: placeholder.lastIndex };
  }
  unclosed.lastIndex = at;
  const open = unclosed.exec(text);
  if (open) return { kind: "unclosed", name: open[1] as string, end: unclosed.lastIndex };
  const end = endOfBraces(text, at);
  return end === undefined ? { kind: "endless" } : { kind: "expression", end };
}

/**
 * Behind the brace that closes the `${` or `%{` at this offset. Braces in quoted text do not count; within a JSON string
 * the quotes are often written \", although Terraform does not accept that.
 */
export function endOfBraces(text: string, at: number): number | undefined {
  let depth = 0;
  let quote: string | undefined;
  const marks = /\\[\s\S]|"|[{}]/g;
  marks.lastIndex = at;
  for (let match = marks.exec(text); match !== null; match = marks.exec(text)) {
    const mark = match[0];
    if (mark === quote) quote = undefined;
    else if (quote !== undefined) continue;
    else if (mark === '"' || mark === '\\"') quote = mark;
    else if (mark === "{") depth += 1;
    else if (mark === "}") depth -= 1;
    if (depth === 0) return marks.lastIndex;
  }
  return undefined;
}
