import type { Problem } from "../model/problem.ts";
import { sentence } from "./sentence.ts";

/** Sorted by file, line, column and rule, each problem once: what was found twice is told once. */
export function arrange(problems: readonly Problem[]): readonly Problem[] {
  const told = new Map<string, Problem>();
  for (const problem of problems) {
    const key = identity(problem);
    if (!told.has(key)) told.set(key, problem);
  }
  const keyed = [...told].map(([key, problem]) => ({ key, problem }));
  return keyed.sort((a, b) => compare(a.problem, b.problem) || compareText(a.key, b.key)).map(({ problem }) => problem);
}

function identity(problem: Problem): string {
  const { rule, severity, file, position, pointer, hint = "" } = problem;
  return JSON.stringify([file, position.line, position.column, rule, pointer, severity, sentence(problem), hint]);
}

function compare(a: Problem, b: Problem): number {
  return (
    compareText(a.file, b.file) ||
    a.position.line - b.position.line ||
    a.position.column - b.position.column ||
    compareText(a.rule, b.rule)
  );
}

/** By code unit: the same on every machine, whatever its language. */
function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
