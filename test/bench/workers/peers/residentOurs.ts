import { createInterface } from "node:readline";
import { validate } from "../../../../workers/batch_validator/validate.ts";
import type { ValidatorJob } from "../../../../workers/program/job.ts";
import { readSettings } from "../../../../workers/settings/readSettings.ts";
import { createStore } from "../../../../workers/store/openStore.ts";
import { readCounts } from "./readCounts.ts";
import type { CountReply, CountRequest } from "./request.ts";

const nothing = () => {};

const quiet: Omit<ValidatorJob, "settings" | "store" | "storeSettings"> = {
  log: { info: nothing, warn: nothing, error: nothing },
  metrics: { emit: nothing },
  progress: { update: nothing, end: nothing },
  signal: new AbortController().signal,
  batchJobId: undefined,
  attempt: 1,
  stdout: process.stdout,
};

/** Answers the requests on standard input with our validator, bundled as in an image: its threads start from a file beside it. */
for await (const line of createInterface({ input: process.stdin })) {
  const reply = await count(JSON.parse(line) as CountRequest);
  process.stdout.write(`${JSON.stringify(reply)}\n`);
}

async function count({ path, schemaPath, threads, outFolder, maxRejects }: CountRequest): Promise<CountReply> {
  const started = performance.now();
  const args = ["--input", path, "--schema", schemaPath, "--output", outFolder, "--threads", String(threads)];
  const limits = ["--max-invalid", "100%", ...(maxRejects === undefined ? [] : ["--max-rejects", String(maxRejects)])];
  const reading = readSettings("batch_validator", [...args, ...limits], {});
  if ("text" in reading) throw new Error(reading.text);
  const storeSettings = { region: "", bucket: undefined, endpoint: undefined };
  const store = createStore(storeSettings);
  await validate({ settings: reading.settings, store, storeSettings, ...quiet });
  store.destroy();
  return { ...readCounts(outFolder), seconds: (performance.now() - started) / 1000 };
}
