import type { Problem } from "../model/problem.ts";
import { sentence } from "./sentence.ts";

/** Sorted by file, line, column and rule, without duplicates. */
export function arrange(problems: readonly Problem[]): readonly Problem[] {
  const unique = new Map<string, Problem>();
  for (const problem of problems) {
    const key = identity(problem);
    if (!unique.has(key)) unique.set(key, problem);
  }
  const keyed = [...unique].map(([key, problem]) => ({ key, problem }));
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

/** By code unit, which is the same in every locale. */
function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
