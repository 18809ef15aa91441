import { outputPrefix } from "./folder/objectPath.ts";
import type { RunSettings } from "./settings.ts";

/** What an execution of the state machine is started with; what is left out gets its default there. */
export function executionInput({ input, schema, maxInvalid }: RunSettings): Readonly<Record<string, string>> {
  return {
    input,
    output: outputPrefix,
    ...(schema !== undefined && { schema }),
    ...(maxInvalid !== undefined && { maxInvalid }),
  };
}
