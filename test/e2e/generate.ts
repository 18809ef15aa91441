import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { repositoryRoot } from "./parts/paths.ts";
import { run } from "./parts/run.ts";

/** Generates a module with the program as it is shipped. */
export async function generate(args: readonly string[], into: string): Promise<void> {
  rmSync(into, { recursive: true, force: true });
  await run(process.execPath, [join(repositoryRoot, "dist", "cli.js"), ...args, "--out", into]);
}

/** The sample of each placeholder, by its name. */
export function placeholderSamples(): Readonly<Record<string, unknown>> {
  const path = join(repositoryRoot, "schemas", "placeholders.json");
  const { placeholders } = JSON.parse(readFileSync(path, "utf8")) as {
    placeholders: { name: string; sample: unknown }[];
  };
  return Object.fromEntries(placeholders.map(({ name, sample }) => [name, sample]));
}
