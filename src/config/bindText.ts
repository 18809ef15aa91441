import type { ConfigSource } from "../model/configSource.ts";
import { isObject, setKey } from "../model/json.ts";
import { BarePlaceholder } from "../model/model.ts";
import type { Placeholder } from "../model/placeholder.ts";
import type { Problem } from "../model/problem.ts";
import { parseText, type TextPart } from "../model/templateText.ts";
import { nearest } from "../shared/nearest.ts";
import { pointerTo } from "../shared/pointer.ts";

/** What happens to a placeholder: it is replaced by its value, or left for Terragrunt (`undefined`). */
export type Bindings = (name: string) => { readonly value: unknown } | undefined;

export interface TextContext {
  readonly known: ReadonlyMap<string, Placeholder>;
  readonly bindings: Bindings;
  readonly source: ConfigSource;
  readonly problems: Problem[];
  /** Names of the placeholders that are left, filled while binding. */
  readonly used: Set<string>;
  /** True where `known` contains only some of the config's placeholders. */
  readonly isLimited?: boolean;
  /** How often Terraform evaluates the text: see DocumentSpec.asText. Twice when it is not given. */
  readonly evaluations?: 1 | 2;
}

/**
 * Binds every text in a value. A text that consists of a list, map or number placeholder alone becomes that value, or a
 * `BarePlaceholder`. All other text is template text, escaped for the two rounds of evaluation that a document goes
 * through: `templatefile`, and Terraform's reading of an object input.
 */
export function bindValue(value: unknown, pointer: string, context: TextContext): unknown {
  if (typeof value === "string") return bindText(value, pointer, context);
  if (Array.isArray(value)) return value.map((item, index) => bindValue(item, pointerTo(pointer, index), context));
  if (!isObject(value)) return value;
  const bound = {};
  for (const [key, item] of Object.entries(value)) {
    const child = pointerTo(pointer, key);
    if (parseLiteral(key) === undefined) {
      context.problems.push(textProblem(context, child, key, "a key without ${ or %{", undefined));
    }
    setKey(bound, key, bindValue(item, child, context));
  }
  return bound;
}

function bindText(text: string, pointer: string, context: TextContext): unknown {
  const parsed = parseText(text);
  if (!parsed.ok) {
    context.problems.push(textProblem(context, pointer, parsed.found, parsed.expected, parsed.hint));
    return "";
  }
  const whole = parsed.parts.length === 1 ? parsed.parts[0] : undefined;
  if (whole && "placeholder" in whole) {
    const placeholder = context.known.get(whole.placeholder);
    if (placeholder && placeholder.kind !== "string") return bindBare(placeholder, context);
  }
  return joinParts(
    parsed.parts.map((part) => bindPart(part, pointer, context)),
    pointer,
    context,
  );
}

function bindBare(placeholder: Placeholder, context: TextContext): unknown {
  const binding = context.bindings(placeholder.name);
  if (binding) return escapeDeep(binding.value, context);
  context.used.add(placeholder.name);
  return new BarePlaceholder(placeholder.name);
}

function bindPart(part: TextPart, pointer: string, context: TextContext): TextPart {
  if ("literal" in part) return part;
  const placeholder = context.known.get(part.placeholder);
  if (placeholder === undefined) {
    context.problems.push(unknownPlaceholder(part.placeholder, pointer, context));
    return { literal: "" };
  }
  if (placeholder.kind !== "string") {
    const hint = `\${${placeholder.name}} is a ${placeholder.kind}: it must be the whole value, without other text`;
    context.problems.push(
      textProblem(context, pointer, `\${${placeholder.name}}`, "a string placeholder within text", hint),
    );
    return { literal: "" };
  }
  const binding = context.bindings(placeholder.name);
  if (binding) return { literal: String(binding.value) };
  context.used.add(placeholder.name);
  return part;
}

/** Adjacent literals are joined before they are escaped: "$" before a value that starts with "{" is a literal "${". */
function joinParts(parts: readonly TextPart[], pointer: string, context: TextContext): string {
  let text = "";
  let literal = "";
  for (const part of parts) {
    if ("literal" in part) {
      literal += part.literal;
      continue;
    }
    if (literal.endsWith("$")) {
      const hint = "Terraform would read the $ as an escape; put another character between them";
      context.problems.push(
        textProblem(context, pointer, `$\${${part.placeholder}}`, "no $ before a placeholder", hint),
      );
    }
    text += `${escapeLiteral(literal, context)}\${${part.placeholder}}`;
    literal = "";
  }
  return text + escapeLiteral(literal, context);
}

/** A literal `${` has to survive every round: of two, `$$${` becomes `$${`, and that becomes `${`. */
function escapeLiteral(text: string, { evaluations = 2 }: TextContext): string {
  if (evaluations === 1) return text.replaceAll("${", "$$$${").replaceAll("%{", "%%{");
  return text.replaceAll("${", "$$$$$${").replaceAll("%{", "%%%{");
}

function escapeDeep(value: unknown, context: TextContext): unknown {
  if (typeof value === "string") return escapeLiteral(value, context);
  if (Array.isArray(value)) return value.map((item) => escapeDeep(item, context));
  if (!isObject(value)) return value;
  const escaped = {};
  for (const [key, item] of Object.entries(value)) setKey(escaped, key, escapeDeep(item, context));
  return escaped;
}

function parseLiteral(text: string): string | undefined {
  return text.includes("${") || text.includes("%{") ? undefined : text;
}

function unknownPlaceholder(name: string, pointer: string, context: TextContext): Problem {
  const names = [...context.known.keys()];
  const close = nearest(name, names);
  const expected = context.isLimited
    ? `no placeholder other than ${names.map((known) => `\${${known}}`).join(", ")}`
    : "a predefined placeholder, or one that the config declares";
  const remedy = context.isLimited
    ? "the others can be used only in documents; write the value itself"
    : `declare it under placeholders:, or write $\${ for a literal \${`;
  const hint = close ? `did you mean \${${close}}? A literal \${ is written $\${` : remedy;
  return { ...textProblem(context, pointer, `\${${name}}`, expected, hint), rule: "placeholder-unknown" };
}

function textProblem(
  context: TextContext,
  pointer: string,
  found: string,
  expected: string,
  hint: string | undefined,
): Problem {
  const { file, position } = context.source.locate(pointer);
  const problem: Problem = { rule: "template-text", severity: "error", file, position, pointer, found, expected };
  return hint ? { ...problem, hint } : problem;
}
