/**
 * What AWS Lambda is to a function, for one call: reads it from the standard input, calls the handler of the module that
 * the first argument names without its ending, and prints the answer as the last line.
 */
import { existsSync, readFileSync, writeSync } from "node:fs";
import process from "node:process";
import { pathToFileURL } from "node:url";

const { event, handler, seconds } = JSON.parse(readFileSync(0, "utf8"));
const deadline = performance.now() + seconds * 1000;

setTimeout(
  () => answer(failed("Sandbox.Timedout", `Task timed out after ${seconds.toFixed(2)} seconds`)),
  seconds * 1000,
);
const module = await import(pathToFileURL(modulePath(process.argv[2])).href);
const context = {
  awsRequestId: crypto.randomUUID(),
  functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
  getRemainingTimeInMillis: () => Math.max(0, Math.round(deadline - performance.now())),
};
try {
  answer({ result: (await module[handler](event, context)) ?? null });
} catch (error) {
  answer(failed(error.name, error.message));
}

function modulePath(path) {
  return [".mjs", ".js", ".cjs"].map((ending) => path + ending).find((name) => existsSync(name)) ?? path;
}

function failed(errorType, errorMessage) {
  return { error: { errorType, errorMessage, trace: [] } };
}

function answer(value) {
  let rest = Buffer.from(`\n${JSON.stringify(value)}\n`);
  // A pipe may take less than all of it at once.
  while (rest.length > 0) rest = rest.subarray(writeSync(1, rest));
  process.exit(0);
}
