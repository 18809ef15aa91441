import type { Problem } from "../model/problem.ts";
import { arrange } from "./arrange.ts";
import { printableJson } from "./printable.ts";
import { sentence } from "./sentence.ts";
import { type Summary, summarize } from "./summary.ts";

/** For programs. Within version 1 keys may be added, but are never renamed or removed. `found` is the whole value. */
export function formatJson(problems: readonly Problem[]): string {
  return `${printableJson(JSON.stringify({ version: 1, ...problemsAsJson(problems) }, null, 2))}\n`;
}

/** The same as data, for a command that adds its own result to the object. */
export function problemsAsJson(problems: readonly Problem[]): {
  readonly problems: object[];
  readonly summary: Summary;
} {
  const arranged = arrange(problems);
  return { problems: arranged.map(entry), summary: summarize(arranged) };
}

function entry(problem: Problem): Readonly<Record<string, unknown>> {
  const { rule, severity, file, position, pointer, found, expected, hint } = problem;
  return {
    rule,
    severity,
    file,
    line: position.line,
    column: position.column,
    pointer,
    found: found === undefined ? undefined : asData(found),
    expected,
    hint,
    message: sentence(problem),
  };
}

/** Values that JSON cannot represent become text, so that a report never fails because of a value it should report. */
function asData(found: unknown): unknown {
  if (typeof found === "number" && !Number.isFinite(found)) return String(found);
  try {
    return JSON.stringify(found) === undefined ? String(found) : found;
  } catch {
    return String(found);
  }
}
