import { readFileSync } from "node:fs";
import { emitMetrics } from "../../../workers/batch_processor/runReport.ts";

/** The metrics that the workers write, with their dimensions. */
export function emittedMetrics(): Readonly<Record<string, readonly string[]>> {
  const names = new Set<string>();
  const numbers = { records: 1, delivered: 1, skipped: 0, refused: 0, bytes: 1, seconds: 1, retries: 0 };
  const emit = (metrics: object) => {
    for (const name of Object.keys(metrics)) names.add(name);
  };
  emitMetrics({ emit }, numbers);
  // The validator's are in the middle of its work, so they are read and not run.
  const validator = readFileSync("workers/batch_validator/validate.ts", "utf8");
  const call = /metrics\.emit\(\{([\s\S]*?)\n {2}\}\)/.exec(validator)?.[1] ?? "";
  const emitted = [...call.matchAll(/^ {4}([A-Z]\w+):/gm)].map((match) => match[1] as string);
  if (emitted.length === 0) throw new Error("the validator emits no metrics where they are looked for");
  for (const name of emitted) names.add(name);
  return Object.fromEntries([...names].map((name) => [name, ["Worker"]]));
}
