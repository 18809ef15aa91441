import { type ComparedFile, hasMoved } from "./compare.ts";
import type { Plan } from "./plan.ts";

/** What a run did, as paths relative to the output folder, sorted. */
export interface WriteResult {
  /** As the user typed it. */
  readonly folder: string;
  readonly created: readonly string[];
  readonly updated: readonly string[];
  readonly deleted: readonly string[];
  /** Create-only files that existed. */
  readonly kept: readonly string[];
  /** Those of them that would be rendered differently now than when they were written. */
  readonly moved: readonly string[];
  /** Files that are no longer generated but were changed by hand: left in place. Worth a warning. */
  readonly orphaned: readonly string[];
  readonly unchanged: readonly string[];
  readonly manifest: "unchanged" | "created" | "updated";
  /** Files of an interrupted run that was completed or undone first. */
  readonly recovered: readonly string[];
}

/** The result of carrying out a plan. */
export function resultOf(folder: string, plan: Plan, recovered: readonly string[] = []): WriteResult {
  return {
    folder,
    created: pathsOf(plan.create),
    updated: pathsOf(plan.update),
    deleted: pathsOf(plan.delete),
    kept: pathsOf(plan.keep),
    moved: pathsOf(plan.keep.filter(hasMoved)),
    orphaned: pathsOf(plan.leave),
    unchanged: pathsOf(plan.unchanged),
    manifest: ({ same: "unchanged", missing: "created", stale: "updated" } as const)[plan.manifest.state],
    recovered,
  };
}

function pathsOf(files: readonly ComparedFile[]): readonly string[] {
  return files.map(({ path }) => path);
}
