import { access } from "node:fs/promises";
import { join } from "node:path";
import { manifestName } from "../write/output.ts";

// The files and folders that the commands use in the current folder by default.

/** Written by "init". */
export const usualConfig = "gen-batch-config.yaml";
/** Written by "generate". */
export const usualModule = "modules-out";

export function configHere(): Promise<string | undefined> {
  return ifThere(usualConfig, usualConfig);
}

export function moduleHere(): Promise<string | undefined> {
  return ifThere(usualModule, join(usualModule, manifestName));
}

function ifThere(name: string, proof: string): Promise<string | undefined> {
  return access(proof).then(
    () => name,
    () => undefined,
  );
}
