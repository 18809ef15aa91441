import type { ProblemFormat } from "../report/report.ts";
import type { Machine } from "../run/machine.ts";
import type { Processes } from "../write/holder.ts";

/** What a command may touch of the outside. Handed in by cli.ts, so that a command can be tested without a process. */
export interface Io {
  /** Results: what a pipeline reads. */
  readonly out: (text: string) => void;
  /** Everything else: progress, problems of a command whose result is something else. */
  readonly err: (text: string) => void;
  readonly colors: { readonly out: boolean; readonly err: boolean };
  /** Who runs this, for the lock of the output folder. */
  readonly processes: Processes;
  /** What it takes to start other programs. */
  readonly machine: Machine;
}

/** Options that every command has. */
export interface CommonOptions {
  readonly format: ProblemFormat;
  readonly strict: boolean;
  readonly quiet: boolean;
  /** False with --no-color. */
  readonly color: boolean;
}
