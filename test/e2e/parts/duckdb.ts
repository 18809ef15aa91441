import { join } from "node:path";
import type { Part } from "./part.ts";
import { isAbsent } from "./part.ts";
import { pythonVenv } from "./pythonVenv.ts";
import { run } from "./run.ts";

export interface Duckdb {
  /** A Python interpreter that can import duckdb. */
  readonly python: string;
  readonly version: string;
}

/** DuckDB for the interpreter that DUCKDB_PYTHON names, else the version that `python/duckdb.txt` pins, in the cache. */
export async function duckdb(): Promise<Part<Duckdb>> {
  const named = process.env.DUCKDB_PYTHON;
  if (named !== undefined && named !== "") return versionOf(named);
  const venv = await pythonVenv("duckdb");
  return isAbsent(venv) ? venv : versionOf(join(venv.programs, "python"));
}

async function versionOf(python: string): Promise<Part<Duckdb>> {
  try {
    const { stdout } = await run(python, ["-c", "import duckdb; print(duckdb.__version__)"]);
    return { python, version: stdout.trim() };
  } catch (error) {
    return { absent: `${python} cannot import duckdb (${(error as Error).message})` };
  }
}
