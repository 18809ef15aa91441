import { join, resolve } from "node:path";

/** The output folder as the user typed it, for messages, and as the file system knows it. */
export interface Output {
  readonly folder: string;
  readonly root: string;
}

/** Our own files in the output folder; nothing that is rendered may have such a name. */
export const manifestName = ".gen-batch-config.json";
export const lockName = ".gen-batch-config.lock";
export const stagingName = ".gen-batch-config.tmp";

export function outputAt(folder: string): Output {
  return { folder, root: resolve(folder) };
}

/** A path within the output folder, as the user would type it. */
export function shown(output: Output, path: string): string {
  return join(output.folder, path);
}

/** A path within the output folder, as the file system knows it. */
export function located(output: Output, path: string): string {
  return join(output.root, path);
}
