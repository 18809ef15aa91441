import type { ProblemFormat } from "../report/report.ts";
import type { Machine } from "../run/machine.ts";
import type { Processes } from "../write/holder.ts";

/** Everything outside that a command may use. Passed in by cli.ts, so that a command can be tested without a process. */
export interface Io {
  /** Writes results, which a pipeline reads. */
  readonly out: (text: string) => void;
  /** Writes everything else: progress, and problems where these are not the result. */
  readonly err: (text: string) => void;
  readonly colors: { readonly out: boolean; readonly err: boolean };
  /** The running processes, for the lock of the output folder. */
  readonly processes: Processes;
  /** What is needed to start other programs. */
  readonly machine: Machine;
}

/** Options of every command. */
export interface CommonOptions {
  readonly format: ProblemFormat;
  readonly strict: boolean;
  readonly quiet: boolean;
  /** False with --no-color. */
  readonly color: boolean;
}
