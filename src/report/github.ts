import type { Problem } from "../model/problem.ts";
import { printable } from "./printable.ts";
import { sentence } from "./sentence.ts";
import { summarize, summaryLine } from "./summary.ts";

/** For GitHub Actions: workflow commands, which it shows beside the lines of a pull request. */
export function formatGithub(problems: readonly Problem[]): string {
  return [...problems.map(command), summaryLine(summarize(problems)), ""].join("\n");
}

function command(problem: Problem): string {
  const { severity, file, position, rule, hint } = problem;
  const place = `file=${property(file)},line=${position.line},col=${position.column},title=${property(rule)}`;
  const message = hint === undefined ? sentence(problem) : `${sentence(problem)}\nhint: ${printable(hint)}`;
  return `::${severity} ${place}::${data(message)}`;
}

// As @actions/core escapes (command.ts). GitHub undoes it, so a file name keeps its meaning; other control characters
// would reach the log as they are.
function data(text: string): string {
  return printable(text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A"));
}

function property(text: string): string {
  return data(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
