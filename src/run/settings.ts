import { workerOf } from "../shared/contract.ts";

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

/** Whether the function can send there: what it writes into a file or to its standard output is gone with it. */
export function takesFromFunction(destination: string): boolean {
  return workerOf("processing").lambda?.choices.RECORD_DESTINATION?.includes(destination) ?? false;
}
