import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { expect, test } from "vitest";
import { rules } from "../../src/check/rules/index.ts";
import { ruleUrl } from "../../src/commands/ruleUrl.ts";
import { pages } from "./pages.ts";

test("the README is short, and leads to everything else", () => {
  const readme = readFileSync("README.md", "utf8");
  expect(Buffer.byteLength(readme)).toBeLessThanOrEqual(12 * 1024);
  const linked = linksIn(readme).map(({ target }) => normalize(target.split("#")[0] as string));
  const others = pages.map(({ path }) => path).filter((path) => !notFromTheReadme.test(path));
  expect(others.filter((path) => path !== "README.md" && !linked.includes(path))).toEqual([]);
});

/** What GitHub itself shows in its place, and READMEs of one part of a folder, which the folder's own README names. */
const notFromTheReadme =
  /^\.github\/(?!CONTRIBUTING)|^workers\/.+\/README\.md$|^src\/(?!check\/rules|run)|^test\/(?!bench)/;

test.each(pages)("$path: every link leads somewhere", ({ path, text }) => {
  const wrong = linksIn(text)
    .filter(({ target }) => !/^(?:https?|mailto):/.test(target))
    .filter(({ target }) => !isThere(path, target));
  expect(wrong).toEqual([]);
});

test.each(pages)("$path: no line is longer than 120 characters, but for what a program printed", ({ text }) => {
  const prose = withoutOutput(text).split("\n");
  // Rows of figures cannot be broken.
  expect(prose.filter((line) => line.length > 120 && !/^\| .*\d|^\| file \|/.test(line))).toEqual([]);
});

test("every rule has a section, where SARIF and explain say that it is", () => {
  const wrong = rules.filter(({ id }) => {
    const [, path = ""] = /\/blob\/v[^/]+\/(.+)$/.exec(ruleUrl(id)) ?? [];
    return !isThere("README.md", path);
  });
  expect(wrong.map(({ id }) => id)).toEqual([]);
});

test("a link to what is not there is noticed", () => {
  expect(isThere("README.md", "schemas/README.md#the-config")).toBe(true);
  expect(isThere("README.md", "schemas/README.md#no-such-heading")).toBe(false);
  expect(isThere("README.md", "schemas/NOPE.md")).toBe(false);
  expect(isThere("workers/README.md", "../schemas")).toBe(true);
});

function linksIn(text: string): readonly { readonly target: string }[] {
  const plain = text.replaceAll(/^```[\s\S]*?^```/gm, "").replaceAll(/`[^`\n]*`/g, "");
  const inline = [...plain.matchAll(/\]\(([^()\s]+)\)/g)].map((match) => match[1] as string);
  const references = [...plain.matchAll(/^\[[^\]]+\]: (\S+)$/gm)].map((match) => match[1] as string);
  return [...inline, ...references].map((target) => ({ target }));
}

function isThere(from: string, target: string): boolean {
  const [file = "", anchor] = target.split("#");
  const path = file === "" ? from : join(dirname(from), file);
  if (!existsSync(path)) return false;
  if (anchor === undefined) return true;
  const page = statSync(path).isDirectory() ? join(path, "README.md") : path;
  return anchorsOf(readFileSync(page, "utf8")).includes(anchor);
}

/** As GitHub makes them from headings. */
function anchorsOf(text: string): readonly string[] {
  const headings = withoutOutput(text, /^```[\s\S]*?^```/gm).matchAll(/^#{1,6} (.+)$/gm);
  return [...headings].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
      .trim()
      .replaceAll(/\s/g, "-"),
  );
}

function withoutOutput(text: string, fence = /^ *```(?:json|bash|diff)?\n[\s\S]*?^ *```$/gm): string {
  return text.replaceAll(fence, (block) => (block.startsWith("```bash\nnp") ? block : ""));
}
