import { WorkerFault } from "../model/fault.ts";
import type { ValidatorSettings } from "../settings/settings.ts";

const outputs = [
  "manifest.json",
  "chunks.json",
  "report.json",
  "report.html",
  "rejects.csv",
  "rejected.bin",
  "data.csv",
];

/** Throws `usage` where the run would write over what it reads. */
export function refuseOwnOutput({ input, schema, output }: ValidatorSettings): void {
  const written = new Set(outputs.map((name) => `${output}${name}`));
  for (const [flag, uri] of [
    ["--input", input],
    ["--schema", schema],
  ] as const) {
    if (uri === undefined || !written.has(uri)) continue;
    throw new WorkerFault("usage", `${flag} is ${uri}, which this run would write over`, {
      hint: "Choose another --output folder.",
    });
  }
}
