import { createInterface } from "node:readline";
import { countWithPapaparse } from "./countWithPapaparse.ts";
import type { CountRequest } from "./request.ts";

/** Answers the requests on standard input with papaparse. */
for await (const line of createInterface({ input: process.stdin })) {
  const started = performance.now();
  const counted = await countWithPapaparse(JSON.parse(line) as CountRequest);
  process.stdout.write(`${JSON.stringify({ ...counted, seconds: (performance.now() - started) / 1000 })}\n`);
}
