import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Counted } from "./request.ts";

/** What a run of the validator found, from what it left in its output folder. */
export function readCounts(outFolder: string): Counted {
  const manifest = JSON.parse(readFileSync(join(outFolder, "manifest.json"), "utf8")) as {
    readonly counts: { readonly records: number; readonly rejected: number };
  };
  return { records: manifest.counts.records, bad: manifest.counts.rejected };
}
