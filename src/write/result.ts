import { type ComparedFile, hasMoved } from "./compare.ts";
import type { Plan } from "./plan.ts";

/** What a run did, as paths relative to the output folder, sorted. */
export interface WriteResult {
  /** As the user typed it. */
  readonly folder: string;
  readonly created: readonly string[];
  readonly updated: readonly string[];
  readonly deleted: readonly string[];
  /** Create-only files that were there. */
  readonly kept: readonly string[];
  /** Those of them for which the config now gives something else than when they were written. */
  readonly moved: readonly string[];
  /** Files that we wrote once, that are no longer generated, and that somebody changed: left in place. Worth a warning. */
  readonly orphaned: readonly string[];
  readonly unchanged: readonly string[];
  readonly manifest: "unchanged" | "created" | "updated";
  /** What an interrupted run had begun, and this one ended before its own work. */
  readonly recovered: readonly string[];
}

/** What a plan comes to when it is carried out. */
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
