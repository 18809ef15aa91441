import fc from "fast-check";
import type { SchemaNode } from "../../src/model/schemaNode.ts";
import { schemaTree } from "../../src/model/schemas.ts";

/** A text that was put into a config, recognised later by its mark. */
export interface Planted {
  readonly mark: string;
  /** As it stands in the config. */
  readonly text: string;
  /** Keys from the root of the config, "*" for the index of a list. */
  readonly path: readonly string[];
  readonly role: "value" | "key";
}

export interface RandomConfig {
  readonly config: Record<string, unknown>;
  readonly planted: readonly Planted[];
  /** How it was made; a "wild" one may lose what was planted, because null removes keys. */
  readonly mood: Mood;
}

type Mood = "hostile-where-text-is-free" | "hostile-anywhere" | "wild";

export const nastyTexts = [
  '"',
  "'",
  "\n",
  "\r",
  "\r\n",
  "\t",
  "\0",
  "\b",
  "\f",
  "\u001b[31m",
  "\u007f",
  "\u0085",
  "`",
  "``",
  "$(touch /tmp/x)",
  "`id`",
  "\\",
  "\\\\",
  '\\"',
  "\\n",
  "\\u0041",
  "../",
  "/../../etc/passwd",
  '"""',
  "EOF",
  "\nEOF\n",
  "<<EOF",
  "<<-EOF",
  "-->",
  "<!--",
  "]]>",
  "|",
  "#",
  "//",
  "/*",
  "*/",
  ";",
  "&&",
  "=",
  " = ",
  "=>",
  "{",
  "}",
  "{{x}}",
  "{{{x}}}",
  "[",
  "]",
  "(",
  ")",
  ",",
  ":",
  "%",
  "%%",
  "$",
  "$$",
  "!",
  "~",
  "^",
  "@",
  "&lt;",
  "<script>",
  "‘",
  "’",
  "“",
  "”",
  "„",
  "\u00a0",
  "😀",
  "👩‍👩‍👧",
  "é",
  "ß",
  "中",
  "\u202e",
  "\u200b",
  "\ufeff",
  "\u2028",
  "\u2029",
  "\uffff",
  "${",
  "%{",
  "$${",
  "%%{",
  "$$${",
  "%%%{",
  "${x}",
  '${file("/etc/passwd")}',
  "%{ if true }x%{ endif }",
  "%{for x in y}",
  "${PREFIX}",
  "$${PREFIX}",
  "${local.tags}",
  "${SUBNETS}",
  "Ref::x",
  "__proto__",
  "constructor",
  "null",
  "true",
  "~",
  "-",
  " ",
  "",
  "x",
  "1e999",
  "x".repeat(90),
  '" }\nresource "x" "y" {}\n',
];
const lone = ["\ud800", "\udc00x"];

type Encoding = "literal" | "as-is";

interface Hostile {
  readonly pieces: readonly string[];
  readonly markAt: number;
  readonly encoding: Encoding;
  /** Without what no text of a config may hold. */
  readonly clean: boolean;
}

const mostly = fc.nat({ max: 9 }).map((number) => number > 0);
const piece = fc.oneof(
  { weight: 40, arbitrary: fc.constantFrom(...nastyTexts) },
  { weight: 2, arbitrary: fc.string({ unit: "binary", maxLength: 6 }) },
  { weight: 6, arbitrary: fc.constantFrom(...lone) },
  { weight: 1, arbitrary: fc.constantFrom("long ".repeat(2000)) },
);

function hostile(encoding: fc.Arbitrary<Encoding>): fc.Arbitrary<Hostile> {
  return fc.record({
    pieces: fc.array(piece, { minLength: 1, maxLength: 4 }),
    markAt: fc.nat({ max: 4 }),
    encoding,
    clean: mostly,
  });
}

/** Places whose text is not template text: nothing in it is a placeholder, and nothing in it is an escape. */
export function isTemplateText([first]: readonly string[]): boolean {
  return !["placeholders", "ignore_rules", "ecs_agent", "prefix", "terragrunt", "aws_region"].includes(first ?? "");
}

/** A place in a config that the schema knows. A step "*" is an entry of a list, "?" a key that the user chooses. */
interface Place {
  readonly steps: readonly string[];
  readonly nodes: readonly SchemaNode[];
  readonly node: SchemaNode;
}

function placesOf(node: SchemaNode, steps: readonly string[], nodes: readonly SchemaNode[]): Place[] {
  const below = (step: string, child: SchemaNode) => placesOf(child, [...steps, step], [...nodes, node]);
  return [
    ...(steps.length === 0 ? [] : [{ steps, nodes, node }]),
    ...Object.entries(node.properties ?? {}).flatMap(([key, child]) => below(key, child)),
    ...(node.items === undefined ? [] : below("*", node.items)),
    ...(typeof node.additionalProperties === "object" ? below("?", node.additionalProperties) : []),
  ];
}

const places = placesOf(schemaTree("config"), [], []).filter(
  ({ steps }) => steps[0] !== "prefix" && !steps.includes("$schema"),
);
/** Text that may be anything: without enum, with no pattern or one that excludes little. */
const freePlaces = places.filter(
  ({ node }) =>
    node.type === "string" && node.enum === undefined && (node.pattern === undefined || node.pattern.includes("[^")),
);
const valuePlaces = places.filter(({ node, steps }) => node.properties === undefined && steps[0] !== "placeholders");
const tagPlaces = freePlaces.filter(
  ({ steps }) => steps[0] === "tags" || steps[0] === "ecs_agent" || steps.includes("parameters"),
);

type Edit = { readonly place: Place; readonly key: string | Hostile } & (
  | { readonly kind: "text"; readonly hostile: Hostile; readonly mustFit: boolean }
  | { readonly kind: "value"; readonly value: unknown }
  | { readonly kind: "unknown-key"; readonly value: unknown }
);

const plainKeys = fc.constantFrom(
  "one",
  "ECS_ONE",
  "A",
  "validation",
  "constructor",
  "two-words",
  "memory-packing",
  "awslogs-region",
);

function textEdit(place: fc.Arbitrary<Place>, encoding: fc.Arbitrary<Encoding>, mustFit: boolean): fc.Arbitrary<Edit> {
  const key = mustFit ? plainKeys : fc.oneof(plainKeys, hostile(encoding));
  return fc.record({
    kind: fc.constant("text" as const),
    place,
    key,
    hostile: hostile(encoding),
    mustFit: fc.constant(mustFit),
  });
}

const goodValue = fc.constantFrom(...valuePlaces).chain(
  (place): fc.Arbitrary<Edit> =>
    fc.record({
      kind: fc.constant("value" as const),
      place: fc.constant(place),
      key: plainKeys,
      value: fc.constantFrom(...goodValues(place.node)),
    }),
);
const wrongValue: fc.Arbitrary<Edit> = fc.record({
  kind: fc.constantFrom("value" as const, "value" as const, "unknown-key" as const),
  place: fc.constantFrom(...places),
  key: plainKeys,
  value: fc.oneof(
    fc.constantFrom(
      null,
      null,
      true,
      0,
      -1,
      1.5,
      1e21,
      Number.MAX_SAFE_INTEGER,
      "",
      "x",
      [],
      {},
      [null],
      [[]],
      [{}],
      { x: null },
      { name: null },
      "${SUBNETS}",
      "${TAGS}",
      "${NOWHERE}",
    ),
    fc.jsonValue({ maxDepth: 2 }),
  ),
});

const goodExpressions = fc.constantFrom(
  "local.tags",
  "local.prefix",
  "dependency.vpc.outputs.a",
  "dependency.vpc.outputs.private_subnets.b",
  'dependency.vpc.outputs["a/b"]',
  "dependency.vpc.outputs.a[0]",
  "dependency.vpc.outputs.a[3].id",
  "dependency.vpc.outputs.for",
  "dependency.constructor.outputs.x",
  "dependency.__proto__.outputs.x",
  "dependency.toString.outputs.__proto__.y",
  "dependency.a-b.outputs.true",
  'join(",", dependency.msk.outputs.x)',
  'join("|", dependency.msk.outputs.x[1])',
  'get_env("HOME", "x")',
  " local.tags ",
  'read_terragrunt_config(find_in_parent_folders("env.hcl")).locals.x',
  "dependency.x.outputs.y\n",
  "dependency.iam_roles.outputs.role_arn.x",
);
const expressions = fc.oneof(
  goodExpressions,
  fc.constantFrom(
    "local.none",
    'get_env("${x}")',
    'run_cmd("id")',
    'local.prefix}"',
    "dependency.x.outputs.y # z",
    'get_env("A", "${B}")',
    "dependency.x.outputs.y}${run_cmd()",
    "",
  ),
);
const placeholderEdit: fc.Arbitrary<Edit> = fc
  .record({
    name: fc.constantFrom(
      "SUBNETS",
      "S3_BUCKET",
      "MSK_BROKERS",
      "TAGS",
      "PREFIX",
      "MY_TEXT",
      "MY_LIST",
      "MY_MAP",
      "MY_NUMBER",
      "lower",
      "__proto__",
    ),
    expression: expressions,
    use: fc.boolean(),
  })
  .map(({ name, expression }) => ({
    kind: "value" as const,
    key: name,
    place: { steps: ["placeholders", "?"], nodes: [], node: {} },
    value: { expression, ...kindOf(name) },
  }));

function kindOf(name: string): object {
  const kind = { MY_TEXT: "string", MY_LIST: "list", MY_MAP: "map", MY_NUMBER: "number" }[name];
  return kind === undefined ? {} : { kind };
}

/** Placeholders of the user's own, used somewhere, so that their sources and values reach the files. */
function ownPlaceholder(from: fc.Arbitrary<string>, mustFit: boolean): fc.Arbitrary<Edit[]> {
  return fc
    .record({ expression: from, bind: fc.boolean(), text: hostile(fc.constant("as-is")) })
    .map(({ expression, bind, text }) => {
      const source: Edit = bind
        ? {
            kind: "text",
            hostile: text,
            mustFit,
            key: "MY_TEXT",
            place: { steps: ["placeholders", "?", "value"], nodes: [{}, {}, {}], node: { type: "string" } },
          }
        : {
            kind: "value",
            key: "MY_TEXT",
            value: expression,
            place: { steps: ["placeholders", "?", "expression"], nodes: [{}, {}, {}], node: {} },
          };
      const kind: Edit = {
        kind: "value",
        key: "MY_TEXT",
        value: "string",
        place: { steps: ["placeholders", "?", "kind"], nodes: [{}, {}, {}], node: {} },
      };
      const use: Edit = {
        kind: "value",
        key: "own",
        value: "${MY_TEXT}",
        place: { steps: ["batch_processing_job", "parameters", "?"], nodes: [{}, {}, {}], node: {} },
      };
      return [source, kind, use];
    });
}

function goodValues(node: SchemaNode): unknown[] {
  const named = [...(node.enum ?? []), ...(node.examples ?? []), ...("default" in node ? [node.default] : [])];
  if (named.length > 0) return named;
  return [skeleton(node)];
}

/** The least that the schema takes. */
function skeleton(node: SchemaNode): unknown {
  // Of the kinds of state the one that needs least.
  if (node.enum) return node.enum.includes("Pass") ? "Pass" : node.enum[0];
  if (node.examples && !node.properties) return node.examples[0];
  if (node.properties || node.type === "object") {
    const required = node.required ?? [];
    return Object.fromEntries(required.map((key) => [key, skeleton(node.properties?.[key] ?? {})]));
  }
  if (node.additionalProperties !== undefined) return {};
  if (node.type === "array") return [];
  if (node.type === "integer" || node.type === "number") return node.minimum ?? 1;
  if (node.type === "boolean") return true;
  return "x";
}

const options = fc.record({ late_prefix: fc.boolean(), aws_provider: fc.constantFrom(5, 6) }, { requiredKeys: [] });

function configs(mood: Mood, edits: fc.Arbitrary<readonly Edit[]>): fc.Arbitrary<RandomConfig> {
  return fc.tuple(options, edits).map(([base, list]) => build(mood, base, list));
}

const literal = fc.constant("literal" as const);
/** What no text of a config may hold. */
const refused = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]|\p{Cs}/gu;
const either = fc.constantFrom("literal" as const, "as-is" as const);

export const friendlyConfigs = configs(
  "hostile-where-text-is-free",
  fc
    .tuple(
      fc.array(
        fc.oneof(
          { weight: 4, arbitrary: textEdit(fc.constantFrom(...freePlaces), literal, true) },
          { weight: 3, arbitrary: textEdit(fc.constantFrom(...tagPlaces), literal, true) },
          { weight: 1, arbitrary: goodValue },
        ),
        { minLength: 1, maxLength: 4 },
      ),
      fc.option(ownPlaceholder(goodExpressions, true), { nil: [], freq: 2 }),
    )
    .map((lists) => lists.flat()),
);

const hostileConfigs = configs(
  "hostile-anywhere",
  fc
    .tuple(
      fc.array(
        fc.oneof(
          { weight: 3, arbitrary: textEdit(fc.constantFrom(...freePlaces), either, false) },
          { weight: 1, arbitrary: textEdit(fc.constantFrom(...places), either, false) },
          { weight: 1, arbitrary: placeholderEdit },
        ),
        { minLength: 1, maxLength: 2 },
      ),
      fc.option(ownPlaceholder(expressions, false), { nil: [], freq: 2 }),
    )
    .map((lists) => lists.flat()),
);

const wildConfigs = configs(
  "wild",
  fc.array(fc.oneof(wrongValue, wrongValue, goodValue, placeholderEdit), { minLength: 1, maxLength: 2 }),
);

export const anyConfigs: fc.Arbitrary<RandomConfig> = fc.oneof(
  { weight: 10, arbitrary: friendlyConfigs },
  { weight: 6, arbitrary: hostileConfigs },
  { weight: 6, arbitrary: wildConfigs },
);

function build(mood: Mood, base: object, edits: readonly Edit[]): RandomConfig {
  const config: Record<string, unknown> = { prefix: "gss-dev", ...base };
  const planted: Planted[] = [];
  for (const edit of edits) {
    const path: string[] = [];
    const keyMark = `MARK${planted.length}K`;
    for (const step of edit.place.steps) {
      if (step !== "?") path.push(step);
      else if (typeof edit.key === "string") path.push(keyFor(path, edit.key, edit.kind === "text" && edit.mustFit));
      else path.push(textOf(edit.key, keyMark, isTemplateText(edit.place.steps)));
    }
    if (edit.kind === "unknown-key") path.push("no_such_key");
    if (typeof edit.key !== "string" && edit.place.steps.includes("?")) {
      const at = edit.place.steps.indexOf("?");
      planted.push({ mark: keyMark, text: path[at] as string, path: path.slice(0, at + 1), role: "key" });
    }
    const value = edit.kind === "text" ? plant(edit, path, planted) : structuredClone(edit.value);
    put(config, path, edit.place.nodes, value);
  }
  return { config, planted: planted.filter((one) => stillThere(config, one)), mood };
}

/** Where the schema has a pattern for keys, a plain key that fits it. */
function keyFor([first, second]: readonly string[], key: string, mustFit: boolean): string {
  if (!mustFit || first === undefined) return key;
  if (first === "ecs_agent") return `ECS_${key.toUpperCase().replaceAll("-", "_")}`;
  if (first === "ignore_rules") return "memory-packing";
  if (first === "log_groups" && second === undefined) return "validation";
  return first === "placeholders" ? "MY_TEXT" : key;
}

function plant(
  { hostile, mustFit, place }: Edit & { kind: "text" },
  path: readonly string[],
  planted: Planted[],
): string {
  const mark = `MARK${planted.length}V`;
  const said = textOf(hostile, mark, isTemplateText(path));
  const text = mustFit && hostile.clean ? said.replace(refused, "") : said;
  const fitting =
    !mustFit || fits(place.node, text) ? text : fits(place.node, mark) ? mark : String(goodValues(place.node)[0]);
  if (fitting.includes(mark)) planted.push({ mark, text: fitting, path, role: "value" });
  return fitting;
}

function textOf({ pieces, markAt, encoding }: Hostile, mark: string, isText: boolean): string {
  const raw = [...pieces.slice(0, markAt), mark, ...pieces.slice(markAt)].join("");
  return isText && encoding === "literal" ? encodeText(raw) : raw;
}

/** A literal in the language of config text. */
function encodeText(raw: string): string {
  return raw.replaceAll("${", "$$${").replaceAll("%{", "%%{");
}

function fits(node: SchemaNode & { readonly maxLength?: number }, text: string): boolean {
  return (
    text.length <= (node.maxLength ?? Number.POSITIVE_INFINITY) &&
    (node.pattern === undefined || new RegExp(node.pattern, "u").test(text))
  );
}

/**
 * Sets a value, and makes what is missing above it. What the defaults do not have, an entry of a list or one under a key of
 * the user's, gets the keys that the schema requires.
 */
function put(root: object, path: readonly string[], nodes: readonly SchemaNode[], value: unknown): void {
  let target = root as Record<string, unknown>;
  let isNew = false;
  for (const [index, step] of path.entries()) {
    const key = step === "*" ? "0" : step;
    if (index === path.length - 1) {
      define(target, key, value);
      return;
    }
    const there = Object.hasOwn(target, key) ? target[key] : undefined;
    if (typeof there !== "object" || there === null) {
      const node = nodes[index + 1] ?? {};
      isNew ||= step === "*" || (index > 0 && !Object.hasOwn(nodes[index]?.properties ?? {}, key));
      const made = isNew && node.properties !== undefined ? structuredClone(skeleton(node)) : {};
      define(target, key, path[index + 1] === "*" ? [] : made);
    }
    target = target[key] as Record<string, unknown>;
  }
}

function define(target: object, key: string, value: unknown): void {
  Object.defineProperty(target, key, { value, writable: true, enumerable: true, configurable: true });
}

/** A later edit may have put another value in its place. */
function stillThere(config: unknown, { path, text, role }: Planted): boolean {
  let value = config;
  for (const step of path) {
    const key = step === "*" ? "0" : step;
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return false;
    value = (value as Record<string, unknown>)[key];
  }
  return role === "key" || value === text;
}
