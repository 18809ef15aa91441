import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Metafile } from "esbuild";
import { repositoryRoot } from "../../../workers/build/bundleWorkers.ts";

/** Folders of the packages that something is left of in a bundle. */
export function foldersIn({ outputs }: Metafile): string[] {
  const taken = Object.values(outputs).flatMap(({ inputs }) => Object.entries(inputs));
  const paths = taken.filter(([, { bytesInOutput }]) => bytesInOutput > 0).map(([path]) => path);
  return [...new Set(paths.flatMap((path) => /^.*node_modules\/(@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? []))];
}

/** What notices lack: the name of a package, or a licence text of it. */
export function lacking(notices: string, folders: readonly string[]): string[] {
  const lines = notices.split("\n");
  return folders.flatMap((folder) => {
    const { name, version, license } = read(folder, "package.json", JSON.parse) as Record<string, string>;
    const texts = readdirSync(join(repositoryRoot, folder)).filter((file) =>
      /^(licen[cs]e|notice)(\.(md|txt))?$/i.test(file),
    );
    // Of the packages without a text, only those are allowed whose licence is also ours.
    const isComplete = texts.length > 0 || license === "Apache-2.0";
    const isIn = texts.every((file) =>
      notices.includes(read(folder, file, (text) => text.replaceAll("\r\n", "\n").trim())),
    );
    return isComplete && isIn && lines.includes(`${name} ${version} (${license})`) ? [] : [`${name} ${version}`];
  });
}

function read<T>(folder: string, file: string, parse: (text: string) => T): T {
  return parse(readFileSync(join(repositoryRoot, folder, file), "utf8"));
}
