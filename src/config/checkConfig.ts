import type { Config } from "../derived/types.ts";
import { type Validator, validators } from "../derived/validators.js";
import type { ConfigSource, Place } from "../model/configSource.ts";
import { isObject } from "../model/json.ts";
import { InvalidInput, type Problem } from "../model/problem.ts";
import type { SchemaNode } from "../model/schemaNode.ts";
import { isAboutForm, type SchemaFinding, schemaFindings } from "../model/schemaProblems.ts";
import { schemaOf, schemaTree } from "../model/schemas.ts";
import { placeholdersIn } from "../model/templateText.ts";
import { configKey, documentNames, specOf } from "../model/units.ts";
import { pointerTo, valueAt } from "../shared/pointer.ts";
import type { ResolvedPlaceholders } from "./placeholders.ts";
import { placeholderUse, usableAt, withSamples } from "./placeholderUse.ts";

/** The config with its defaults filled in. Throws `InvalidInput` with everything that its schema rejects. */
export function checkConfig(source: ConfigSource, known: ResolvedPlaceholders): Config {
  const problems = configProblems(source, known);
  if (problems.length > 0) throw new InvalidInput(problems);
  // The schema has just confirmed that it is one.
  return withDefaults(source.value, schemaTree("config")) as unknown as Config;
}

function configProblems(source: ConfigSource, known: ResolvedPlaceholders): readonly Problem[] {
  const sampled = withSamples(source.value, known.all) as Record<string, unknown>;
  const findings = [...findingsOf(validators.config, sampled, schemaTree("config")), ...overrideFindings(sampled)];
  return findings
    .filter(({ rule, pointer }) => !(isAboutForm(rule) && hasOpenPlaceholder(source, pointer, known)))
    .map((finding) => toProblem(finding, source, known));
}

function toProblem({ atKey, ...finding }: SchemaFinding, source: ConfigSource, known: ResolvedPlaceholders): Problem {
  const { pointer } = finding;
  // The text that the user wrote, not the sample that was validated.
  const found = atKey ? finding.found : valueAt(source.value, pointer);
  const hint = placeholderHint({ ...finding, found, atKey }, known) ?? finding.hint;
  const place = atKey ? source.locateKey(pointer) : source.locate(pointer);
  return { ...finding, found, severity: "error", ...place, ...(hint !== undefined && { hint }) };
}

function placeholderHint({ rule, pointer, found, hint, atKey }: SchemaFinding, known: ResolvedPlaceholders) {
  const names = typeof found === "string" ? placeholdersIn(found) : [];
  const [name = ""] = names;
  if (names.length === 0) return undefined;
  if (atKey) return "a key cannot contain a placeholder";
  if (placeholderUse(pointer) === "none") {
    const reason = "a placeholder cannot be used here: the value is needed while the files are generated";
    return hint === undefined ? reason : `${reason}; ${hint}`;
  }
  const kind = known.all.get(name)?.kind;
  return rule === "schema/type" && kind !== undefined ? `\${${name}} is a ${kind}` : undefined;
}

/**
 * Findings of the documents' schemas about their overrides. An override may be partial, and null removes a key: findings about
 * either are dropped. A second set of compiled schemas would do the same, but slow down every start.
 */
function overrideFindings(config: Readonly<Record<string, unknown>>): readonly SchemaFinding[] {
  return documentNames.flatMap((name) => {
    const override = config[configKey(name)];
    if (!isObject(override)) return [];
    return findingsOf(validators[specOf(name).kind], override, schemaOf(name))
      .filter(({ rule, pointer }) => rule !== "schema/required" && valueAt(override, pointer) !== null)
      .map((finding) => ({ ...finding, pointer: `/${configKey(name)}${finding.pointer}` }));
  });
}

function findingsOf(validate: Validator, value: unknown, schema: SchemaNode): readonly SchemaFinding[] {
  return validate(value) ? [] : schemaFindings(validate.errors ?? [], value, schema);
}

/** True for a text with a placeholder of unknown value and undeclared form, or one that binding rejects. */
function hasOpenPlaceholder({ value }: ConfigSource, pointer: string, { all, bound }: ResolvedPlaceholders): boolean {
  const text = valueAt(value, pointer);
  const usable = usableAt(pointer, all);
  if (typeof text !== "string" || usable === undefined) return false;
  return placeholdersIn(text).some((name) => usable.get(name)?.pattern === undefined && !bound.has(name));
}

/** Fills in missing keys outside of the documents, whose defaults are merged in `src/documents`. */
function withDefaults(value: Readonly<Record<string, unknown>>, schema: SchemaNode): Record<string, unknown> {
  const filled: Record<string, unknown> = { ...value };
  for (const [key, property] of Object.entries(schema.properties ?? {})) {
    if (isDocument(property)) continue;
    if (filled[key] === undefined && property.default !== undefined) filled[key] = structuredClone(property.default);
    if (property.properties) filled[key] = withDefaults(isObject(filled[key]) ? filled[key] : {}, property);
  }
  return filled;
}

function isDocument(property: SchemaNode): boolean {
  return "x-override" in property;
}

/**
 * Problems of characters in texts and keys of a config that cannot reach AWS. Half of a surrogate pair is not a character, so
 * a file cannot contain it; Terragrunt writes backspace and form feed in a way that Terraform cannot read; an argument or
 * variable of a program cannot contain a NUL; and the other control characters have no use in any name or value.
 */
export function characterProblems(source: ConfigSource): readonly Problem[] {
  const problems: Problem[] = [];
  const look = (text: string, pointer: string, place: (pointer: string) => Place) => {
    const found = unwritable.exec(text)?.[0];
    if (found === undefined) return;
    const expected = /\p{Cs}/u.test(found)
      ? "whole characters, not half of a surrogate pair"
      : "text without control characters other than tab and line breaks";
    problems.push({ rule: "config-characters", severity: "error", ...place(pointer), pointer, found: text, expected });
  };
  const walk = (value: unknown, pointer: string): void => {
    if (typeof value === "string") look(value, pointer, source.locate);
    else if (Array.isArray(value)) for (const [index, item] of value.entries()) walk(item, pointerTo(pointer, index));
    else if (isObject(value)) {
      for (const [key, item] of Object.entries(value)) {
        look(key, pointerTo(pointer, key), source.locateKey);
        walk(item, pointerTo(pointer, key));
      }
    }
  };
  walk(source.value, "");
  return problems;
}

const unwritable = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]|\p{Cs}/u;
