import { join } from "node:path";
import asc from "assemblyscript/asc";
import type { Metafile } from "esbuild";
import { expect, test } from "vitest";
import { bundleProgram } from "../../../workers/build/bundleProgram.ts";
import { repositoryRoot } from "../../../workers/build/bundleWorkers.ts";
import { declarations } from "../../../workers/build/declarations.ts";
import { programs } from "../../../workers/build/programs.ts";
import type { FolderFile } from "../../../workers/build/writeFolder.ts";
import { expectSbom } from "./expectSbom.ts";
import { foldersIn, lacking } from "./notices.ts";
import { sources } from "./sources.ts";

const subject = { name: "worker", version: "1.0.0", description: "A worker.", license: "Apache-2.0" };

test.each(programs)("$name comes with the licence text of every package that is bundled into it", async (program) => {
  const sourceFolder = join(repositoryRoot, "workers");
  const { metafile } = await bundleProgram(program, { workingFolder: repositoryRoot, sourceFolder });
  const { files, packages } = declarations(subject, metafile, repositoryRoot);
  const folders = foldersIn(metafile);
  expect(packages.map(({ folder }) => folder).sort()).toEqual(folders.sort());
  expect(lacking(textOf(files, "THIRD-PARTY-LICENSES"), folders)).toEqual([]);
});

const bundled = (manifest: Readonly<Record<string, unknown>>, files: Readonly<Record<string, string>>) => {
  const folder = sources({
    LICENSE: "Apache License",
    "packages/node_modules/a/package.json": JSON.stringify({ name: "a", version: "1.0.0", ...manifest }),
    ...files,
  });
  const path = "packages/node_modules/a/index.js";
  const metafile = {
    inputs: {
      "main.ts": { bytes: 1, imports: [{ path, kind: "import-statement" }] },
      [path]: { bytes: 1, imports: [] },
    },
    outputs: { "out.js": { bytes: 1, imports: [], exports: [], inputs: { [path]: { bytesInOutput: 1 } } } },
  } satisfies Metafile;
  return () => declarations(subject, metafile, folder);
};

test("a package cannot be bundled without its licence text, unless LICENSE has it", () => {
  expect(bundled({ license: "MIT" }, {})).toThrow("a 1.0.0 (MIT) cannot be bundled: it has no licence text");
  expect(bundled({}, {})).toThrow("a 1.0.0 (licence not stated) cannot be bundled");
  expect(textOf(bundled({ license: "Apache-2.0" }, {})().files, "THIRD-PARTY-LICENSES")).toContain("is in LICENSE");
});

test.each([
  ["MIT", { license: { id: "MIT" } }],
  ["(MIT OR CC0-1.0)", { expression: "(MIT OR CC0-1.0)" }],
  ["SEE LICENSE IN LICENSE.md", { license: { name: "SEE LICENSE IN LICENSE.md" } }],
])("the bill of materials says %s as CycloneDX has it, the same every time", (license, expected) => {
  const declare = bundled({ license }, { "packages/node_modules/a/LICENSE.md": "Do as you like." });
  const sbom = textOf(declare().files, "sbom.cdx.json");
  expect(expectSbom(sbom)).toMatchObject([{ name: "a", version: "1.0.0", licenses: [expected] }]);
  expect(textOf(declare().files, "sbom.cdx.json")).toBe(sbom);
});

test("the compiled scanner contains nothing of AssemblyScript's library, which no bundle could list", async () => {
  const scanner = join(repositoryRoot, "workers/scanner/assembly/scanner.ts");
  const memory = ["--importMemory", "--sharedMemory", "--initialMemory", "1", "--maximumMemory", "65536"];
  const features = ["--runtime", "stub", "--noAssert", "--enable", "simd,threads,bulk-memory", "--debug"];
  const { error, stdout } = await asc.main([scanner, ...memory, ...features]);
  expect(error).toBeNull();
  expect(stdout.toString()).toContain("scanner");
  expect(stdout.toString()).not.toContain("~lib/");
});

function textOf(files: ReadonlyMap<string, FolderFile>, path: string): string {
  return new TextDecoder().decode(files.get(path)?.contents);
}
