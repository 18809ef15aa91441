import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Metafile } from "esbuild";

/** An npm package that is at least partly in a bundle. */
export interface BundledPackage {
  readonly name: string;
  readonly version: string;
  /** An SPDX expression; undefined when the package does not state one. */
  readonly license: string | undefined;
  readonly description: string | undefined;
  /** Where it is installed, relative to the working folder. */
  readonly folder: string;
  /** Folders of the packages that it uses in the bundle, sorted. */
  readonly dependsOn: readonly string[];
}

/** The packages in a bundle, by name and version. Packages of which nothing remains do not count. */
export function bundledPackages(metafile: Metafile, workingFolder: string): BundledPackage[] {
  const folders = new Set<string>();
  for (const { inputs } of Object.values(metafile.outputs)) {
    for (const [path, { bytesInOutput }] of Object.entries(inputs)) {
      const folder = packageFolder(path);
      if (folder !== undefined && bytesInOutput > 0) folders.add(folder);
    }
  }
  return [...folders]
    .map((folder) => ({
      ...describe(folder, workingFolder),
      dependsOn: dependencies(metafile, folder).filter((other) => folders.has(other)),
    }))
    .sort((a, b) => compare(`${a.name}@${a.version}`, `${b.name}@${b.version}`));
}

/** Folders of the packages that our own code uses directly, sorted. */
export function directDependencies(metafile: Metafile): string[] {
  return dependencies(metafile, undefined);
}

function dependencies(metafile: Metafile, folder: string | undefined): string[] {
  const found = new Set<string>();
  for (const [path, { imports }] of Object.entries(metafile.inputs)) {
    if (packageFolder(path) !== folder) continue;
    for (const { path: imported, external } of imports) {
      const other = external === true ? undefined : packageFolder(imported);
      if (other !== undefined && other !== folder) found.add(other);
    }
  }
  return [...found].sort(compare);
}

/** `node_modules/@scope/name` of a file in it, also where packages are nested; undefined for our own files. */
function packageFolder(path: string): string | undefined {
  return /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(path)?.[0];
}

function describe(folder: string, workingFolder: string): Omit<BundledPackage, "dependsOn"> {
  const { name, version, license, licenses, description } = JSON.parse(
    readFileSync(join(workingFolder, folder, "package.json"), "utf8"),
  ) as Readonly<Record<string, unknown>>;
  if (typeof name !== "string" || typeof version !== "string") throw new Error(`${folder} has no name or no version`);
  return {
    name,
    version,
    license: licenseOf(license) ?? licenseOf(Array.isArray(licenses) ? licenses[0] : licenses),
    description: typeof description === "string" ? description : undefined,
    folder,
  };
}

/** Old packages write { "type": "MIT" }. */
function licenseOf(license: unknown): string | undefined {
  if (typeof license === "string") return license;
  if (typeof license === "object" && license !== null && "type" in license) return licenseOf(license.type);
  return undefined;
}

// Not localeCompare: the order must not depend on the machine.
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
