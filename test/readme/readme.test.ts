import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { generate } from "../../src/generate.ts";

const readme = readFileSync("README.md", "utf8");

test("the README's config gives a module, without a warning", async () => {
  const config = /## The config[\s\S]*?```yaml\n([\s\S]*?)```/.exec(readme)?.[1] ?? "";
  const folder = mkdtempSync(join(tmpdir(), "gen-batch-config-readme-"));
  try {
    const path = join(folder, "config.yaml");
    writeFileSync(path, config);
    const { files, warnings } = await generate({ path, settings: [] }, "out", true);
    expect(warnings).toEqual([]);
    expect(files.length).toBeGreaterThan(15);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("every command that the README's table shows is one", async () => {
  const { buildProgram } = await import("../../src/commands/program.ts");
  const io = {
    out: () => {},
    err: () => {},
    colors: { out: false, err: false },
    processes: { pid: 1, isRunning: () => true },
    machine: {
      execPath: "",
      environment: {},
      workersFolder: "",
      lambdaHost: "",
      onSignal: () => () => {},
      columns: () => undefined,
    },
  };
  const program = buildProgram(io, { started: () => {}, ended: () => {} });
  const names = program.commands.map((command) => command.name());
  const flags = new Set(program.commands.flatMap((command) => command.options.map(({ long }) => long)));
  const shown = [...readme.matchAll(/`gen-batch-config ([a-z-][^`]*)`/g)].map((match) => match[1] as string);
  expect(shown.length).toBeGreaterThan(6);
  for (const line of shown) {
    const [first = "", ...rest] = line.split(" ");
    if (!first.startsWith("-")) expect(names).toContain(first);
    for (const word of [first, ...rest].filter((part) => part.startsWith("--"))) expect(flags).toContain(word);
  }
});
