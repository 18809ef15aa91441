import { execFileSync, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { cli, type Ended, endOf, filesIn, program, scratch, skipUnless } from "./cli.ts";

const escapeCode = "\u001b[";
/** Gives a warning, so that there is something to colour. */
const withWarning = ["--prefix", "gss-dev", "--set", "batch_processing_job.container_properties.memory=8192"];
const withError = ["--prefix", "GSS"];

function missing(name: string): string | undefined {
  return spawnSync(name, ["--version"], { stdio: "ignore" }).error === undefined
    ? undefined
    : `there is no ${name} on PATH`;
}

describe("colours", () => {
  /** Runs on a terminal of its own; what it prints on both streams comes back as one text. */
  async function onTerminal(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ended> {
    const quoted = [process.execPath, program, ...args].map((word) => `'${word}'`).join(" ");
    const child = spawn("script", ["-qec", quoted, "/dev/null"], {
      cwd: scratch(),
      stdio: ["ignore", "pipe", "pipe"],
      env: { PATH: process.env.PATH, TERM: "xterm", ...env },
    });
    return endOf(child);
  }

  test("are used on a terminal, unless they are disabled", async ({ skip }) => {
    skipUnless(missing("script"), skip);
    expect((await onTerminal(withError)).stdout).toContain(`${escapeCode}31merror`);
    expect((await onTerminal(withError, { NO_COLOR: "" })).stdout).toContain(escapeCode);
    for (const [args, env] of [
      [[...withError, "--no-color"], {}],
      [withError, { NO_COLOR: "1" }],
      [withError, { TERM: "dumb" }],
      [[...withError, "--json"], {}],
      [[...withError, "--format", "github"], {}],
    ] as const) {
      const { stdout, exit } = await onTerminal(args, env);
      expect(stdout).toContain("/prefix");
      expect(stdout, JSON.stringify([args, env])).not.toContain(escapeCode);
      expect(exit).toBe(1);
    }
  });

  test("never come into a pipe or file", async () => {
    const cwd = scratch();
    for (const args of [
      withError,
      withWarning,
      ["validate", "modules-out"],
      [...withWarning, "--check"],
      ["--help"],
      ["explain"],
    ]) {
      const { stdout, stderr } = await cli(args, { cwd, env: { TERM: "xterm", FORCE_COLOR: "0" } });
      expect(`${stdout}${stderr}`).not.toContain(escapeCode);
    }
  });

  test("a value never brings its own", async ({ skip }) => {
    skipUnless(missing("script"), skip);
    const { stdout } = await onTerminal(["--prefix", `${escapeCode}2Jx`, "--no-color"]);
    expect(stdout).toContain("\\u001b[2Jx");
    expect(stdout).not.toContain(escapeCode);
  });
});

describe("--quiet", () => {
  test("prints nothing when nothing is wrong, whatever is done", async () => {
    const cwd = scratch();
    for (const mode of [["--dry-run"], [], [], ["--check"], ["--force"]]) {
      const ended = await cli(["--prefix", "gss-dev", "--quiet", ...mode], { cwd });
      expect(ended, mode.join()).toEqual({ exit: 0, stdout: "", stderr: "" });
    }
    expect(await cli(["validate", "modules-out", "--quiet"], { cwd })).toEqual({ exit: 0, stdout: "", stderr: "" });
  });

  test("still reports what is wrong", async () => {
    const cwd = scratch();
    expect((await cli([...withError, "--quiet"], { cwd })).stderr).toContain("/prefix");
    await cli(["--prefix", "gss-dev", "--quiet"], { cwd });
    const drift = await cli(["--prefix", "gss-prod", "--check", "--quiet"], { cwd });
    expect(drift).toMatchObject({ exit: 1, stdout: expect.stringContaining("batch.hcl"), stderr: "" });
  });

  test("text goes where it belongs: results to stdout, all else to stderr", async () => {
    const cwd = scratch();
    const written = await cli(withWarning, { cwd });
    expect(written.stdout).toMatch(/^created {2}.*\n[\s\S]*modules-out: \d+ created\.\n$/);
    expect(written.stdout).not.toContain("warning");
    const again = await cli(withWarning, { cwd });
    expect(again).toMatchObject({ exit: 0, stdout: expect.stringMatching(/up to date/), stderr: written.stderr });
  });
});

describe("--json", () => {
  let cwd: string;
  async function json(args: readonly string[], exit: number): Promise<Record<string, unknown>> {
    const ended = await cli([...args, "--json"], { cwd });
    expect(ended).toMatchObject({ exit, stderr: "" });
    expect(ended.stdout.endsWith("}\n")).toBe(true);
    const read = JSON.parse(ended.stdout) as Record<string, unknown>;
    expect(read).toMatchObject({ version: 1, problems: expect.any(Array), summary: { errors: expect.any(Number) } });
    return read;
  }

  test("reports what generate did, would do and refuses", async () => {
    cwd = scratch();
    const lists = { updated: [], deleted: [], kept: [], orphaned: [], unchanged: [], recovered: [] };
    const planned = await json(["--prefix", "gss-dev", "--dry-run"], 0);
    expect(planned).toMatchObject({ folder: "modules-out", dryRun: true, ...lists });
    expect(existsSync(join(cwd, "modules-out"))).toBe(false);
    const written = await json(["--prefix", "gss-dev"], 0);
    expect(written).toEqual({ ...planned, dryRun: false });
    expect(Object.keys(filesIn(join(cwd, "modules-out"))).filter((path) => path !== ".gen-batch-config.json")).toEqual(
      written.created,
    );
    expect(await json(["--prefix", "gss-dev"], 0)).toMatchObject({ created: [], manifest: "unchanged" });
    expect(await json(["--prefix", "gss-prod"], 0)).toMatchObject({
      created: [],
      updated: expect.arrayContaining(["batch.hcl"]),
    });
    const problem = {
      rule: expect.any(String),
      severity: "error",
      file: "--prefix",
      line: 1,
      column: 1,
      pointer: "/prefix",
      found: "GSS",
      expected: expect.any(String),
      message: expect.any(String),
    };
    expect(await json(["--prefix", "GSS"], 1)).toMatchObject({
      problems: [expect.objectContaining(problem)],
      summary: { errors: 1 },
    });
    writeFileSync(join(cwd, "modules-out", "batch.hcl"), "# by hand\n");
    const refused = await json(["--prefix", "gss-prod"], 1);
    expect(refused.problems).toContainEqual(
      expect.objectContaining({ rule: "write/hand-edited", file: "modules-out/batch.hcl" }),
    );
  });

  test("reports the drift of --check, and the problems of validate", async () => {
    cwd = scratch();
    const nothing = await json(["--prefix", "gss-dev", "--check"], 1);
    expect(nothing.problems).toContainEqual(
      expect.objectContaining({ rule: "drift/missing", file: "modules-out/batch.hcl" }),
    );
    await json(["--prefix", "gss-dev"], 0);
    expect(await json(["--prefix", "gss-dev", "--check"], 0)).toMatchObject({ summary: { errors: 0 } });
    expect(await json(["validate", "modules-out"], 0)).toMatchObject({ summary: { errors: 0 } });
    writeFileSync(join(cwd, "modules-out", "batch-json", "job-queue.json"), '{\n  "name": "${NO_SUCH}"\n');
    const broken = await json(["validate", "modules-out"], 1);
    expect(broken.problems).toContainEqual(
      expect.objectContaining({ file: "modules-out/batch-json/job-queue.json", line: 3, column: 1 }),
    );
  });

  test("and the other formats are valid for their readers", async () => {
    cwd = scratch();
    await cli(["--prefix", "gss-dev", "--quiet"], { cwd });
    const sarif = await cli(["validate", "modules-out", "--format", "sarif"], { cwd });
    expect(JSON.parse(sarif.stdout)).toMatchObject({
      version: "2.1.0",
      runs: [{ tool: { driver: { name: "gen-batch-config" } } }],
    });
    const github = await cli(["--prefix", "gss-prod", "--check", "--format", "github"], { cwd });
    expect(github.stdout).toMatch(/^::error file=modules-out\/README-batch\.md,line=1,col=1,title=drift\/stale::/m);
    expect(
      github.stdout
        .trim()
        .split("\n")
        .every((line) => /^::(error|warning) |^\d+ error/.test(line)),
    ).toBe(true);
  });
});

describe("--diff", () => {
  function patch(cwd: string, diff: string): void {
    execFileSync("patch", ["--strip=0", "--batch", "--silent"], {
      cwd,
      input: diff,
      stdio: ["pipe", "ignore", "inherit"],
    });
  }

  test("applies with patch: what it makes of an empty folder, and of another output, is what generate writes", async ({
    skip,
  }) => {
    skipUnless(missing("patch"), skip);
    const [fresh, changed, expected] = [scratch(), scratch(), scratch()];
    const args = [
      "--prefix",
      "gss-prod",
      "--set",
      "aws_provider=6",
      "--set",
      'tags={"a":"é \\\\ \\" 😀"}',
      "--out",
      "with space/out",
    ];
    await cli(args, { cwd: expected });
    const { ".gen-batch-config.json": _, ...whole } = filesIn(join(expected, "with space/out"));

    const all = await cli([...args, "--diff"], { cwd: fresh });
    expect(all.exit).toBe(1);
    mkdirSync(join(fresh, "with space"));
    patch(fresh, all.stdout);
    expect(filesIn(join(fresh, "with space/out"))).toEqual(whole);

    await cli(["--prefix", "gss-dev", "--out", "with space/out"], { cwd: changed });
    const some = await cli([...args, "--diff"], { cwd: changed });
    expect(some.exit).toBe(1);
    patch(changed, some.stdout);
    expect(await cli([...args, "--diff"], { cwd: changed })).toMatchObject({ exit: 0, stdout: "" });
    const { ".gen-batch-config.json": __, ...patched } = filesIn(join(changed, "with space/out"));
    expect(patched).toEqual(whole);
  });

  test("changes nothing itself", async () => {
    const cwd = scratch();
    await cli(["--prefix", "gss-dev", "--diff"], { cwd });
    expect(filesIn(cwd)).toEqual({});
  });
});

describe("completion", () => {
  test("bash accepts the script", async () => {
    const cwd = scratch();
    const { exit, stdout, stderr } = await cli(["completion", "bash"], { cwd });
    expect({ exit, stderr }).toEqual({ exit: 0, stderr: "" });
    const path = join(cwd, "script");
    writeFileSync(path, stdout);
    expect(spawnSync("bash", ["-n", path], { encoding: "utf8" })).toMatchObject({ status: 0, stderr: "" });
  });

  test("bash completes commands and flags", async () => {
    const cwd = scratch();
    const { stdout } = await cli(["completion", "bash"], { cwd });
    writeFileSync(join(cwd, "script"), stdout);
    const complete = (words: string) => {
      const list = words
        .split(" ")
        .map((word) => `"${word}"`)
        .join(" ");
      const ask = `. ./script; COMP_WORDS=(${list}); COMP_CWORD=$((\${#COMP_WORDS[@]} - 1)); _gen_batch_config; printf '%s\\n' "\${COMPREPLY[@]}"`;
      return execFileSync("bash", ["-c", ask], { cwd, encoding: "utf8" })
        .split("\n")
        .filter((line) => line !== "");
    };
    expect(complete("gen-batch-config val")).toEqual(["validate"]);
    expect(complete("gen-batch-config --pre")).toEqual(["--prefix"]);
    expect(complete("gen-batch-config validate --form")).toEqual(["--format"]);
    expect(complete("gen-batch-config validate scr")).toEqual(["script"]);
    expect(readFileSync(join(cwd, "script"), "utf8")).not.toMatch(/undefined|\[object/);
  });
});
