import type { Program } from "./debianProgram.ts";
import { findOnPath, findProgram } from "./findProgram.ts";
import { buildGoProgram } from "./goProgram.ts";
import type { Part } from "./part.ts";

/** The linter of GitHub's workflows from ACTIONLINT_PATH or PATH, else built from the version that `actionlint/go.mod` pins. */
export async function actionlint(): Promise<Part<Program>> {
  const path = findProgram("actionlint", "ACTIONLINT_PATH");
  if (path !== undefined) return { path };
  const go = findOnPath("go");
  if (go === undefined)
    return { absent: "no actionlint on PATH, ACTIONLINT_PATH is not set, and there is no go to build it" };
  try {
    const packagePath = "github.com/rhysd/actionlint/cmd/actionlint";
    return { path: await buildGoProgram(go, { name: "actionlint", packagePath }) };
  } catch (error) {
    return { absent: `actionlint cannot be built (${(error as Error).message})` };
  }
}
