import { createInterface } from "node:readline";
import { countedIn, validateOnce } from "../ours.ts";
import { countWithPapaparse } from "./countWithPapaparse.ts";
import type { CountReply, CountRequest } from "./request.ts";

/** Answers the requests on standard input with our validator or with papaparse, whichever the first argument names. */
const programs: Readonly<Record<string, (request: CountRequest) => Promise<CountReply>>> = {
  ours: async ({ path, schemaPath, outFolder, threads }) => {
    const started = performance.now();
    await validateOnce(path, schemaPath, outFolder, threads);
    const seconds = (performance.now() - started) / 1000;
    return { ...countedIn(outFolder), seconds };
  },
  papaparse: async (request) => {
    const started = performance.now();
    const counted = await countWithPapaparse(request);
    return { ...counted, seconds: (performance.now() - started) / 1000 };
  },
};

const program = programs[process.argv[2] ?? ""];
if (program === undefined) throw new Error(`expected ours or papaparse; found ${process.argv[2]}`);
for await (const line of createInterface({ input: process.stdin })) {
  const reply = await program(JSON.parse(line) as CountRequest);
  process.stdout.write(`${JSON.stringify(reply)}\n`);
}
