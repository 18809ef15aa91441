/** Bundles the CLI into dist/: one small start-up file, and one file for each part that is loaded only when it is used. */
import { chmod, cp, rm } from "node:fs/promises";
import { build } from "esbuild";

await rm("dist", { recursive: true, force: true });
await build({
  entryPoints: ["src/cli.ts"],
  outdir: "dist",
  bundle: true,
  splitting: true,
  format: "esm",
  platform: "node",
  target: "node20.19",
  minify: true,
  keepNames: true,
  legalComments: "linked",
  // Bundled CommonJS packages ask for Node's own modules with require(), which an ES module has to be given.
  banner: { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' },
  logLevel: "warning",
});
await cp("schemas", "dist/schemas", { recursive: true });
await chmod("dist/cli.js", 0o755);
