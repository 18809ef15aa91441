/** Bundles the workers into workers/dist/, and prints their sizes and how to upload the function. */
import { relative } from "node:path";
import { type BundledWorker, bundleWorkers, repositoryRoot, workersVersion } from "./bundleWorkers.ts";
import { uploadCommand } from "./programs.ts";

for (const worker of await bundleWorkers()) {
  console.log(`${relative(repositoryRoot, worker.folder)}/\n${sizeReport(worker)}`);
  if (worker.zip !== undefined) {
    const path = relative(repositoryRoot, worker.zip.path);
    console.log(`\n${path}: ${kilobytes(worker.zip.size)}. To upload it where the generated function looks for it:`);
    console.log(`  ${uploadCommand(path, workersVersion)}`);
  }
  console.log();
}

/** The largest files of a bundle, and its total. */
function sizeReport({ sizes, packages }: BundledWorker): string {
  const maxShown = 12;
  const bySize = [...sizes].sort(([, a], [, b]) => b - a);
  const shown = bySize.slice(0, maxShown).map(([path, bytes]) => line(bytes, path));
  const rest = bySize.slice(maxShown);
  if (rest.length > 0) shown.push(line(sum(rest), `${rest.length} smaller files`));
  shown.push(line(sum(bySize), `in all, from ${packages} packages and our own code`));
  return shown.join("\n");
}

function line(bytes: number, what: string): string {
  return `${kilobytes(bytes).padStart(10)}  ${what}`;
}

function sum(files: readonly (readonly [string, number])[]): number {
  return files.reduce((total, [, bytes]) => total + bytes, 0);
}

function kilobytes(bytes: number): string {
  return `${(bytes / 1000).toFixed(1)} kB`;
}
