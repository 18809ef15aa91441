/** Bundles the CLI into dist/: one small start-up file, and one file for each part that is loaded only when it is used. */
import { chmod, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { build, type Plugin } from "esbuild";

/**
 * commander loads node:child_process for sub-commands that are programs of their own, which we have none of; with it come
 * sockets and streams, a good part of our start-up time. In its place stands a module that says so.
 */
const withoutChildProcess: Plugin = {
  name: "without-child-process",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^node:child_process$/ }, ({ path, importer }) =>
      importer.includes("commander") ? { path, namespace: "no-child-process" } : undefined,
    );
    onLoad({ filter: /.*/, namespace: "no-child-process" }, () => ({
      contents: 'exports.spawn = () => { throw new Error("gen-batch-config has no commands that are programs"); };',
    }));
  },
};

const { outputFiles } = await build({
  entryPoints: { cli: "src/cli.ts", lambdaHost: "src/run/jobs/lambdaHost.ts" },
  outdir: "dist",
  bundle: true,
  splitting: true,
  format: "esm",
  platform: "node",
  target: "node20.19",
  // Names stay: they are what makes a stack trace worth reporting.
  minifyWhitespace: true,
  minifySyntax: true,
  legalComments: "linked",
  // Bundled CommonJS packages ask for Node's own modules with require(), which an ES module has to be given.
  banner: { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' },
  plugins: [withoutChildProcess],
  logLevel: "warning",
  write: false,
});

// What is new comes first and what is old goes last, so that a program that starts in between finds all its parts.
const made = new Map(outputFiles.map(({ path, contents }) => [relative("dist", path), contents]));
const isEntry = (path: string) => path === "cli.js";
for (const [path, contents] of [...made].sort(([a], [b]) => Number(isEntry(a)) - Number(isEntry(b)))) {
  await put(join("dist", path), contents);
}
await chmod("dist/cli.js", 0o755);
for (const path of await readdir("dist")) {
  if (!made.has(path)) await rm(join("dist", path), { recursive: true });
}

async function put(path: string, contents: Uint8Array): Promise<void> {
  const old = await readFile(path).catch(() => undefined);
  if (old?.equals(contents)) return;
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, contents);
}
