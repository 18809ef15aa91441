import { existsSync } from "node:fs";
import { createRequire, isBuiltin } from "node:module";
import { basename, extname, join, relative } from "node:path";
import { pathToFileURL } from "node:url";
import { build, type Metafile, type Plugin } from "esbuild";
import type { Program } from "./programs.ts";

export interface Bundle {
  /** Contents by path relative to the program's folder. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** Paths in it are relative to the working folder, node_modules/ among them. */
  readonly metafile: Metafile;
}

export interface BundleOptions {
  /** The folder that contains node_modules/. */
  readonly workingFolder: string;
  /** The folder that the entry points are in. */
  readonly sourceFolder: string;
}

/** Bundles one program with everything it needs from node_modules. The same sources result in the same bytes. */
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
    // ES modules first where a package has both: their unused parts are removed.
    mainFields: ["module", "main"],
    // Keep names: they make stack traces useful.
    minifyWhitespace: true,
    minifySyntax: true,
    // The licence texts are in a separate file; this keeps notices that exist only in the code.
    legalComments: "eof",
    // Bundled CommonJS packages load Node's own modules with require(), which has to be provided in an ES module.
    banner: {
      js: 'import { createRequire as createRequireOfBundle } from "node:module"; const require = createRequireOfBundle(import.meta.url);',
    },
    plugins: [withoutTransports, withoutSubprograms, namesOfCommonJs],
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

/**
 * pino can write its lines from a separate thread, which it starts from a file beside its code: a bundle has no such
 * file, and we write to standard output alone.
 */
const withoutTransports = refusing("pino", /(?:^|\/)transport$/, {
  code: "module.exports = refuse;",
  message: "the bundled pino has no transports",
});

/**
 * commander loads node:child_process for sub-commands that are separate programs, of which we have none. That also
 * loads sockets and streams, a large part of the start-up time.
 */
const withoutSubprograms = refusing("commander", /^node:child_process$/, {
  code: "exports.spawn = refuse;",
  message: "the bundled commander starts no programs",
});

/** Replaces a module that a package imports and that we never use by a function that throws. */
function refusing(importer: string, module: RegExp, { code, message }: { code: string; message: string }): Plugin {
  const namespace = `refused-to-${importer}`;
  const contents = `function refuse() { throw new Error(${JSON.stringify(message)}); }\n${code}`;
  return {
    name: namespace,
    setup({ onResolve, onLoad }) {
      onResolve({ filter: module }, ({ path, importer: from }) =>
        /[\\/]node_modules[\\/]([^\\/]+)[\\/]/.exec(from)?.[1] === importer ? { path, namespace } : undefined,
      );
      onLoad({ filter: /.*/, namespace }, () => ({ contents }));
    },
  };
}

/**
 * In a bundle of several parts, esbuild gives `await import("a-commonjs-package")` only a default export, while Node.js
 * also finds its names: they would be undefined only in the bundle. This inserts a module that exports the
 * names which Node.js finds, for packages that our own code loads when it needs them.
 */
const namesOfCommonJs: Plugin = {
  name: "names-of-common-js",
  setup({ onResolve, onLoad, resolve }) {
    const namespace = "names-of-common-js";
    onResolve({ filter: /^[^./]/ }, async ({ path, importer, kind, resolveDir }) => {
      if (kind !== "dynamic-import" || isBuiltin(path) || /[\\/]node_modules[\\/]/.test(importer)) return undefined;
      const { path: bundled } = await resolve(path, { kind: "import-statement", importer, resolveDir });
      // A file different from the one for require() is the package's ES module, which has its names.
      if (bundled !== pathForRequire(path, importer)) return undefined;
      return { path, namespace, pluginData: { bundled, resolveDir } };
    });
    onLoad({ filter: /.*/, namespace }, async ({ path, pluginData: { bundled, resolveDir } }) => {
      const names = Object.keys(await import(pathToFileURL(bundled).href)).filter(isPlainName);
      return { contents: `export { ${names.join(", ")} } from ${JSON.stringify(path)};`, resolveDir };
    });
  },
};

function pathForRequire(path: string, importer: string): string | undefined {
  try {
    return createRequire(importer).resolve(path);
  } catch {
    return undefined;
  }
}

/** Newer releases of Node.js add "module.exports". */
function isPlainName(name: string): boolean {
  return /^[A-Za-z_$][\w$]*$/.test(name) && name !== "__esModule";
}
