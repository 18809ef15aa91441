import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { RenderedFile } from "../../src/model/renderedFile.ts";
import { compareOutput } from "../../src/write/compare.ts";
import { driftOf } from "../../src/write/drift.ts";
import { writeOutput } from "../../src/write/writeOutput.ts";
import { changeTimes, contents, contentsOf, put } from "./scratch.ts";

const slow = { timeout: 120_000 };
const runs = { numRuns: 100 };

/** No path is the folder of another one. */
const paths = ["a", "b.hcl", "c/a", "c/b.sh", "d/e/f", "d/e/g", "d/h", "😀/é 'x'", "y/__proto__", "z"];

const renderedFiles: fc.Arbitrary<readonly RenderedFile[]> = fc.uniqueArray(
  fc.record({
    path: fc.constantFrom(...paths),
    text: fc.oneof(fc.string({ unit: "binary" }), fc.constantFrom("", "same\n", "x".repeat(100_000))),
    template: fc.constantFrom("one.hbs", "two.hbs"),
    ownership: fc.constantFrom("managed" as const, "managed" as const, "create-only" as const),
    executable: fc.boolean(),
  }),
  { selector: ({ path }) => path },
);

const foreign = fc.dictionary(fc.constantFrom("c/theirs", "d/e/theirs", "theirs/x", "theirs.tf"), fc.string(), {
  noNullPrototype: true,
});

async function inScratch(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "gen-batch-config-property-"));
  try {
    mkdirSync(join(folder, "out"));
    await work(join(folder, "out"));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** After `first` and `second`: all of `second`, but create-only files as the first run left them, and nothing else of ours. */
function expected(first: readonly RenderedFile[], second: readonly RenderedFile[]): Record<string, string> {
  const before = new Map(first.map((file) => [file.path, file]));
  const after = new Map(first.filter(({ ownership }) => ownership === "create-only").map((file) => [file.path, file]));
  for (const file of second) {
    const there = before.get(file.path);
    const isKept = file.ownership === "create-only" && there !== undefined;
    // An executable bit that nobody asks for any more stays as long as the text does.
    const staysExecutable = there?.text === file.text && there.executable === true;
    after.set(file.path, isKept ? there : { ...file, executable: file.executable || staysExecutable });
  }
  return contentsOf([...after.values()]);
}

/** Besides the manifest and what somebody else put there. */
function ours(folder: string, theirs: Record<string, string>): Record<string, string> {
  const isOurs = (path: string) => path !== ".gen-batch-config.json" && !(path in theirs);
  return Object.fromEntries(Object.entries(contents(folder)).filter(([path]) => isOurs(path)));
}

test(
  "writing A and then B gives exactly B, create-only files and what is somebody else's untouched",
  slow,
  async () => {
    const law = fc.asyncProperty(renderedFiles, renderedFiles, foreign, (a, b, theirs) =>
      inScratch(async (folder) => {
        for (const [path, text] of Object.entries(theirs)) put(folder, path, text);
        await writeOutput(a, folder);
        await writeOutput(b, folder);
        expect(ours(folder, theirs)).toEqual(expected(a, b));
        const found = contents(folder);
        for (const [path, text] of Object.entries(theirs)) expect(found[path]).toBe(`644 ${text}`);
      }),
    );
    await fc.assert(law, runs);
  },
);

test("after writing, a comparison finds nothing, and writing again touches nothing", slow, async () => {
  const law = fc.asyncProperty(renderedFiles, renderedFiles, (a, b) =>
    inScratch(async (folder) => {
      await writeOutput(a, folder);
      await writeOutput(b, folder, { force: true });
      expect(driftOf(await compareOutput(b, folder))).toEqual([]);
      const times = changeTimes(folder);
      const result = await writeOutput([...b].reverse(), folder);
      expect(result).toMatchObject({ created: [], updated: [], deleted: [], orphaned: [], manifest: "unchanged" });
      expect(changeTimes(folder)).toEqual(times);
    }),
  );
  await fc.assert(law, runs);
});

test("a run that fails at any step leaves A or B, nothing between, and B comes with the next", slow, async () => {
  const law = fc.asyncProperty(renderedFiles, renderedFiles, fc.nat({ max: 40 }), (a, b, failAt) =>
    inScratch(async (folder) => {
      await writeOutput(a, folder);
      let count = 0;
      const onStep = () => {
        if (count++ === failAt) throw new Error("no");
      };
      const failed = await writeOutput(b, folder, { onStep }).then(
        () => false,
        () => true,
      );
      const states = failed ? [contentsOf(a), expected(a, b)] : [expected(a, b)];
      const isStaging = (path: string) => path.startsWith(".gen-batch-config.tmp");
      const found = Object.entries(ours(folder, {})).filter(([path]) => !isStaging(path));
      expect(states).toContainEqual(Object.fromEntries(found));
      await writeOutput(b, folder);
      expect(ours(folder, {})).toEqual(expected(a, b));
    }),
  );
  await fc.assert(law, runs);
});
