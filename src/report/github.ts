import type { Problem } from "../model/problem.ts";
import { printable } from "./printable.ts";
import { sentence } from "./sentence.ts";
import { summarize, summaryLine } from "./summary.ts";

/** For GitHub Actions: workflow commands, which it shows next to the lines of a pull request. */
export function formatGithub(problems: readonly Problem[]): string {
  return [...problems.map(command), summaryLine(summarize(problems)), ""].join("\n");
}

function command(problem: Problem): string {
  const { severity, file, position, rule, hint } = problem;
  const place = `file=${property(file)},line=${position.line},col=${position.column},title=${property(rule)}`;
  const message = hint === undefined ? sentence(problem) : `${sentence(problem)}\nhint: ${printable(hint)}`;
  return `::${severity} ${place}::${data(message)}`;
}

// Escapes as @actions/core does (command.ts). GitHub reverses that, so file names stay the same; other control characters
// would reach the log unescaped.
function data(text: string): string {
  return printable(text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A"));
}

function property(text: string): string {
  return data(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
