/**
 * Plays AWS Lambda for one call of the function, as a separate program. Arguments: the bundle, the event as JSON, and the
 * time limit in milliseconds. Its log is that of the function; an error becomes the exit code of its outcome.
 */
import { randomUUID } from "node:crypto";
import process from "node:process";
import { pathToFileURL } from "node:url";
import workerExitCodes from "../../../schemas/worker-exit-codes.json" with { type: "json" };
import { errorNameOf } from "../../shared/outcomes.ts";

const [bundle = "", event = "", timeLimit = ""] = process.argv.slice(2);
const deadline = performance.now() + Number(timeLimit);
const context = {
  awsRequestId: randomUUID(),
  getRemainingTimeInMillis: () => Math.max(0, Math.round(deadline - performance.now())),
};

// Only the time limit ends the call in order: signals are for the run that started it.
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
