import { type Comparison, hasMoved } from "./compare.ts";
import { driftOf } from "./drift.ts";
import { manifestName, outputAt, shown } from "./output.ts";
import type { WriteResult } from "./result.ts";

/** A result as lines of text: one per changed file, and a summary at the end. With `dryRun`, of what would be done. */
export function describeResult(result: WriteResult, { dryRun = false }: { readonly dryRun?: boolean } = {}): string[] {
  const words = dryRun ? planned : done;
  const output = outputAt(result.folder);
  const rows = (word: string, paths: readonly string[], note = "") =>
    paths.map((path) => [word, `${shown(output, path)}${note}`] as const);
  const changed = [
    ...rows(words.created, result.created),
    ...rows(words.updated, result.updated),
    ...rows(words.deleted, result.deleted),
  ];
  if (changed.length === 0 && result.manifest !== "unchanged")
    changed.push(...rows(words[result.manifest], [manifestName]));
  const left = rows("left", result.orphaned, "  (no longer generated, edited by hand)");
  const moved = rows("kept", result.moved, movedNote);
  return [...aligned([...changed, ...left, ...moved]), ...recovery(result), summary(result, changed.length > 0, words)];
}

/** The drift of an output folder as lines of text, followed by a summary and what to do about each kind. */
export function describeDrift(comparison: Comparison): string[] {
  const drift = driftOf(comparison);
  const fine = comparison.files.filter(({ state }) => state === "same" || state === "kept").length;
  const output = outputAt(comparison.folder);
  const moved = comparison.files
    .filter(hasMoved)
    .map(({ path }) => ["kept", `${shown(output, path)}${movedNote}`] as const);
  if (drift.length === 0) return [...aligned(moved), `${comparison.folder} is up to date (${files(fine)}).`];
  const kinds = new Map<string, { count: number; hint: string }>();
  for (const { rule, hint = "" } of drift) kinds.set(rule, { count: (kinds.get(rule)?.count ?? 0) + 1, hint });
  const counts = [...kinds].map(([rule, { count }]) => `${count} ${wordOf(rule)}`);
  return [
    ...aligned([...drift.map(({ rule, file }) => [wordOf(rule), file] as const), ...moved]),
    `${comparison.folder} does not match the config: ${[...counts, `${fine} up to date`].join(", ")}.`,
    ...[...kinds].map(([rule, { hint }]) => `  ${wordOf(rule)}: ${hint}`),
  ];
}

/** Not drift, because the file is the user's, but anyone who changed the region in the config has to change it here too. */
const movedNote = "  (yours; it would be generated differently now: update it by hand, or delete it)";

type Words = Readonly<Record<"created" | "updated" | "deleted", string>>;
const done: Words = { created: "created", updated: "updated", deleted: "deleted" };
const planned: Words = { created: "create", updated: "update", deleted: "delete" };

/** Rows of two columns, the second one aligned. */
function aligned(rows: readonly (readonly [word: string, rest: string])[]): string[] {
  const width = rows.reduce((widest, [word]) => Math.max(widest, word.length), 0);
  return rows.map(([word, rest]) => `${word.padEnd(width)}  ${rest}`);
}

function recovery({ recovered }: WriteResult): string[] {
  return recovered.length === 0
    ? []
    : [`An earlier run was interrupted; it was completed or undone first (${files(recovered.length)}).`];
}

function summary(result: WriteResult, changes: boolean, words: Words): string {
  const { folder, created, updated, deleted, kept, orphaned, unchanged } = result;
  const nothing = result.recovered.length === 0 ? "nothing" : "nothing else";
  if (!changes) return `${folder} is up to date (${files(unchanged.length + kept.length)}); ${nothing} was changed.`;
  const isDryRun = words === planned;
  const to = isDryRun ? "to " : "";
  const counts = [
    [created.length, `${to}${words.created}`],
    [updated.length, `${to}${words.updated}`],
    [deleted.length, `${to}${words.deleted}`],
    [unchanged.length, "unchanged"],
    [kept.length, "kept as yours"],
    [orphaned.length, "left in place"],
  ] as const;
  const parts = counts.filter(([count]) => count > 0).map(([count, word]) => `${count} ${word}`);
  return `${folder}: ${parts.join(", ") || "no files"}.${isDryRun ? " This was a dry run; nothing was written." : ""}`;
}

/** "drift/stale" and "write/symlink" end with the word for the list. */
function wordOf(rule: string): string {
  return rule.slice(rule.indexOf("/") + 1);
}

function files(count: number): string {
  return count === 1 ? "1 file" : `${count} files`;
}
