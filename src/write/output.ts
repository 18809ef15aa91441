import { join, resolve } from "node:path";

/** The output folder as the user typed it, for messages, and as an absolute path. */
export interface Output {
  readonly folder: string;
  readonly root: string;
}

/** Our own files in the output folder; rendered files must not have such names. */
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

/** The absolute path of a path within the output folder. */
export function located(output: Output, path: string): string {
  return join(output.root, path);
}
