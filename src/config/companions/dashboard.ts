import type { Config } from "../../derived/types.ts";
import type { BatchDocuments } from "./companionDefaults.ts";

/** Dashboard. */
export function defaultDashboard(_config: Config, _batch: BatchDocuments): Readonly<Record<string, unknown>> {
  return { widgets: [] };
}
