import type { Config } from "../../derived/types.ts";
import type { BatchDocuments } from "./companionDefaults.ts";

/** The function. */
export function defaultLambdaFunction(_config: Config, _batch: BatchDocuments): Readonly<Record<string, unknown>> {
  return { name: "${PREFIX}-batch-record-processor" };
}
