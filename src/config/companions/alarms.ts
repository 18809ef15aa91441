import type { Config } from "../../derived/types.ts";
import type { BatchDocuments } from "./companionDefaults.ts";

/** Alarms. */
export function defaultAlarms(_config: Config, _batch: BatchDocuments): Readonly<Record<string, unknown>> {
  return {};
}
