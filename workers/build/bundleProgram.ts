import { existsSync } from "node:fs";
import { basename, extname, join, relative } from "node:path";
import { build, type Metafile } from "esbuild";
import { namesOfCommonJs } from "./namesOfCommonJs.ts";
import type { Program } from "./programs.ts";
import { withoutTransports } from "./withoutTransports.ts";

export interface Bundle {
  /** Contents by path relative to the program's folder. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** Paths in it are relative to the working folder, node_modules/ among them. */
  readonly metafile: Metafile;
}

export interface BundleOptions {
  /** The folder that holds node_modules/. */
  readonly workingFolder: string;
  /** The folder that the entry points are in. */
  readonly sourceFolder: string;
}

/** Bundles one program with everything that it needs of node_modules. The same sources give the same bytes. */
export async function bundleProgram(program: Program, { workingFolder, sourceFolder }: BundleOptions): Promise<Bundle> {
  const entries = Object.entries(program.entryPoints).map(([target, source]) => ({
    out: basename(target, extname(target)),
    in: join(sourceFolder, source),
  }));
  const missing = entries.find((entry) => !existsSync(entry.in));
  if (missing !== undefined) throw new Error(`${program.name} cannot be bundled: there is no ${missing.in}`);
  const isOneFile = program.shape === "one file";
  // Never written: names the folder that output paths are relative to.
  const outdir = join(workingFolder, "bundle");
  const { outputFiles, metafile } = await build({
    absWorkingDir: workingFolder,
    entryPoints: entries,
    outdir,
    outExtension: { ".js": extname(Object.keys(program.entryPoints)[0] ?? ".js") },
    bundle: true,
    splitting: !isOneFile,
    format: "esm",
    platform: "node",
    target: "node20.19",
    // ES modules first where a package has both: what is not used of them is left out.
    mainFields: ["module", "main"],
    // Names stay: they are what makes a stack trace worth reporting.
    minifyWhitespace: true,
    minifySyntax: true,
    // The licence texts are in a file of their own; this keeps notices that stand in the code only.
    legalComments: "eof",
    // Bundled CommonJS packages ask for Node's own modules with require(), which an ES module has to be given.
    banner: {
      js: 'import { createRequire as createRequireOfBundle } from "node:module"; const require = createRequireOfBundle(import.meta.url);',
    },
    plugins: [withoutTransports, namesOfCommonJs],
    logLevel: "warning",
    metafile: true,
    write: false,
  });
  const files = new Map(outputFiles.map(({ path, contents }) => [relative(outdir, path), contents]));
  for (const [path, contents] of files) refuseFolderNames(path, contents);
  return { files, metafile };
}

/** CommonJS finds files beside itself by __dirname, which an ES module lacks: better to fail here than in a job. */
function refuseFolderNames(path: string, contents: Uint8Array): void {
  const use = /.{0,80}\b__(?:dirname|filename)\b.{0,80}/.exec(new TextDecoder().decode(contents));
  if (use !== null)
    throw new Error(`${path} uses __dirname or __filename, which an ES module does not have: ${use[0]}`);
}
