import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { locked } from "./locked.ts";

const markerName = ".installed";

/**
 * Fills a folder of the cache, once: `install` runs when the folder is missing, was left half done, was moved or was
 * filled for other inputs. Test files may run beside each other in processes of their own: one installs, others wait.
 */
export async function installOnce(
  folder: string,
  inputs: readonly string[],
  install: () => Promise<void>,
): Promise<void> {
  // The scripts of a Python environment name the folder that they were made in.
  const fingerprint = createHash("sha256")
    .update(JSON.stringify([folder, ...inputs]))
    .digest("hex");
  if (isFilled(folder, fingerprint)) return;
  await locked(folder, async () => {
    if (isFilled(folder, fingerprint)) return;
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    await install();
    // Last: a folder without it is not filled, whatever else is in it.
    writeFileSync(join(folder, markerName), fingerprint);
  });
}

function isFilled(folder: string, fingerprint: string): boolean {
  const marker = join(folder, markerName);
  return existsSync(marker) && readFileSync(marker, "utf8") === fingerprint;
}
