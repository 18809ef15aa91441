import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { bundleWorkers } from "../../workers/build/bundleWorkers.ts";

export interface Installed {
  /** The command line. */
  readonly program: string;
  readonly folder: string;
  remove(): void;
}

/** The package as it is installed, with workers made from the sources as they are now. */
export async function installPackage(): Promise<Installed> {
  const folder = mkdtempSync(join(tmpdir(), "gen-batch-config-installed-"));
  cpSync(resolve("dist"), join(folder, "dist"), { recursive: true });
  await bundleWorkers({ targetFolder: join(folder, "workers", "dist") });
  return {
    program: join(folder, "dist", "cli.js"),
    folder,
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
