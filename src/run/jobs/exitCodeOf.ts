import workerExitCodes from "../../../schemas/worker-exit-codes.json" with { type: "json" };

/**
 * The exit code of the run for an outcome of a worker: 1 is about the data, 2 about the arguments and settings, 3 about
 * everything else. The help of run has the same table.
 */
const byOutcome: Readonly<Record<string, 0 | 1 | 2 | 3>> = {
  done: 0,
  "data-refused": 1,
  "input-missing": 1,
  usage: 2,
  configuration: 2,
  "try-again": 3,
  "not-allowed": 3,
  bug: 3,
};

/** The exit code of the run for an exit code of a worker. An unknown one (a kill, a crash) is a fault. */
export function exitCodeOf(workerCode: number): 0 | 1 | 2 | 3 {
  return byOutcome[outcomeOf(workerCode)] ?? 3;
}

/** The name of a worker's exit code. */
export function outcomeOf(workerCode: number): string {
  return workerExitCodes.codes.find(({ code }) => code === workerCode)?.name ?? `exit code ${workerCode}`;
}
