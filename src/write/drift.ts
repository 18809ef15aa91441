import type { Problem } from "../model/problem.ts";
import type { ComparedFile, Comparison, FileState } from "./compare.ts";
import { manifestName, outputAt, shown, stagingName } from "./output.ts";
import { isMixed, planChanges } from "./plan.ts";

/** Every difference between the output folder and the render; empty exactly when a run would do nothing. */
export function driftOf(comparison: Comparison): readonly Problem[] {
  const { folder, files } = comparison;
  const output = outputAt(folder);
  const problem = (rule: DriftId, path: string): Problem => ({
    rule,
    severity: "error",
    file: shown(output, path),
    position: { line: 1, column: 1 },
    pointer: "",
    ...drifts[rule],
  });
  if (isMixed(comparison)) return [problem("drift/interrupted", stagingName)];
  const { refused, leave, manifest } = planChanges(comparison, { force: false });
  const blocked = refused.filter(({ rule }) => rule !== "write/hand-edited" && rule !== "write/foreign-file");
  const left = new Set(leave);
  const drifting = files.flatMap((file) => {
    const rule = ruleOf(file, left);
    return rule === undefined ? [] : [problem(rule, file.path)];
  });
  const found = [...drifting, ...blocked];
  // Reported only when nothing else is: when a file differs, its hash in the manifest does too.
  return found.length === 0 && manifest.state !== "same" ? [problem("drift/manifest", manifestName)] : found;
}

/** Every kind of drift, with its sentence. */
export const drifts = {
  "drift/hand-edited": {
    found: "edited by hand since it was generated",
    expected: "the file as it was generated",
    hint: "move the change into the config and run again; --diff shows it, --force discards it",
  },
  "drift/stale": {
    found: "out of date",
    expected: "the file as the config generates it now",
    hint: "run gen-batch-config again and commit the result",
  },
  "drift/missing": {
    found: "missing",
    expected: "a generated file",
    hint: "run gen-batch-config again and commit the result",
  },
  "drift/orphan": {
    found: "a generated file that is no longer part of the output",
    expected: "no file",
    hint: "run gen-batch-config again: it deletes the file",
  },
  "drift/orphan-edited": {
    found: "a generated file that is no longer part of the output, and was edited by hand",
    expected: "no file",
    hint: "delete it, or let --force delete it",
  },
  "drift/foreign": {
    found: "a file that gen-batch-config did not write",
    expected: "a generated file",
    hint: "move it away and run again, or overwrite it with --force",
  },
  "drift/manifest": {
    found: "not the list of generated files",
    expected: "the manifest of the last run",
    hint: "run gen-batch-config again and commit the result",
  },
  "drift/interrupted": {
    found: "the traces of a run that was interrupted, or is under way",
    expected: "no unfinished run",
    hint: "run gen-batch-config again: it completes or undoes the other run",
  },
} as const satisfies Record<string, { found: string; expected: string; hint: string }>;

export type DriftId = keyof typeof drifts;

function ruleOf(file: ComparedFile, left: ReadonlySet<ComparedFile>): DriftId | undefined {
  return left.has(file) ? "drift/orphan-edited" : driftByState[file.state];
}

const driftByState = {
  same: undefined,
  kept: undefined,
  // Reported once for each obstacle, however many files it blocks.
  blocked: undefined,
  missing: "drift/missing",
  stale: "drift/stale",
  "hand-edited": "drift/hand-edited",
  foreign: "drift/foreign",
  orphan: "drift/orphan",
} as const satisfies Record<FileState, DriftId | undefined>;
