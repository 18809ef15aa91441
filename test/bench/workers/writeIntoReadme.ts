import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { repositoryRoot } from "../../e2e/parts/paths.ts";

/** Puts text between the README's marks for this benchmark. Without the marks nothing is written. */
export function writeIntoReadme(markdown: string, path = join(repositoryRoot, "README.md")): void {
  const readme = readFileSync(path, "utf8");
  const between = /(<!-- bench:workers -->\n)[\s\S]*?(<!-- \/bench:workers -->)/;
  writeFileSync(
    path,
    readme.replace(between, (_, open: string, close: string) => `${open}${markdown}${close}`),
  );
}
