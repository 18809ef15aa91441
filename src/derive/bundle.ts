/** Bundles the CLI into dist/: a small start-up file, and a file for each part that is loaded on demand. */
import { join, resolve } from "node:path";
import manifest from "../../package.json" with { type: "json" };
import { bundleProgram } from "../../workers/build/bundleProgram.ts";
import { declarations } from "../../workers/build/declarations.ts";
import { type FolderFile, writeFolder } from "../../workers/build/writeFolder.ts";

const root = resolve(import.meta.dirname, "../..");
const { name, description } = manifest;
const entryPoints = { "cli.js": "cli.ts", "lambdaHost.js": "run/jobs/lambdaHost.ts" };
const { files: parts, metafile } = await bundleProgram(
  { name, description, entryPoints, shape: "parts" },
  { workingFolder: root, sourceFolder: join(root, "src") },
);
const files = new Map<string, FolderFile>(declarations(manifest, metafile, root).files);
for (const [path, contents] of parts) files.set(path, { contents, isExecutable: path === "cli.js" });
await writeFolder(join(root, "dist"), files);
