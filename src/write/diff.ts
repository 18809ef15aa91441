import { readFile, stat } from "node:fs/promises";
import type { ComparedFile, Comparison, FileState } from "./compare.ts";
import { orFault } from "./faults.ts";
import { located, type Output, outputAt, shown } from "./output.ts";
import { planChanges } from "./plan.ts";

/**
 * Everything that a run with `force` would change, as one unified diff from the disk to the render; "" for nothing. `states`
 * limits it, for example to hand-edited files. The manifest is left out: its changes follow from those of the files.
 */
export async function diffOutput(comparison: Comparison, states?: readonly FileState[]): Promise<string> {
  const output = outputAt(comparison.folder);
  const plan = planChanges(comparison, { force: true });
  const changing = new Set([...plan.create, ...plan.update, ...plan.delete]);
  const wanted = comparison.files.filter((file) => changing.has(file) && (states?.includes(file.state) ?? true));
  const parts: string[] = [];
  for (const file of wanted) parts.push(await diffFile(file, output));
  return parts.join("");
}

/** Above these limits, in bytes or changed lines, a diff is useless and takes minutes. */
const maxBytes = 1024 * 1024;
const maxEdits = 4000;

async function diffFile({ path, disk, rendered }: ComparedFile, output: Output): Promise<string> {
  const name = shown(output, path);
  const before = disk.kind === "file" ? await readText(located(output, path), name) : "";
  const after = rendered?.text ?? "";
  if (before === undefined || after.length > maxBytes) return `File ${name} differs (too large or not text).\n`;
  if (before === after && disk.kind === "file" && rendered) return `File ${name} would become executable.\n`;
  // Loaded only here: most runs show no diff.
  const { createTwoFilesPatch, FILE_HEADERS_ONLY } = await import("diff");
  const patch = createTwoFilesPatch(
    disk.kind === "file" ? name : "/dev/null",
    rendered ? name : "/dev/null",
    before,
    after,
    disk.kind === "file" ? "on disk" : "",
    rendered ? "generated" : "",
    { context: 3, maxEditLength: maxEdits, headerOptions: FILE_HEADERS_ONLY },
  );
  return patch ?? `File ${name} differs (more than ${maxEdits} lines).\n`;
}

/** Undefined for a file that is too large or not text. */
async function readText(path: string, name: string): Promise<string | undefined> {
  return orFault("read", name, async () => {
    if ((await stat(path)).size > maxBytes) return undefined;
    const text = await readFile(path, "utf8");
    return text.includes("\0") ? undefined : text;
  });
}
