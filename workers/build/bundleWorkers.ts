import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { bundleProgram } from "./bundleProgram.ts";
import { declarations } from "./declarations.ts";
import { launcher, type Program, programs } from "./programs.ts";
import { type FolderFile, writeFile, writeFolder, zipOf } from "./writeFolder.ts";

export const repositoryRoot = resolve(import.meta.dirname, "../..");
export const workersVersion: string = readPackage().version;

export interface BundledWorker {
  readonly program: Program;
  /** Contains everything that is deployed: the program with its parts, package.json, the licences and sbom.cdx.json. */
  readonly folder: string;
  /** The same files as a zip beside the folder, for AWS Lambda. Only for a program that is a function. */
  readonly zip: { readonly path: string; readonly size: number } | undefined;
  /** Size by path below the folder, in bytes. */
  readonly sizes: ReadonlyMap<string, number>;
  readonly packages: number;
  /** The bill of materials with the Node.js that an image runs it with, which is known when the image is built. */
  sbomWithNode(nodeVersion: string): string;
}

export interface BundleWorkersOptions {
  readonly only?: readonly string[];
  readonly sourceFolder?: string;
  readonly targetFolder?: string;
}

/** Bundles the programs into workers/dist/, each into a folder with its name. */
export async function bundleWorkers(options: BundleWorkersOptions = {}): Promise<BundledWorker[]> {
  const chosen = programs.filter(({ name }) => options.only?.includes(name) ?? true);
  return Promise.all(chosen.map((program) => bundleWorker(program, options)));
}

async function bundleWorker(program: Program, options: BundleWorkersOptions): Promise<BundledWorker> {
  const { sourceFolder = join(repositoryRoot, "workers") } = options;
  const { targetFolder = join(repositoryRoot, "workers", "dist") } = options;
  const { files: code, metafile } = await bundleProgram(program, { workingFolder: repositoryRoot, sourceFolder });
  const { version, license } = readPackage();
  const subject = { name: program.name, description: program.description, version, license };
  const { packages, files: declared, sbomWithNode } = declarations(subject, metafile, repositoryRoot);
  const files = new Map<string, FolderFile>();
  for (const [path, contents] of code) files.set(path, { contents });
  if (program.shape === "parts") {
    files.set(program.name, { contents: Buffer.from(launcher(program.name)), isExecutable: true });
    files.set("package.json", { contents: Buffer.from('{ "type": "module" }\n') });
  }
  for (const [path, file] of declared) files.set(path, file);
  const folder = join(targetFolder, program.name);
  await writeFolder(folder, files);
  const zip = program.shape === "one file" ? await writeZip(`${folder}.zip`, files) : undefined;
  const sizes = new Map([...files].map(([path, { contents }]) => [path, contents.byteLength]));
  return { program, folder, zip, sizes, packages: packages.length, sbomWithNode };
}

async function writeZip(path: string, files: ReadonlyMap<string, FolderFile>) {
  const zip = zipOf(files);
  await writeFile(path, { contents: zip });
  return { path, size: zip.byteLength };
}

function readPackage(): { readonly version: string; readonly license: string } {
  return JSON.parse(readFileSync(join(resolve(import.meta.dirname, ".."), "package.json"), "utf8"));
}
