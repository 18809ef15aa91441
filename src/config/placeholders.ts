import type { ConfigSource } from "../model/configSource.ts";
import { isObject } from "../model/json.ts";
import { type Placeholder, type PlaceholderKind, placeholders as table } from "../model/placeholder.ts";
import { InvalidInput, type Problem } from "../model/problem.ts";
import { nearest } from "../shared/nearest.ts";
import { pointerTo } from "../shared/pointer.ts";
import { parseExpression } from "./expression.ts";

export interface ResolvedPlaceholders {
  /** The predefined placeholders and the user's own, with the user's expressions and values applied. */
  readonly all: ReadonlyMap<string, Placeholder>;
  /** The placeholders whose value is written into the documents. */
  readonly bound: ReadonlyMap<string, { readonly value: unknown }>;
}

/** The locals of batch.hcl that an expression may read. */
export const localNames = ["prefix", "aws_region", "s3_bucket", "msk_topic", "record_destination", "tags"] as const;

/** Joins the predefined placeholders with those of the config. An entry of the wrong shape is skipped: the schema reports it. */
export function resolvePlaceholders(source: ConfigSource): ResolvedPlaceholders {
  const all = new Map(table.map((row) => [row.name, row.name === "PREFIX" ? withPrefix(row, source) : row]));
  const bound = new Map<string, { value: unknown }>();
  const problems: Problem[] = [];
  const entries = isObject(source.value.placeholders) ? Object.entries(source.value.placeholders) : [];
  for (const [name, entry] of entries) {
    if (!isObject(entry)) continue;
    const at = pointerTo("/placeholders", name);
    const placeholder = declare(name, entry, all.get(name));
    problems.push(...judge(placeholder, entry, all.get(name)).map((found) => toProblem(source, at, found)));
    all.set(name, placeholder);
    if ("value" in entry) bound.set(name, { value: entry.value });
  }
  if (problems.length > 0) throw new InvalidInput(problems);
  return { all, bound };
}

/** The prefix is known, and so is the length of every text that contains it. The schema reports a wrong one. */
function withPrefix(row: Placeholder, { value: { prefix } }: ConfigSource): Placeholder {
  const isRight = typeof prefix === "string" && new RegExp(row.pattern ?? "", "u").test(prefix);
  return isRight ? { ...row, sample: prefix } : row;
}

function declare(name: string, entry: Record<string, unknown>, row: Placeholder | undefined): Placeholder {
  const kind = row?.kind ?? (isKind(entry.kind) ? entry.kind : "string");
  const expression = typeof entry.expression === "string" ? entry.expression.trim() : row?.expression;
  return {
    name,
    kind,
    meaning: typeof entry.meaning === "string" ? entry.meaning : (row?.meaning ?? "Declared in the config."),
    sample: "value" in entry ? entry.value : (row?.sample ?? samples[kind]),
    ...(row?.pattern !== undefined && { pattern: row.pattern }),
    ...(expression !== undefined && { expression }),
  };
}

const samples = { string: "sample", list: ["sample"], map: {}, number: 1 } as const satisfies Record<
  PlaceholderKind,
  unknown
>;

function isKind(kind: unknown): kind is PlaceholderKind {
  return typeof kind === "string" && Object.hasOwn(samples, kind);
}

/** Values that are used outside of the documents as well have their own key in the config. */
const configKeys: Readonly<Record<string, string>> = { PREFIX: "prefix", AWS_REGION: "aws_region" };

interface Judgement {
  readonly below: string;
  readonly found?: unknown;
  readonly expected: string;
  readonly hint?: string;
}

function judge(placeholder: Placeholder, entry: Record<string, unknown>, row: Placeholder | undefined): Judgement[] {
  const { expression, value } = entry;
  if (row === undefined && entry.kind === undefined) {
    const close = nearest(
      placeholder.name,
      table.map(({ name }) => name),
    );
    const hint = close ? `did you mean ${close}?` : "a placeholder that is not predefined needs a kind";
    return [{ below: "kind", expected: "string, list, map or number", hint }];
  }
  if (row !== undefined && isKind(entry.kind) && entry.kind !== row.kind) {
    return [
      {
        below: "kind",
        found: entry.kind,
        expected: row.kind,
        hint: "the kind of a predefined placeholder cannot be changed",
      },
    ];
  }
  if ((expression === undefined) === (value === undefined) && (row === undefined || expression !== undefined)) {
    return [{ below: "", expected: "either expression or value" }];
  }
  const key = value === undefined ? undefined : configKeys[placeholder.name];
  if (key !== undefined) return [{ below: "value", found: value, expected: "no value", hint: `set ${key} instead` }];
  if (value !== undefined) return judgeValue(value, placeholder);
  return typeof expression === "string" ? judgeExpression(expression) : [];
}

function judgeValue(value: unknown, { kind, pattern }: Placeholder): Judgement[] {
  if (!fitsKind[kind](value)) {
    return [{ below: "value", found: value, expected: `a ${kind}${kind === "list" ? " of strings" : ""}` }];
  }
  if (pattern === undefined) return [];
  const texts = (Array.isArray(value) ? value : [value]).map(String);
  const wrong = texts.find((text) => !new RegExp(pattern, "u").test(text));
  return wrong === undefined ? [] : [{ below: "value", found: wrong, expected: `text matching ${pattern}` }];
}

const fitsKind: Record<PlaceholderKind, (value: unknown) => boolean> = {
  string: (value) => typeof value === "string",
  number: (value) => typeof value === "number" && Number.isFinite(value),
  list: (value) => Array.isArray(value) && value.every((item) => typeof item === "string"),
  map: (value) => isObject(value) && Object.values(value).every((item) => typeof item === "string"),
};

function judgeExpression(text: string): Judgement[] {
  const expression = parseExpression(text);
  if (expression === undefined) {
    return [
      {
        below: "expression",
        found: text,
        expected:
          "a path below local or dependency.NAME.outputs, a join or basename of one, a local of a shared file, or get_env",
        hint: 'for example dependency.vpc.outputs.private_subnets or read_terragrunt_config(find_in_parent_folders("env.hcl")).locals.name',
      },
    ];
  }
  if (expression.local !== undefined && !localNames.some((name) => name === expression.local)) {
    return [
      { below: "expression", found: text, expected: `one of ${localNames.map((name) => `local.${name}`).join(", ")}` },
    ];
  }
  return [];
}

function toProblem(source: ConfigSource, at: string, judgement: Judgement): Problem {
  const pointer = judgement.below === "" ? at : pointerTo(at, judgement.below);
  const { file, position } = source.locate(pointer);
  const { expected } = judgement;
  return {
    rule: "placeholder-source",
    severity: "error",
    file,
    position,
    pointer,
    expected,
    ...("found" in judgement && { found: judgement.found }),
    ...(judgement.hint !== undefined && { hint: judgement.hint }),
  };
}
