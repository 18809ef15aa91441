import type { Problem } from "../model/problem.ts";

export interface Summary {
  readonly errors: number;
  readonly warnings: number;
  /** Files that have a problem. */
  readonly files: number;
}

export function summarize(problems: readonly Problem[]): Summary {
  const errors = problems.filter(({ severity }) => severity === "error").length;
  const files = new Set(problems.map(({ file }) => file)).size;
  return { errors, warnings: problems.length - errors, files };
}

/** "2 errors, 1 warning in 3 files" */
export function summaryLine({ errors, warnings, files }: Summary): string {
  const counts = [count(errors, "error"), count(warnings, "warning")].filter((text) => text !== "");
  return counts.length === 0 ? "no problems" : `${counts.join(", ")} in ${count(files, "file")}`;
}

function count(number: number, noun: string): string {
  return number === 0 ? "" : `${number} ${noun}${number === 1 ? "" : "s"}`;
}
