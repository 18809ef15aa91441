import type { Config } from "../../derived/types.ts";
import type { BatchDocuments } from "./companionDefaults.ts";

/** The state machine. */
export function defaultStateMachine(_config: Config, _batch: BatchDocuments): Readonly<Record<string, unknown>> {
  return { StartAt: "Done", States: { Done: { Type: "Succeed" } } };
}
