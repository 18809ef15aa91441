import { readFileSync } from "node:fs";
import { join } from "node:path";
import { findProgram } from "./findProgram.ts";
import { installOnce } from "./installOnce.ts";
import type { Part } from "./part.ts";
import { cachePath } from "./paths.ts";
import { run } from "./run.ts";

export interface PythonVenv {
  /** The folder of the programs that were installed, `python` among them. */
  readonly programs: string;
}

/** A virtual environment in the cache with what `python/<name>.txt` pins. */
export async function pythonVenv(name: string): Promise<Part<PythonVenv>> {
  const python = systemPython();
  if (python === undefined) return { absent: "no python3 on PATH, and PYTHON is not set" };
  const requirements = join(import.meta.dirname, "python", `${name}.txt`);
  const folder = cachePath("python", name);
  const programs = join(folder, "bin");
  try {
    const { stdout: version } = await run(python, ["--version"]);
    await installOnce(folder, [python, version, readFileSync(requirements, "utf8")], async () => {
      await run(python, ["-m", "venv", folder]);
      const pip = [
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "--no-input",
        "--requirement",
        requirements,
      ];
      await run(join(programs, "python"), pip, { timeLimitSeconds: 600 });
    });
    return { programs };
  } catch (error) {
    return { absent: `the packages of python/${name}.txt cannot be installed (${(error as Error).message})` };
  }
}

export function systemPython(): string | undefined {
  return findProgram("python3", "PYTHON");
}
