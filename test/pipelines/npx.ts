import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll } from "vitest";

/**
 * A folder for PATH with a program in the place of npx, which would ask the registry: it prints what it is to install, on
 * stderr, and runs the program of this working tree.
 */
export function fakeNpx(): string {
  const folder = mkdtempSync(join(tmpdir(), "gen-batch-config-npx-"));
  afterAll(() => rmSync(folder, { recursive: true }));
  const script = `#!/bin/sh
echo "npx $*" >&2
while [ "$1" != gen-batch-config ]; do shift; done
shift
exec "${process.execPath}" "${resolve("dist/cli.js")}" "$@"
`;
  writeFileSync(join(folder, "npx"), script);
  chmodSync(join(folder, "npx"), 0o755);
  return folder;
}
