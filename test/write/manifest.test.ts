import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { InvalidInput } from "../../src/model/problem.ts";
import { compareOutput } from "../../src/write/compare.ts";
import { driftOf } from "../../src/write/drift.ts";
import { sha256 } from "../../src/write/lookAt.ts";
import { manifestText, parseManifest } from "../../src/write/manifest.ts";
import { writeOutput } from "../../src/write/writeOutput.ts";
import { contents, file, put, scratch, textOf } from "./scratch.ts";

const name = ".gen-batch-config.json";
const good = { path: "a.hcl", template: "a.hcl.hbs", sha256: sha256("a"), ownership: "managed" };

test("the manifest lists path, template, hash and ownership, sorted by path", async () => {
  const folder = scratch();
  await writeOutput([file("b.hcl", "b", { ownership: "create-only" }), file("a.hcl", "a")], folder);
  const { $comment, ...rest } = JSON.parse(textOf(folder, name));
  expect($comment).toContain("do not edit");
  expect(rest).toEqual({
    version: 1,
    files: [good, { path: "b.hcl", template: "b.hcl.hbs", sha256: sha256("b"), ownership: "create-only" }],
  });
  expect(textOf(folder, name).endsWith("}\n")).toBe(true);
});

test("a manifest that is written and read is the same", () => {
  const entries = [{ ...good, ownership: "managed" as const }];
  expect(parseManifest(manifestText(entries))).toEqual({ entries, flaws: [] });
});

test("a formatter that was at the manifest makes no drift", async () => {
  const folder = scratch();
  await writeOutput([file("a.hcl", "a")], folder);
  put(folder, name, JSON.stringify(JSON.parse(textOf(folder, name)), null, "\t"));
  expect(driftOf(await compareOutput([file("a.hcl", "a")], folder))).toEqual([]);
});

describe("a manifest that cannot be trusted is refused, and nothing is changed:", () => {
  const entry = (change: object) => JSON.stringify({ version: 1, files: [{ ...good, ...change }] });
  const cases: Record<string, [text: string, flaw: RegExp]> = {
    empty: ["", /not a JSON object/],
    "not JSON": ["files:\n  - a\n", /not a JSON object/],
    "a merge conflict": [`<<<<<<< HEAD\n${entry({})}`, /not a JSON object/],
    "an array": ["[]", /not a JSON object/],
    null: ["null", /not a JSON object/],
    binary: ["\0\u0001\u0002", /not a JSON object/],
    "deeply nested": ["[".repeat(200_000), /not a JSON object/],
    "without version": ['{"files":[]}', /version 1/],
    "of a later version": ['{"version":2,"files":[]}', /version 1/],
    "without files": ['{"version":1}', /list of "files"/],
    "with files as an object": ['{"version":1,"files":{}}', /list of "files"/],
    "an entry that is text": ['{"version":1,"files":["a"]}', /^not valid at files\/0: not an object/],
    "an entry without a path": [entry({ path: 1 }), /no path/],
    "an entry without a template": [entry({ template: null }), /no template/],
    "an entry without a hash": [entry({ sha256: "abc" }), /no sha256/],
    "an entry with an upper-case hash": [entry({ sha256: good.sha256.toUpperCase() }), /no sha256/],
    "an entry of no ownership": [entry({ ownership: "root" }), /no ownership/],
    "an empty path": [entry({ path: "" }), /an empty path/],
    "a path above": [entry({ path: "../victim" }), /".."/],
    "a path that climbs in the middle": [entry({ path: "a/../../victim" }), /".."/],
    "an absolute path": [entry({ path: "/etc/passwd" }), /absolute/],
    "a drive": [entry({ path: "C:/victim" }), /absolute/],
    "a backslash": [entry({ path: "..\\victim" }), /backslash/],
    "a NUL": [entry({ path: "a\0b" }), /control character/],
    "a terminal escape": [entry({ path: "a\u001b[2Jb" }), /control character/],
    "a dot": [entry({ path: "./a" }), /empty step/],
    "a double slash": [entry({ path: "a//b" }), /empty step/],
    "a trailing slash": [entry({ path: "a/" }), /empty step/],
    "the manifest itself": [entry({ path: name }), /reserved for gen-batch-config/],
    "the staging folder": [entry({ path: ".gen-batch-config.tmp/journal.json" }), /reserved for gen-batch-config/],
    "a path twice": [JSON.stringify({ version: 1, files: [good, good] }), /a\.hcl for the second time/],
  };
  test.each(Object.entries(cases))("%s", async (_, [text, flaw]) => {
    const above = scratch();
    const folder = join(above, "out");
    put(above, "victim", "victim\n");
    put(folder, name, text);
    put(folder, "a.hcl", "a");
    const before = contents(above);
    const thrown = await writeOutput([], folder, { force: true }).catch((error: unknown) => error);
    expect(thrown).toBeInstanceOf(InvalidInput);
    const { problems } = thrown as InvalidInput;
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatchObject({
      rule: "write/manifest",
      file: join(folder, name),
      position: { line: 1, column: 1 },
    });
    expect(problems[0]?.found).toMatch(flaw);
    expect(contents(above)).toEqual(before);
    await expect(compareOutput([], folder)).rejects.toBeInstanceOf(InvalidInput);
  });

  test("a thousand flaws, which are not listed in a thousand lines", () => {
    const files = Array.from({ length: 1000 }, () => 1);
    expect(parseManifest(JSON.stringify({ version: 1, files })).flaws).toHaveLength(20);
  });

  test("a folder in its place", async () => {
    const folder = scratch();
    mkdirSync(join(folder, name));
    await expect(writeOutput([file("a", "a")], folder)).rejects.toMatchObject({
      problems: [{ rule: "write/not-a-file" }],
    });
  });
});

test("a path called __proto__ is a path like any other", async () => {
  const folder = scratch();
  const files = [file("__proto__", "1"), file("constructor/prototype", "2")];
  await writeOutput(files, folder);
  expect(await writeOutput(files, folder)).toMatchObject({ unchanged: ["__proto__", "constructor/prototype"] });
  expect(await writeOutput([], folder)).toMatchObject({ deleted: ["__proto__", "constructor/prototype"] });
});
