/**
 * What AWS Lambda is to the function, for one call: a program of its own. Arguments: the bundle, the event as JSON, and the
 * milliseconds that the call has. Its log is that of the function; an error becomes the exit code of its outcome.
 */
import { randomUUID } from "node:crypto";
import process from "node:process";
import { pathToFileURL } from "node:url";
import workerExitCodes from "../../../schemas/worker-exit-codes.json" with { type: "json" };
import { errorNameOf } from "./exitCodeOf.ts";

const [bundle = "", event = "", timeLimit = ""] = process.argv.slice(2);
const deadline = performance.now() + Number(timeLimit);
const context = {
  awsRequestId: randomUUID(),
  getRemainingTimeInMillis: () => Math.max(0, Math.round(deadline - performance.now())),
};

// What runs is told to end in order by its time alone: a signal is for the run that started it.
for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => {});

try {
  const { handler } = await import(pathToFileURL(bundle).href);
  await handler(JSON.parse(event), context);
  process.exit(0);
} catch (error) {
  const { name, message } = error as Error;
  const outcome = workerExitCodes.codes.find((row) => errorNameOf(row.name) === name);
  const exitCode = outcome?.code ?? 70;
  const line = { level: "error", event: "failed", outcome: outcome?.name ?? "bug", exitCode, message };
  process.stdout.write(`${JSON.stringify(line)}\n`, () => process.exit(exitCode));
}
