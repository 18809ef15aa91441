/** A failure that a state machine can handle: Retry and Catch match it, and a Fail state ends with one. */
export class StatesError extends Error {
  readonly error: string;
  readonly reason: string;

  constructor(error: string, reason: string) {
    super(`${error}: ${reason}`);
    this.name = "StatesError";
    this.error = error;
    this.reason = reason;
  }
}

/** Whether an entry of ErrorEquals matches this error. Some errors are not failures of a task and have to be named. */
export function isNamed(error: string, names: readonly unknown[]): boolean {
  return names.some(
    (name) =>
      name === error ||
      (name === "States.ALL" && !terminal.has(error)) ||
      (name === "States.TaskFailed" && !notOfTasks.has(error) && !terminal.has(error)),
  );
}

const terminal: ReadonlySet<string> = new Set(["States.DataLimitExceeded", "States.Runtime"]);
const notOfTasks: ReadonlySet<string> = new Set([
  "States.Timeout",
  "States.ExceedToleratedFailureThreshold",
  "States.NoChoiceMatched",
  "States.ItemReaderFailed",
  "States.ResultWriterFailed",
]);
