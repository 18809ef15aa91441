import type { BundledWorker } from "./bundleWorkers.ts";

const longest = 12;

/** The largest files of a bundle, and its total. */
export function sizeReport({ sizes, packages }: Pick<BundledWorker, "sizes" | "packages">): string {
  const bySize = [...sizes].sort(([, a], [, b]) => b - a);
  const shown = bySize.slice(0, longest).map(([path, bytes]) => line(bytes, path));
  const rest = bySize.slice(longest);
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
