/**
 * The language of text in a config: `${NAME}` is a placeholder, `$${` is a literal `${` and `%%{` is a literal `%{`.
 * Everything else is literal. It is what `templatefile` reads, so a user learns one syntax.
 */
export type TextPart = { readonly literal: string } | { readonly placeholder: string };

export type TextResult =
  | { readonly ok: true; readonly parts: readonly TextPart[] }
  | { readonly ok: false; readonly found: string; readonly expected: string; readonly hint: string };

/** Splits text into literals and placeholders, or reports what is neither. Linear in the length of the text. */
export function parseText(text: string): TextResult {
  const parts: TextPart[] = [];
  let literal = "";
  for (const [token] of text.matchAll(tokens)) {
    if (/^\$\{ *[A-Z]/.test(token) && token.endsWith("}")) {
      if (literal !== "") parts.push({ literal });
      literal = "";
      parts.push({ placeholder: token.slice(2, -1).trim() });
    } else if (token === "$${" || token === "%%{") {
      // "$$${" is how Terraform reads an escaped "${" after a "$"; the two readings of it are a trap, so neither is accepted.
      if (literal.endsWith(token.charAt(0)))
        return refuse(`${token.charAt(0)}${token}`, "at most two $ or % before {", "");
      literal += token.slice(1);
    } else if (token === "${") {
      return refuse(text, "the name of a placeholder between ${ and }", "write $${ for a literal ${");
    } else if (token === "%{") {
      return refuse(text, "no template directive", "write %%{ for a literal %{");
    } else {
      literal += token;
    }
  }
  if (literal !== "") parts.push({ literal });
  return { ok: true, parts };
}

/** The names of the placeholders in a text; empty when it cannot be read. */
export function placeholdersIn(text: string): readonly string[] {
  const parsed = parseText(text);
  return parsed.ok ? parsed.parts.flatMap((part) => ("placeholder" in part ? [part.placeholder] : [])) : [];
}

const tokens = /\$\{ {0,9}[A-Z][A-Z0-9_]{0,62} {0,9}\}|\$\$\{|%%\{|\$\{|%\{|[$%]|[^$%]+/g;

function refuse(found: string, expected: string, hint: string): TextResult {
  return { ok: false, found, expected, hint: hint || "a literal $ or % directly before ${ or %{ cannot be written" };
}
