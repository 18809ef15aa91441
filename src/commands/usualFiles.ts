import { access } from "node:fs/promises";
import { join } from "node:path";
import { manifestName } from "../write/output.ts";

// What the commands read and write in the current folder when no flag names it.

/** What "init" writes. */
export const usualConfig = "gen-batch-config.yaml";
/** What "generate" writes. */
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
