import workerContract from "../../schemas/worker-contract.json" with { type: "json" };

export const destinations = ["file", "stdout", "kafka", "sqs_core"] as const;
export type Destination = (typeof destinations)[number];

/** What the user wants to be run, and where records go. */
export interface RunSettings {
  /** Absolute paths. */
  readonly input: string;
  readonly output: string;
  readonly schema: string | undefined;
  /** Undefined: what the state machine says. */
  readonly maxInvalid: string | undefined;
  readonly destination: Destination;
  readonly revalidate: boolean;
  /** Variables that are to have another value than the definitions give them, by the job of their worker. */
  readonly overrides: Readonly<Record<"validation" | "processing", Readonly<Record<string, string>>>>;
}

/** Whether the function can send there: what it writes into a file or to its standard output is gone with it. */
export function takesFromFunction(destination: Destination): boolean {
  const processor = workerContract.workers.find(({ name }) => name === "batch_processor");
  return processor?.lambda?.choices.RECORD_DESTINATION.includes(destination) ?? false;
}
