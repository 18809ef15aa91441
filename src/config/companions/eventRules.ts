import type { Config } from "../../derived/types.ts";
import type { BatchDocuments } from "./companionDefaults.ts";

/** Event rules. */
export function defaultEventRules(_config: Config, _batch: BatchDocuments): Readonly<Record<string, unknown>> {
  return {};
}
