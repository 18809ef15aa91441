import type { Problem } from "../model/problem.ts";
import type { Paint } from "./paint.ts";
import { printable } from "./printable.ts";
import { sentence } from "./sentence.ts";
import { summarize, summaryLine } from "./summary.ts";

/** For people: a line for each problem, its hint below it, and a line that counts them. */
export function formatText(problems: readonly Problem[], paint: Paint): string {
  const lines = problems.flatMap((problem) => problemLines(problem, paint));
  return [...lines, summaryLine(summarize(problems)), ""].join("\n");
}

function problemLines(problem: Problem, paint: Paint): string[] {
  const { file, position, severity, rule, hint } = problem;
  const where = paint("bold", `${printable(file)}:${position.line}:${position.column}`);
  const weight = paint(severity === "error" ? "red" : "yellow", severity);
  const line = `${where}  ${weight}  ${sentence(problem)}  ${paint("dim", `[${printable(rule)}]`)}`;
  return hint === undefined ? [line] : [line, `   hint: ${printable(hint)}`];
}
