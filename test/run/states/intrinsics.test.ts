import { expect, test } from "vitest";
import { evaluate } from "../../../src/run/states/intrinsics.ts";
import { withValueAt } from "../../../src/run/states/jsonPath.ts";
import { StatesError } from "../../../src/run/states/statesError.ts";

const scope = {
  input: { a: { b: [1, 2] }, "odd key": 3, n: 7, text: "it's {x}", json: '{"c":4}', nothing: null, it: "} {} \\" },
  context: { Map: { Item: { Value: { chunkId: "chunk-000001" } } } },
  variables: { kept: "yes" },
};

test.each<[string, unknown]>([
  ["$", scope.input],
  ["$.a.b[1]", 2],
  ["$['odd key']", 3],
  ["$$.Map.Item.Value.chunkId", "chunk-000001"],
  ["$kept", "yes"],
  ["$.nothing", null],
  ["States.Format('{}', $.n)", "7"],
  ["States.Format('{}-{}', 'a', $.a.b)", "a-[1,2]"],
  ["States.Format('it\\'s \\{{}\\}', $.n)", "it's {7}"],
  ["States.Format('{}{}', $.it, $.text)", "} {} \\it's {x}"],
  ["States.StringToJson($.json)", { c: 4 }],
  ["States.JsonToString($.a)", '{"b":[1,2]}'],
  ["States.JsonMerge($.a, States.StringToJson($.json), false)", { b: [1, 2], c: 4 }],
  ["States.ArrayGetItem(States.StringSplit('a.b+c', '.+'), 2)", "c"],
  ["States.Array(1, -2.5, true, null, 'x')", [1, -2.5, true, null, "x"]],
  ["States.ArrayLength($.a.b)", 2],
  ["States.ArrayContains($.a.b, 2)", true],
  ["States.MathAdd($.n, -1)", 6],
  ["States.Base64Decode(States.Base64Encode('ü'))", "ü"],
])("%s", (text, expected) => {
  expect(evaluate(text, scope)).toEqual(expected);
});

test.each([
  "$.missing",
  "States.Nothing()",
  "States.Format('{}'",
  "States.Format('{}', $.missing)",
  "x",
  "$.a[*]",
  "$..a",
])("%s fails", (text) => {
  expect(() => evaluate(text, scope)).toThrow(StatesError);
});

test("a result is put in beside what is there, and a name like __proto__ is data", () => {
  expect(withValueAt("$.a.c", 1, { a: { b: 2 }, d: 3 })).toEqual({ a: { b: 2, c: 1 }, d: 3 });
  expect(withValueAt("$.a", 1, "text")).toEqual({ a: 1 });
  const result = withValueAt("$['__proto__'].polluted", 1, {}) as Record<string, unknown>;
  expect(Object.keys(result)).toEqual(["__proto__"]);
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
});
