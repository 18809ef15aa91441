import { expect, test } from "vitest";
import { bindValue, type TextContext } from "../../src/config/bindText.ts";
import { configSource } from "../documents/configSource.ts";

const contextOf = (value: unknown): TextContext => ({
  known: new Map([["LIST", { name: "LIST", kind: "list", meaning: "", expression: undefined, sample: [] }]]) as never,
  bindings: () => ({ value }),
  source: configSource(),
  problems: [],
  used: new Set(),
});

test("a list that is bound is data: what looks like a placeholder in it survives as many evaluations as there are", () => {
  const context = contextOf(["a ${b}", { c: "%{d}" }]);
  expect(bindValue("${LIST}", "/x", context)).toEqual(["a $$${b}", { c: "%%%{d}" }]);
  expect(bindValue("${LIST}", "/x", { ...context, evaluations: 1 })).toEqual(["a $${b}", { c: "%%{d}" }]);
});
