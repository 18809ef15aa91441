import { workerOf } from "../shared/contract.ts";
import { outputPrefix } from "./folder/objectPath.ts";

/** What to run, and where to send records. */
export interface RunSettings {
  /** Absolute paths. */
  readonly input: string;
  readonly output: string;
  readonly schema: string | undefined;
  /** Undefined: the default of the state machine. */
  readonly maxInvalid: string | undefined;
  /** A value of RECORD_DESTINATION. */
  readonly destination: string;
  readonly revalidate: boolean;
  /** Variables that override the definitions, by the job of their worker. */
  readonly overrides: Readonly<Record<"validation" | "processing", Readonly<Record<string, string>>>>;
}

/** The input of an execution of the state machine, which has defaults for what is left out. */
export function executionInput({ input, schema, maxInvalid }: RunSettings): Readonly<Record<string, string>> {
  return {
    input,
    output: outputPrefix,
    ...(schema !== undefined && { schema }),
    ...(maxInvalid !== undefined && { maxInvalid }),
  };
}

/** Whether the function supports the destination: anything that it writes to a file or stdout is lost when it ends. */
export function worksInFunction(destination: string): boolean {
  return workerOf("processing").lambda?.choices.RECORD_DESTINATION?.includes(destination) ?? false;
}
