import { readdir } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { rules } from "../../src/check/rules/index.ts";
import { placeholderSupplied } from "../../src/check/rules/placeholder-supplied.ts";
import { wiringKeys } from "../../src/check/rules/wiring-keys.ts";
import { checkExample } from "../../src/derive/checkExample.ts";
import type { Rule } from "../../src/model/rule.ts";
import { documentNames } from "../../src/model/units.ts";

test("every rule file is in the list, under its own id", async () => {
  const files = (await readdir("src/check/rules")).filter((file) => file !== "index.ts" && file.endsWith(".ts"));
  expect(rules.map(({ id }) => `${id}.ts`).sort()).toEqual(files.sort());
});

test("the default output has no error, and only the warnings that come from the document's own numbers", async () => {
  const found = await checkExample({ shows: "the default output" }, true);
  expect(found.filter(({ severity }) => severity === "error")).toEqual([]);
  expect([...new Set(found.map(({ rule }) => rule))].sort()).toEqual(["instance-types", "memory-packing"]);
  expect(found.every(({ hint }) => hint !== undefined)).toBe(true);
});

/** Rules about the .hcl files. */
const aboutWiring: readonly Rule[] = [placeholderSupplied, wiringKeys];

/** What the default output says anyway does not count against an example. */
const usual = ["instance-types", "memory-packing"];

describe("no rule judges what is not there:", () => {
  test.each(documentNames)("without %s nothing is wrong with the others", async (name) => {
    const found = await checkExample({ shows: name, documents: { [`${name}.json`]: null } });
    expect(found.filter(({ rule }) => !usual.includes(rule))).toEqual([]);
  });

  test.each(documentNames)("nothing is wrong with %s alone", async (name) => {
    const others = documentNames.filter((other) => other !== name).map((other) => [`${other}.json`, null]);
    const found = await checkExample({ shows: name, documents: Object.fromEntries(others) });
    expect(found.filter(({ rule }) => !usual.includes(rule))).toEqual([]);
  });
});

for (const rule of rules) {
  describe(rule.id, () => {
    for (const example of rule.examples.good) {
      test(`good: ${example.shows}`, async () => {
        const found = await checkExample(example, aboutWiring.includes(rule));
        expect(found.filter(({ rule: id }) => id === rule.id)).toEqual([]);
      });
    }
    for (const example of rule.examples.bad) {
      test(`bad: ${example.shows}`, async () => {
        const found = await checkExample(example, aboutWiring.includes(rule));
        expect(found.map(({ rule: id }) => id)).toContain(rule.id);
        const others = found.filter(
          ({ rule: id }) => id !== rule.id && !usual.includes(id) && !example.also?.includes(id),
        );
        expect(others).toEqual([]);
        for (const problem of found) expect(problem.expected).not.toBe("");
      });
    }
    test("has a good and a bad example", () => {
      expect(rule.examples.bad.length).toBeGreaterThan(0);
      expect(rule.examples.good.length).toBeGreaterThan(0);
    });
  });
}
