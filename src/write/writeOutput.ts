import { rmdir } from "node:fs/promises";
import { dirname } from "node:path";
import { InvalidInput } from "../model/problem.ts";
import type { RenderedFile } from "../model/renderedFile.ts";
import { makeFolder } from "../shared/makeFolder.ts";
import { type ComparedFile, compareOutput } from "./compare.ts";
import { orFault } from "./faults.ts";
import { isLocked, type LockOptions, withLock } from "./lock.ts";
import { sha256 } from "./lookAt.ts";
import { manifestName, type Output, outputAt } from "./output.ts";
import { changesAnything, type Plan, planChanges } from "./plan.ts";
import { resultOf, type WriteResult } from "./result.ts";
import { finishInterruptedRun, removeStaging, settleChanges } from "./settle.ts";
import { type Change, type OnStep, stageChanges } from "./stage.ts";

export interface WriteOptions extends LockOptions {
  /** Overwrites hand-edited and foreign files. */
  readonly force?: boolean | undefined;
  readonly onStep?: OnStep | undefined;
}

/**
 * Brings the output folder to the state of the rendered files, or changes nothing and throws: `InvalidInput` for what the
 * user can fix there, `Fault` for what the system refuses.
 */
export async function writeOutput(
  files: readonly RenderedFile[],
  folder: string,
  options: WriteOptions = {},
): Promise<WriteResult> {
  const output = outputAt(folder);
  const untouched = await resultWithoutWriting(files, output, options);
  if (untouched !== undefined) return untouched;
  return inFolder(output, () =>
    withLock(output, options, async () => {
      const onStep = options.onStep ?? (() => {});
      await onStep("locked");
      const recovered = await finishInterruptedRun(output, onStep);
      // Another run may have ended since the first look.
      const plan = planChanges(await compareOutput(files, folder), { force: options.force ?? false });
      if (plan.refused.length > 0) throw new InvalidInput(plan.refused);
      if (changesAnything(plan)) await apply(output, plan, onStep);
      await onStep("unlock");
      return resultOf(folder, plan, recovered);
    }),
  );
}

/** When there is nothing to do, not even a lock is written: a checkout stays untouched, and may be read-only. */
async function resultWithoutWriting(
  files: readonly RenderedFile[],
  output: Output,
  { force = false }: WriteOptions,
): Promise<WriteResult | undefined> {
  const comparison = await compareOutput(files, output.folder);
  const plan = planChanges(comparison, { force });
  const isIdle = comparison.unfinished === "none" && !(await isLocked(output));
  return isIdle && plan.refused.length === 0 && !changesAnything(plan) ? resultOf(output.folder, plan) : undefined;
}

/** Creates the output folder, and removes it again if nothing is written to it. */
async function inFolder<Value>(output: Output, work: () => Promise<Value>): Promise<Value> {
  const outermost = await orFault("write", output.folder, () => makeFolder(output.root));
  try {
    return await work();
  } catch (error) {
    if (outermost !== undefined) await removeEmptyUpTo(outermost, output.root);
    throw error;
  }
}

async function removeEmptyUpTo(outermost: string, folder: string): Promise<void> {
  for (let path = folder; path.length >= outermost.length; path = dirname(path)) {
    const isRemoved = await rmdir(path).then(
      () => true,
      () => false,
    );
    if (!isRemoved) return;
  }
}

async function apply(output: Output, plan: Plan, onStep: OnStep): Promise<void> {
  const journal = await stageChanges(output, changesOf(plan), onStep).catch(async (error: unknown) => {
    // If that fails too, the next run does it.
    await removeStaging(output, onStep).catch(() => {});
    throw error;
  });
  await settleChanges(output, journal, onStep);
}

/** The manifest comes last: until then it lists the files of the last run. */
function changesOf(plan: Plan): readonly Change[] {
  const { manifest } = plan;
  const changes = [...plan.create, ...plan.update, ...plan.delete].map(changeOf);
  const manifestChange: Change = {
    path: manifestName,
    before: manifest.before,
    after: { text: manifest.text, sha256: sha256(manifest.text), executable: false },
  };
  return manifest.state === "same" ? changes : [...changes, manifestChange];
}

function changeOf({ path, disk, rendered }: ComparedFile): Change {
  const before = disk.kind === "file" ? disk.sha256 : null;
  if (rendered === undefined) return { path, before, after: null };
  return {
    path,
    before,
    after: { text: rendered.text, sha256: rendered.sha256, executable: rendered.executable ?? false },
  };
}
