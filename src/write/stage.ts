import { copyFile, mkdir, open, rename } from "node:fs/promises";
import { mapAtMost } from "./atMost.ts";
import { orFault } from "./faults.ts";
import { flush } from "./flush.ts";
import { type Journal, journalText, staged } from "./journal.ts";
import { statOf } from "./lookAt.ts";
import { located, type Output, shown, stagingName } from "./output.ts";
import { foldersAbove } from "./portablePath.ts";

/** Called before each change of the disk; a test kills or fails the run there. */
export type OnStep = (step: string) => void | Promise<void>;

/** A file to change. */
export interface Change {
  readonly path: string;
  /** Hash of the file on disk; null for nothing. */
  readonly before: string | null;
  /** Null: the file is deleted. */
  readonly after: { readonly text: string; readonly sha256: string; readonly executable: boolean } | null;
}

/** Writes everything that the changes need to the disk, and commits them: see journal.ts. Nothing else in the folder changes. */
export async function stageChanges(output: Output, changes: readonly Change[], onStep: OnStep): Promise<Journal> {
  await onStep("make staging folder");
  await orFault("write", shown(output, stagingName), () => mkdir(located(output, stagingName), { mode: 0o700 }));
  await mapAtMost(parallelWrites, changes, (change, index) =>
    orFault("write", shown(output, change.path), () => stageChange(output, change, index, onStep)),
  );
  return orFault("write", shown(output, stagingName), async () => {
    const journal = await journalOf(output, changes);
    await onStep("write journal");
    await writeSynced(staged(output, "journal.part"), journalText(journal), 0o644);
    await flush(located(output, stagingName));
    await onStep("commit");
    await rename(staged(output, "journal.part"), staged(output, "journal.json"));
    await flush(located(output, stagingName));
    return journal;
  });
}

/** Files are flushed in parallel, which is much faster than one by one. */
const parallelWrites = 16;

async function stageChange(output: Output, change: Change, index: number, onStep: OnStep): Promise<void> {
  const { path, before, after } = change;
  await onStep(`stage ${path}`);
  if (after !== null) {
    await writeSynced(staged(output, `new-${index}`), after.text, after.executable ? 0o755 : 0o644);
  }
  if (before !== null) await copySynced(located(output, path), staged(output, `old-${index}`));
}

async function journalOf(output: Output, changes: readonly Change[]): Promise<Journal> {
  const steps = changes.map(({ path, before, after }) => ({ path, before, after: after?.sha256 ?? null }));
  const needed = new Set(changes.flatMap(({ path, after }) => (after === null ? [] : foldersAbove(path))));
  const sorted = [...needed].sort();
  const stats = await mapAtMost(parallelWrites, sorted, (folder) => statOf(located(output, folder)));
  return { steps, folders: sorted.filter((_, index) => stats[index] === undefined) };
}

async function writeSynced(path: string, text: string, mode: number): Promise<void> {
  const handle = await open(path, "wx", mode);
  try {
    await handle.writeFile(text);
    // Overrides the umask. Some file systems have no modes, and a file there needs none.
    await handle.chmod(mode).catch(() => {});
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** A copy, because not every file system supports hard links and not every user may create them. */
async function copySynced(from: string, to: string): Promise<void> {
  await copyFile(from, to);
  await flush(to);
}
