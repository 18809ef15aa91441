import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

/** Every page of documentation that is in Git; what the program writes for a module has tests of its own. */
export const pages: readonly { readonly path: string; readonly text: string }[] = execFileSync(
  "git",
  ["ls-files", "--cached", "--others", "--exclude-standard", "*.md"],
  { encoding: "utf8" },
)
  .split("\n")
  .filter((path) => path !== "" && !/^(?:modules-out|test\/cases|\.cache)\//.test(path))
  .map((path) => ({ path, text: readFileSync(path, "utf8") }));
