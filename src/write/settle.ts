import { rename, rm, rmdir, unlink } from "node:fs/promises";
import { dirname } from "node:path";
import { Fault, InvalidInput } from "../model/problem.ts";
import { makeFolder } from "../shared/makeFolder.ts";
import { mapAtMost } from "./atMost.ts";
import { orFault } from "./faults.ts";
import { flush } from "./flush.ts";
import { type Journal, readJournal, type Step, staged, unfinishedRun } from "./journal.ts";
import { lookAtOne, statOf } from "./lookAt.ts";
import { located, manifestName, type Output, shown, stagingName } from "./output.ts";
import { foldersAbove } from "./portablePath.ts";
import { refusal } from "./refusals.ts";
import type { OnStep } from "./stage.ts";

/** Performs the steps of a committed change. When one fails, those before it are undone and the output is as before. */
export async function settleChanges(output: Output, journal: Journal, onStep: OnStep): Promise<void> {
  try {
    const disturbed = await takeSteps(output, journal, onStep);
    const problems = disturbed.map((path) =>
      refusal("write/hand-edited", shown(output, path), { found: "changed during this run" }),
    );
    if (problems.length > 0) throw new InvalidInput(problems);
  } catch (error) {
    await turnBack(output, journal, error, onStep);
    throw error;
  }
  await close(output, journal, onStep);
}

/**
 * Completes or undoes an interrupted run, and returns the paths that it was about to change.
 * A file that was changed since then stays as it is; the comparison that follows reports it as hand-edited.
 */
export async function finishInterruptedRun(output: Output, onStep: OnStep): Promise<readonly string[]> {
  const unfinished = await unfinishedRun(output);
  if (unfinished === "none") return [];
  if (unfinished === "staged") {
    await removeStaging(output, onStep);
    return [];
  }
  const isForward = unfinished === "committed";
  const journal = await readJournal(output, isForward ? "journal.json" : "undo.json");
  await (isForward ? takeSteps : takeBackSteps)(output, journal, onStep);
  await close(output, journal, onStep);
  return journal.steps.map(({ path }) => path).filter((path) => path !== manifestName);
}

export async function removeStaging(output: Output, onStep: OnStep): Promise<void> {
  await onStep("remove staging folder");
  await orFault("delete", shown(output, stagingName), () =>
    rm(located(output, stagingName), { recursive: true, force: true }),
  );
}

/** Returns the paths that were changed in the meantime; they are left alone. */
async function takeSteps(output: Output, journal: Journal, onStep: OnStep): Promise<readonly string[]> {
  const disturbed: string[] = [];
  for (const [index, step] of journal.steps.entries()) {
    await onStep(`settle ${step.path}`);
    const done = await orFault("write", shown(output, step.path), () => takeStep(output, step, index));
    if (!done) disturbed.push(step.path);
  }
  const left = journal.steps.flatMap(({ path, after }) => (after === null ? foldersAbove(path) : []));
  await removeEmpty([...new Set(left)], output);
  return disturbed;
}

async function takeStep(output: Output, { path, before, after }: Step, index: number): Promise<boolean> {
  const current = await hashAt(output, path);
  if (after === null) {
    if (current === null) return true;
    if (current !== before) return false;
    await unlink(located(output, path));
    return true;
  }
  const content = staged(output, `new-${index}`);
  // The rename moves the content, so if it is gone the step was performed before the interruption.
  if (!(await isFile(content))) return true;
  if (current !== before) return false;
  await moveInto(located(output, path), content);
  return true;
}

/** Restores the state before the first step. If this run cannot, the next one continues. */
async function turnBack(output: Output, journal: Journal, reason: unknown, onStep: OnStep): Promise<void> {
  try {
    await onStep("turn back");
    await rename(staged(output, "journal.json"), staged(output, "undo.json"));
    await takeBackSteps(output, journal, onStep);
    await close(output, journal, onStep);
  } catch {
    throw new Fault(`${output.folder} is half-way between two runs: ${messageOf(reason)}`, {
      hint: "remove the cause and run again: the next run completes or undoes this one",
      cause: reason,
    });
  }
}

async function takeBackSteps(output: Output, { steps, folders }: Journal, onStep: OnStep): Promise<void> {
  for (const [index, step] of [...steps.entries()].reverse()) {
    await onStep(`take back ${step.path}`);
    await orFault("write", shown(output, step.path), () => takeBackStep(output, step, index));
  }
  await removeEmpty(folders, output);
}

async function takeBackStep(output: Output, { path, before, after }: Step, index: number): Promise<void> {
  if ((await hashAt(output, path)) !== after) return;
  if (before === null) {
    if (after !== null) await unlink(located(output, path));
    return;
  }
  const content = staged(output, `old-${index}`);
  if (await isFile(content)) await moveInto(located(output, path), content);
}

/** From here on the change is complete; what is left of the staging folder no longer matters. */
async function close(output: Output, { steps }: Journal, onStep: OnStep): Promise<void> {
  const folders = new Set(steps.map(({ path }) => dirname(located(output, path))));
  await mapAtMost(parallelFlushes, [...folders], flush);
  await onStep("delete journal");
  await orFault("delete", shown(output, stagingName), async () => {
    await rm(staged(output, "journal.json"), { force: true });
    await rm(staged(output, "undo.json"), { force: true });
    await flush(located(output, stagingName));
  });
  await removeStaging(output, onStep);
}

const parallelFlushes = 16;

/** The hash of the file; null for nothing, undefined for something that is not a file or is behind a symbolic link. */
async function hashAt(output: Output, path: string): Promise<string | null | undefined> {
  const disk = await lookAtOne(output, path);
  if (disk.kind === "nothing") return null;
  return disk.kind === "file" ? disk.sha256 : undefined;
}

async function isFile(path: string): Promise<boolean> {
  return (await statOf(path))?.isFile() ?? false;
}

async function moveInto(path: string, content: string): Promise<void> {
  await makeFolder(dirname(path));
  await rename(content, path);
}

/** Folders that are not empty stay, and so does an empty one that cannot be removed: it does no harm. */
async function removeEmpty(folders: readonly string[], output: Output): Promise<void> {
  for (const folder of [...folders].sort().reverse()) {
    const disk = await lookAtOne(output, folder);
    if (disk.kind === "not-a-file") await rmdir(located(output, folder)).catch(() => {});
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
