import { expect, test } from "vitest";
import { resolveModel } from "../../src/config/resolveModel.ts";
import { InvalidInput, type Problem } from "../../src/model/problem.ts";
import { valueAt } from "../../src/shared/pointer.ts";

const start = { file: "config", position: { line: 1, column: 1 } };

function problemsOf(value: Readonly<Record<string, unknown>>): readonly Problem[] {
  const wrote = (pointer: string) => valueAt(value, pointer) !== undefined;
  try {
    resolveModel({ value, locate: () => start, locateKey: () => start, wrote });
  } catch (error) {
    if (error instanceof InvalidInput) return error.problems;
    throw error;
  }
  return [];
}

test("an unknown placeholder in a name that other documents copy is reported once", () => {
  const problems = problemsOf({ prefix: "gss-dev", log_groups: { processing: { name: "/aws/batch/${NOBODY}" } } });
  expect(problems.map(({ pointer }) => pointer)).toEqual(["/log_groups/processing/name"]);
});

test.each([{ alarm_emails: ["${AWS_REGION}@example.com"] }, { s3_bucket: "${AWS_REGION}-data" }])(
  "text outside of the documents knows the prefix alone: %j",
  (config) => {
    expect(problemsOf({ prefix: "gss-dev", ...config }).map(({ found }) => found)).toEqual(["${AWS_REGION}"]);
  },
);

test("a late prefix is a local of every unit", () => {
  const value = { prefix: "gss-dev", late_prefix: true };
  const { units } = resolveModel({ value, locate: () => start, locateKey: () => start, wrote: () => false });
  for (const [name, unit] of Object.entries(units)) expect([name, unit?.locals.prefix]).toEqual([name, "gss-dev"]);
});
