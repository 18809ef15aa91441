import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { debianProgram } from "./parts/debianProgram.ts";
import { present, reasonsToSkip } from "./parts/part.ts";

/** How each shell is told to read a script without running it. */
const shells = { zsh: ["-n"], fish: ["--no-execute"] } as const;

for (const [shell, args] of Object.entries(shells)) {
  const part = await debianProgram(shell, `${shell.toUpperCase()}_PATH`);
  const reasons = reasonsToSkip({ [shell]: part });

  test.skipIf(reasons.length > 0)(`${shell} takes the completion script ${reasons.join("; ")}`, () => {
    const folder = mkdtempSync(join(tmpdir(), "gen-batch-config-completion-"));
    const script = join(folder, "script");
    const { stdout } = spawnSync(process.execPath, ["dist/cli.js", "completion", shell], { encoding: "utf8" });
    writeFileSync(script, stdout);
    const check = () => spawnSync(present(part).path, [...args, script], { encoding: "utf8" });
    expect(check()).toMatchObject({ status: 0, stderr: "" });
    writeFileSync(script, `${stdout}\nif then (`);
    expect(check().status).not.toBe(0);
    rmSync(folder, { recursive: true });
  });
}
