import type { Problem } from "../model/problem.ts";
import type { ComparedFile, Comparison, FileState } from "./compare.ts";
import { type ManifestEntry, manifestText } from "./manifest.ts";
import { outputAt, shown, stagingName } from "./output.ts";
import { type RefusalId, refusal } from "./refusals.ts";

/** What a run would do, or why it refuses. */
export interface Plan {
  /** If there are any, nothing is done. */
  readonly refused: readonly Problem[];
  readonly create: readonly ComparedFile[];
  readonly update: readonly ComparedFile[];
  readonly delete: readonly ComparedFile[];
  /** Orphans that were changed by hand: left in place and reported. */
  readonly leave: readonly ComparedFile[];
  readonly keep: readonly ComparedFile[];
  readonly unchanged: readonly ComparedFile[];
  /** `state` ignores the layout, because a formatter may have changed it. */
  readonly manifest: {
    readonly state: "same" | "missing" | "stale";
    /** Hash of the bytes on disk. */
    readonly before: string | null;
    readonly text: string;
  };
}

export function planChanges(comparison: Comparison, { force }: { readonly force: boolean }): Plan {
  const { files } = comparison;
  const inState = (...states: readonly FileState[]) => files.filter(({ state }) => states.includes(state));
  return {
    refused: isMixed(comparison) ? [interrupted(comparison)] : refusalsOf(comparison, force),
    create: inState("missing"),
    update: inState("stale", "hand-edited", "foreign"),
    delete: inState("orphan").filter((file) => isDeletable(file, force)),
    leave: inState("orphan").filter((file) => !isDeletable(file, force)),
    keep: inState("kept"),
    unchanged: inState("same"),
    manifest: manifestAfter(comparison, force),
  };
}

/** True when a run would touch the disk. */
export function changesAnything({ create, update, delete: deleted, manifest }: Plan): boolean {
  return create.length + update.length + deleted.length > 0 || manifest.state !== "same";
}

/** True when the files are a mix of two runs, so that comparing them means nothing. A run that writes resolves that first. */
export function isMixed({ unfinished }: Comparison): boolean {
  return unfinished === "committed" || unfinished === "turning-back";
}

function interrupted({ folder }: Comparison): Problem {
  return refusal("write/interrupted", shown(outputAt(folder), stagingName));
}

function refusalsOf({ folder, files }: Comparison, force: boolean): readonly Problem[] {
  const output = outputAt(folder);
  const problems = new Map<string, Problem>();
  for (const { path, state, disk } of files) {
    const rule = force ? undefined : refusedWithoutForce[state];
    if (rule !== undefined) problems.set(path, refusal(rule, shown(output, path)));
    // A link in place of a folder blocks many files, and is reported once.
    if (state === "blocked" && "at" in disk)
      problems.set(disk.at, refusal(`write/${disk.kind}`, shown(output, disk.at)));
  }
  return [...problems.values()];
}

const refusedWithoutForce: { readonly [State in FileState]?: RefusalId } = {
  "hand-edited": "write/hand-edited",
  foreign: "write/foreign-file",
};

/** An unchanged orphan is deleted; a changed one only with `force`, and anything that is not a file never. */
function isDeletable({ disk, recorded }: ComparedFile, force: boolean): boolean {
  return disk.kind === "file" && (force || disk.sha256 === recorded?.sha256);
}

function manifestAfter({ manifest, files }: Comparison, force: boolean): Plan["manifest"] {
  const next = files.flatMap((file) => entryAfter(file, force) ?? []);
  const text = manifestText(next);
  if (manifest === undefined) return { state: next.length === 0 ? "same" : "missing", before: null, text };
  return { state: manifestText(manifest.entries) === text ? "same" : "stale", before: manifest.sha256, text };
}

function entryAfter(file: ComparedFile, force: boolean): ManifestEntry | undefined {
  const { path, state, rendered, recorded } = file;
  // An orphan that stays on disk stays listed and is reported; with `force`, one that cannot be deleted is forgotten.
  if (rendered === undefined) return isDeletable(file, force) || force ? undefined : recorded;
  const { template, ownership, sha256 } = rendered;
  if (state !== "kept") return { path, template, sha256, ownership };
  // A create-only file that existed before is not ours to list.
  return recorded && { path, template, sha256: recorded.sha256, ownership };
}
