import { defineRule, type Finding } from "../../model/rule.ts";
import { nearest } from "../../shared/nearest.ts";
import { pointerTo } from "../../shared/pointer.ts";
import { statesOf } from "../rules-support/scopes.ts";

const pass = (Parameters: Readonly<Record<string, unknown>>) => ({
  documents: {
    "example.asl.json": { StartAt: "Name", States: { Name: { Type: "Pass", Parameters, End: true } } },
  },
});

export const stateIntrinsics = defineRule({
  id: "state-intrinsics",
  severity: "error",
  summary: "A path calls only functions that Step Functions has, in its spelling.",
  why: "Step Functions rejects a state machine that calls an unknown function when Terraform creates or changes it.",
  source: "https://docs.aws.amazon.com/step-functions/latest/dg/intrinsic-functions.html",
  examples: {
    good: [
      {
        shows: "a function inside another",
        ...pass({ "name.$": "States.ArrayGetItem(States.StringSplit($.name, '/'), 0)" }),
      },
      {
        shows: "the name of a function inside a text",
        ...pass({ "name.$": "States.Format('States.Frmat({})', $.id)" }),
      },
      { shows: "a text that is not a path", ...pass({ name: "States.Frmat( is not a function" }) },
    ],
    bad: [
      { shows: "a function that does not exist", ...pass({ "name.$": "States.Frmat('{}', $.id)" }) },
      {
        shows: "a function that does not exist, inside one that does",
        ...pass({ "name.$": "States.Format('{}', States.Uuid())" }),
      },
      {
        shows: "a function that does not exist in a list further down",
        ...pass({ names: [{ "name.$": "States.Lower($.name)" }] }),
      },
      {
        shows: "a function that does not exist in the path of the input",
        documents: {
          "example.asl.json": {
            StartAt: "Name",
            States: { Name: { Type: "Pass", InputPath: "States.ToJson($.text)", End: true } },
          },
        },
      },
    ],
  },
  *check({ stateMachines }) {
    for (const document of stateMachines) {
      for (const { state, pointer, language } of statesOf(document)) {
        if (language !== "JSONPath") continue;
        for (const finding of findingsIn(state, pointer)) yield { document, ...finding };
      }
    }
  },
});

type Remark = Omit<Finding, "document">;

/** These contain further states, which are checked individually. */
const machines = new Set(["States", "Branches"]);

function* findingsIn(value: unknown, pointer: string): Iterable<Remark> {
  if (typeof value !== "object" || value === null) return;
  for (const [key, item] of Object.entries(value)) {
    const below = pointerTo(pointer, key);
    if (typeof item !== "string") {
      if (!machines.has(key)) yield* findingsIn(item, below);
      continue;
    }
    if (!key.endsWith(".$") && !key.endsWith("Path")) continue;
    for (const found of calledIn(item)) {
      if (functions.includes(found)) continue;
      const close = nearest(withoutPrefix(found), functions.map(withoutPrefix));
      const hint = close ? `did you mean States.${close}?` : `it has ${functions.join(", ")}`;
      yield { pointer: below, found, expected: "a function that Step Functions has", hint };
    }
  }
}

/**
 * The functions that a path calls. What is between quotes is text; a quote within it has a backslash before it. One
 * that is not closed extends to the end, so that no text is read more than once.
 */
function calledIn(path: string): readonly string[] {
  const code = path.replace(/'(?:[^'\\]|\\.)*(?:'|\\?$)/gs, "''");
  return [...code.matchAll(/(?<![\w.$])States\.\w+(?= *\()/g)].map(([name]) => name);
}

function withoutPrefix(name: string): string {
  return name.replace("States.", "");
}

const functions: readonly string[] = [
  ...["Format", "StringToJson", "JsonToString", "JsonMerge", "StringSplit", "UUID", "Hash"],
  ...["Array", "ArrayPartition", "ArrayContains", "ArrayRange", "ArrayGetItem", "ArrayLength", "ArrayUnique"],
  ...["Base64Encode", "Base64Decode", "MathRandom", "MathAdd"],
].map((name) => `States.${name}`);
