import { readdirSync } from "node:fs";
import { beforeAll, describe, expect, expectTypeOf, test, vi } from "vitest";
import type { Config } from "../../src/derived/types.ts";
import type { Documents, Making } from "../../src/documents/making.ts";
import { documentNames } from "../../src/model/units.ts";
import { configSource } from "./configSource.ts";

type Call = (...args: unknown[]) => unknown;

/** How often each document is laid under what the user says, and each exported function that makes a default is called. */
const made = new Map<string, number>();

function count(name: string): void {
  made.set(name, (made.get(name) ?? 0) + 1);
}

function counted(name: string, original: Call): Call {
  return (...args) => {
    if (name.startsWith("default")) count(name);
    const [first, ...rest] = args;
    return original(isMaking(first) ? countedMaking(first) : first, ...rest);
  };
}

function isMaking(value: unknown): value is Making<object> {
  return typeof value === "object" && value !== null && "before" in value && "document" in value;
}

/** Units that pass on what they were given count once all the same. */
function countedMaking(making: Making<object>): Making<object> {
  if ("isCounted" in making.document) return making;
  const document: Making<object>["document"] = (name, byDefault) => {
    count(name);
    return making.document(name, byDefault);
  };
  return { ...making, document: Object.assign(document, { isCounted: true }) };
}

beforeAll(() => {
  for (const path of readdirSync("src/documents", { recursive: true, encoding: "utf8" })) {
    if (!/^[a-z-]+[\\/].*\.ts$/.test(path)) continue;
    vi.doMock(`../../src/documents/${path}`, async (original) => {
      const exported = Object.entries((await original()) as object);
      return Object.fromEntries(
        exported.map(([name, value]) => [name, typeof value === "function" ? counted(name, value as Call) : value]),
      );
    });
  }
});

describe("no document is made twice", () => {
  test("in one run of generate", async () => {
    made.clear();
    const { generate } = await import("../../src/generate.ts");
    await generate({ prefix: "gss-dev", settings: [] }, "modules-out", false);
    const counts = Object.fromEntries(made);
    expect(counts).toMatchObject(Object.fromEntries(documentNames.map((name) => [name, 1])));
    expect(Object.entries(counts).filter(([, times]) => times !== 1)).toEqual([]);
  });

  test("and a unit that makes the document of another one is noticed", async () => {
    made.clear();
    const { Fold } = await import("../../src/documents/makeDocuments.ts");
    const { batch } = await import("../../src/documents/batch/batch.ts");
    const { lambda } = await import("../../src/documents/lambda/lambda.ts");
    const config = configSource().value as unknown as Config;
    const copying = (making: Making<Documents<"batch">>) => ({ alarms: lambda(making)["lambda-function"] });
    new Fold(config, {}).add(batch).add(lambda).add(copying);
    expect(made.get("lambda-function")).toBe(2);
  });
});

test("a unit reads the documents of the units before it, and of no other one", () => {
  type Before = Documents<"batch" | "lambda">;
  expectTypeOf<Before>().toExtend<Documents<"batch">>();
  expectTypeOf<Before>().toHaveProperty("lambda-function");
  const read = (before: Before) => [
    before["lambda-function"],
    // @ts-expect-error The roles are made from the function, so they are not there yet.
    before["iam-roles"],
  ];
  expect(read({} as Before)).toEqual([undefined, undefined]);
});

test("a unit that reads another one is not added before that one", async () => {
  const { Fold } = await import("../../src/documents/makeDocuments.ts");
  const { batch } = await import("../../src/documents/batch/batch.ts");
  const { lambda } = await import("../../src/documents/lambda/lambda.ts");
  const reads = ({ before }: Making<Documents<"lambda">>) => ({ alarms: before["lambda-function"] });
  const fold = new Fold(configSource().value as unknown as Config, {}).add(batch);
  // @ts-expect-error The function is not made yet.
  expect(fold.add(reads).documents.alarms).toBeUndefined();
  const { documents } = fold.add(lambda).add(reads);
  expect(documents.alarms).toBe(documents["lambda-function"]);
});
