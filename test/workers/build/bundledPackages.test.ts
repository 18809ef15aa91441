import type { Metafile } from "esbuild";
import { expect, test } from "vitest";
import { bundledPackages, directDependencies } from "../../../workers/build/bundledPackages.ts";
import { sources } from "./sources.ts";

test("packages are those that something is left of, nested ones apart, each with what it uses", () => {
  const folder = sources({
    "packages/node_modules/@scope/a/package.json": '{ "name": "@scope/a", "version": "1.0.0", "license": "MIT" }',
    "packages/node_modules/b/package.json":
      '{ "name": "b", "version": "2.0.0", "licenses": [{ "type": "BSD-3-Clause" }] }',
    "packages/node_modules/@scope/a/node_modules/b/package.json": '{ "name": "b", "version": "1.0.0" }',
  });
  const metafile = madeOf({
    "workers/main.ts": { imports: ["packages/node_modules/@scope/a/index.js", "workers/other.ts"], bytes: 10 },
    "workers/other.ts": { imports: ["packages/node_modules/b/index.js"], bytes: 10 },
    "packages/node_modules/@scope/a/index.js": {
      imports: ["packages/node_modules/@scope/a/node_modules/b/index.js", "packages/node_modules/unused/index.js"],
      bytes: 10,
    },
    "packages/node_modules/@scope/a/node_modules/b/index.js": { imports: [], bytes: 10 },
    "packages/node_modules/b/index.js": { imports: [], bytes: 10 },
    "packages/node_modules/unused/index.js": { imports: [], bytes: 0 },
  });
  expect(bundledPackages(metafile, folder)).toEqual([
    {
      name: "@scope/a",
      version: "1.0.0",
      license: "MIT",
      description: undefined,
      folder: "packages/node_modules/@scope/a",
      dependsOn: ["packages/node_modules/@scope/a/node_modules/b"],
    },
    {
      name: "b",
      version: "1.0.0",
      license: undefined,
      description: undefined,
      folder: "packages/node_modules/@scope/a/node_modules/b",
      dependsOn: [],
    },
    {
      name: "b",
      version: "2.0.0",
      license: "BSD-3-Clause",
      description: undefined,
      folder: "packages/node_modules/b",
      dependsOn: [],
    },
  ]);
  expect(directDependencies(metafile)).toEqual(["packages/node_modules/@scope/a", "packages/node_modules/b"]);
});

function madeOf(files: Readonly<Record<string, { imports: readonly string[]; bytes: number }>>): Metafile {
  const rows = Object.entries(files);
  return {
    inputs: Object.fromEntries(
      rows.map(([path, { imports, bytes }]) => [
        path,
        { bytes, imports: imports.map((imported) => ({ path: imported, kind: "import-statement" as const })) },
      ]),
    ),
    outputs: {
      "out.js": {
        bytes: 0,
        imports: [],
        exports: [],
        inputs: Object.fromEntries(rows.map(([path, { bytes }]) => [path, { bytesInOutput: bytes }])),
      },
    },
  };
}
