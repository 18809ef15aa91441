import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { wrapped } from "../../../src/derive/markdown.ts";
import { repositoryRoot } from "../../e2e/parts/paths.ts";

/** The page that shows the figures. */
const page = join(repositoryRoot, "test/bench/README.md");

/** Puts text between the page's marks for a benchmark: `<!-- NAME -->` and `<!-- /NAME -->`. */
export function writeIntoReadme(name: "bench" | "bench:workers", markdown: string): void {
  const text = readFileSync(page, "utf8");
  const [open, close] = [`<!-- ${name} -->\n`, `<!-- /${name} -->`];
  if (!text.includes(open) || !text.includes(close)) throw new Error(`${page} has no marks ${open.trim()}`);
  const lines = markdown.split("\n").map((line) => (line.startsWith("|") ? line : wrapped(line)));
  const before = text.slice(0, text.indexOf(open) + open.length);
  writeFileSync(page, before + lines.join("\n") + text.slice(text.indexOf(close)));
}
