import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { scratch } from "../../cli/cli.ts";

const host = resolve("dist/lambdaHost.js");

function call(handler: string) {
  const bundle = join(scratch(), "index.mjs");
  writeFileSync(bundle, `export const handler = async (event, context) => { ${handler} };`);
  return spawnSync(process.execPath, [host, bundle, '{"chunkId":"c"}', "5000"], { encoding: "utf8" });
}

test("the function gets its event and its time, and a return is an end without error", () => {
  const { status, stdout } = call(
    "console.log(event.chunkId, context.getRemainingTimeInMillis() > 3000, typeof context.awsRequestId);",
  );
  expect([status, stdout]).toEqual([0, "c true string\n"]);
});

test.each([
  ["TryAgain", 75, "try-again"],
  ["DataRefused", 65, "data-refused"],
  ["Usage", 64, "usage"],
  ["TypeError", 70, "bug"],
])("an error called %s ends with %i", (name, exitCode, outcome) => {
  const { status, stdout } = call(`throw Object.assign(new Error("why"), { name: "${name}" });`);
  expect(status).toBe(exitCode);
  expect(JSON.parse(stdout)).toMatchObject({ event: "failed", outcome, exitCode, message: "why" });
});

test("a signal lets it end", () => {
  const { status, stdout } = call(
    'process.kill(process.pid, "SIGTERM"); setTimeout(() => console.log("late"), 50); await new Promise((settle) => setTimeout(settle, 100));',
  );
  expect([status, stdout]).toEqual([0, "late\n"]);
});
