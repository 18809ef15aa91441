import { WorkerFault } from "../model/fault.ts";

/** One missing or invalid setting. */
export interface SettingProblem {
  readonly kind: "usage" | "configuration";
  /** What was found and what was expected, as a clause: "--input is missing". */
  readonly text: string;
  /** What to do, as a clause. */
  readonly hint?: string;
}

/** All problems with the settings of a run. Its outcome is usage if one is about an argument, else configuration. */
export class SettingsFault extends WorkerFault {
  readonly problems: readonly SettingProblem[];

  constructor(worker: string, problems: readonly SettingProblem[]) {
    const outcome = problems.some(({ kind }) => kind === "usage") ? "usage" : "configuration";
    const count = problems.length === 1 ? "one setting is" : `${problems.length} settings are`;
    const lines = problems.map(({ text, hint }) => `  ${text}${hint === undefined ? "" : `; ${hint}`}`);
    super(outcome, [`${count} missing or invalid:`, ...lines].join("\n"), {
      hint: `${worker} --help shows every argument and variable`,
    });
    this.name = "SettingsFault";
    this.problems = problems;
  }
}
