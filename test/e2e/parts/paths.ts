import { join, resolve } from "node:path";

export const repositoryRoot = resolve(import.meta.dirname, "../../..");

/** A place under the git-ignored folder that keeps what the end-to-end tests install. */
export function cachePath(...names: string[]): string {
  return join(repositoryRoot, ".cache", "e2e", ...names);
}
