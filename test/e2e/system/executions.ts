import { setTimeout as sleep } from "node:timers/promises";
import { anyCredentials, type Credentials, signedCall } from "./signedCall.ts";

export interface ExecutionInput {
  readonly input: string;
  readonly output?: string;
  readonly schema?: string;
  readonly maxInvalid?: string;
}

export interface Execution {
  readonly status: "RUNNING" | "SUCCEEDED" | "FAILED" | "TIMED_OUT" | "ABORTED";
  readonly output?: string;
  readonly error?: string;
  readonly cause?: string;
}

const stateMachine = "arn:aws:states:us-east-1:123456789012:stateMachine:gss-dev-batch-pipeline";
const limitSeconds = 300;

/** Executions of the deployed state machine, started and watched as a caller of AWS Step Functions does. */
export class Executions {
  readonly #endpoint: string;
  #credentials: Credentials = anyCredentials;

  constructor(endpoint: string) {
    this.#endpoint = endpoint;
  }

  /** From now on. */
  useCredentials(credentials: Credentials): void {
    this.#credentials = credentials;
  }

  async run(name: string, input: ExecutionInput): Promise<Execution> {
    return this.ended(await this.start(name, input));
  }

  /** Gives its ARN. */
  async start(name: string, input: ExecutionInput): Promise<string> {
    const started = await this.#call("StartExecution", {
      stateMachineArn: stateMachine,
      name,
      input: JSON.stringify(input),
    });
    return started.executionArn as string;
  }

  async ended(executionArn: string): Promise<Execution> {
    const deadline = performance.now() + limitSeconds * 1000;
    for (;;) {
      const execution = (await this.#call("DescribeExecution", { executionArn })) as unknown as Execution;
      if (execution.status !== "RUNNING") return execution;
      if (performance.now() > deadline) throw new Error(`the execution has not ended after ${limitSeconds} s`);
      await sleep(100);
    }
  }

  /** Names of the states that were entered, chunks apart: those have executions of their own. */
  async statesOf(executionArn: string): Promise<string[]> {
    const { events } = await this.#call("GetExecutionHistory", { executionArn, maxResults: 1000 });
    return (events as readonly HistoryEvent[]).flatMap(({ stateEnteredEventDetails }) =>
      stateEnteredEventDetails === undefined ? [] : [stateEnteredEventDetails.name],
    );
  }

  async #call(action: string, parameters: object): Promise<Record<string, unknown>> {
    const answer = await signedCall({
      endpoint: this.#endpoint,
      service: "states",
      credentials: this.#credentials,
      contentType: "application/x-amz-json-1.0",
      target: `AWSStepFunctions.${action}`,
      body: JSON.stringify(parameters),
    });
    return JSON.parse(answer) as Record<string, unknown>;
  }
}

interface HistoryEvent {
  readonly stateEnteredEventDetails?: { readonly name: string };
}
