import { WorkerFault } from "../model/fault.ts";
import type { ProcessorSettings } from "../settings/settings.ts";

/** Throws `usage` where records would be written into a file that the work reads. */
export function refuseOwnInput({ destination }: ProcessorSettings, read: readonly string[]): void {
  if (destination.kind !== "file" || !read.includes(destination.uri)) return;
  throw new WorkerFault("usage", `--destination-file is ${destination.uri}, which this run reads`, {
    hint: "Choose another file.",
  });
}
