import { workerOf } from "../shared/contract.ts";
import { outputPrefix } from "./folder/objectPath.ts";

/** What the user wants to be run, and where records go. */
export interface RunSettings {
  /** Absolute paths. */
  readonly input: string;
  readonly output: string;
  readonly schema: string | undefined;
  /** Undefined: what the state machine says. */
  readonly maxInvalid: string | undefined;
  /** A value of RECORD_DESTINATION. */
  readonly destination: string;
  readonly revalidate: boolean;
  /** Variables that are to have another value than the definitions give them, by the job of their worker. */
  readonly overrides: Readonly<Record<"validation" | "processing", Readonly<Record<string, string>>>>;
}

/** What an execution of the state machine is started with; what is left out gets its default there. */
export function executionInput({ input, schema, maxInvalid }: RunSettings): Readonly<Record<string, string>> {
  return {
    input,
    output: outputPrefix,
    ...(schema !== undefined && { schema }),
    ...(maxInvalid !== undefined && { maxInvalid }),
  };
}

/** Whether the function can send there: what it writes into a file or to its standard output is gone with it. */
export function takesFromFunction(destination: string): boolean {
  return workerOf("processing").lambda?.choices.RECORD_DESTINATION?.includes(destination) ?? false;
}
