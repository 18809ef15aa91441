import { execFileSync, spawn } from "node:child_process";
import {
  appendFileSync,
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { getuid } from "node:process";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { cli, type Ended, endOf, filesIn, program, programForAll, scratch, skipUnless, startCli } from "./cli.ts";

const isRoot = getuid?.() === 0;
const nobody = 65534;

/** Nothing was printed as a result, and the one message is no stack of ours. */
function expectRefusal(ended: Ended, exit: number, message: RegExp): void {
  expect(ended.stderr).toMatch(message);
  expect(ended.stderr).not.toMatch(/ {4}at |this is a bug/);
  expect(ended.stdout).toBe("");
  expect(ended.exit).toBe(exit);
}

/** One finished output for tests that must not change it. */
function sharedOutput(): { cwd: string; out: string; before: Record<string, string> } {
  const shared = { cwd: "", out: "", before: {} as Record<string, string> };
  beforeAll(async () => {
    shared.cwd = mkdtempSync(join(tmpdir(), "gen-batch-config-cli-"));
    shared.out = join(shared.cwd, "modules-out");
    await cli(["--prefix", "gss-dev"], { cwd: shared.cwd });
    shared.before = filesIn(shared.out);
  });
  afterAll(() => {
    expect(filesIn(shared.out)).toEqual(shared.before);
    expect(Object.keys(shared.before)).toContain("batch.hcl");
    rmSync(shared.cwd, { recursive: true });
  });
  return shared;
}

/** A finished output in `modules-out`, and what it holds. */
async function withOutput(): Promise<{ cwd: string; out: string; before: Record<string, string> }> {
  const cwd = scratch();
  const out = join(cwd, "modules-out");
  expect(await cli(["--prefix", "gss-dev"], { cwd })).toMatchObject({ exit: 0 });
  return { cwd, out, before: filesIn(out) };
}

const wrongPrefixes: Readonly<Record<string, string>> = {
  "that is empty": "",
  "with a quote": 'gss"dev',
  "with a single quote": "gss'dev",
  "with a line break": "gss\ndev",
  "that ends with a line break": "gss-dev\n",
  "that is an interpolation": '${file("/etc/passwd")}',
  "that is a placeholder": "${PREFIX}",
  "that is a directive": "%{ if true }x%{ endif }",
  "with backticks": "`id`",
  "with a command": "$(id)",
  "that leads out": "../../etc",
  "that is a path": "/etc/passwd",
  "of 10,000 characters": "x".repeat(10_000),
  "that is an emoji": "😀😀",
  "in capitals": "GSS-DEV",
  "that sets the terminal": "\u001b[31mred",
  "that looks like another letter": "gss-dеv",
  "that is __proto__": "__proto__",
};

describe("a prefix", () => {
  const shared = sharedOutput();
  for (const [what, prefix] of Object.entries(wrongPrefixes)) {
    test(`${what} is refused on the command line, in a config and by init`, async () => {
      const { cwd, out, before } = shared;
      const plain = JSON.stringify(prefix);
      writeFileSync(join(cwd, "c.json"), `{ "prefix": ${plain} }`);
      const [byFlag, byConfig, byInit] = await Promise.all([
        cli([`--prefix=${prefix}`], { cwd }),
        cli(["--config", "c.json"], { cwd }),
        cli(["init", `--prefix=${prefix}`], { cwd }),
      ]);
      expectRefusal(byFlag, 1, /^--prefix:1:1 {2}error {2}\/prefix is ".*expected .*\n[\s\S]*error/);
      expectRefusal(byConfig, 1, /^c\.json:1:13 {2}error {2}\/prefix is ".*expected /);
      expectRefusal(byInit, 2, /expected 2 to 24 characters/);
      for (const { stderr } of [byFlag, byConfig]) expect(stderr).not.toMatch(/\u001b|.{1000}/);
      expect(filesIn(out)).toEqual(before);
      expect(existsSync(join(cwd, "gen-batch-config.yaml"))).toBe(false);
    });
  }
});

const bomb = ["a: &a [x, x, x, x, x, x, x, x, x, x]"]
  .concat(
    [..."bcdefghij"].map(
      (name, index) => `${name}: &${name} [${Array(10).fill(`*${"abcdefghij"[index]}`).join(", ")}]`,
    ),
  )
  .join("\n");

const wrongConfigs: readonly (readonly [what: string, content: string | Uint8Array, message: RegExp])[] = [
  ["that is not YAML", "prefix: [gss-dev\nx: }\n", /^c\.yaml:2:\d+ {2}error .*yaml-syntax/],
  ["with tabs", "tags:\n\ta: b\n", /^c\.yaml:2:1 {2}error/],
  [
    "that is binary",
    Uint8Array.from({ length: 999 }, (_, index) => (index * 7919) % 256),
    /^c\.yaml:1:\d+ {2}error .*expected text in UTF-8/,
  ],
  ["in UTF-16", Buffer.from("\ufeffprefix: gss-dev\n", "utf16le"), /^c\.yaml:1:1 {2}error .*\n.*this is UTF-16/],
  ["in Latin-1", Buffer.from("prefix: gss-dev # caf\xe9\n", "latin1"), /^c\.yaml:1:22 {2}error .*byte 0xe9/],
  ["with a NUL", "prefix: gss-dev\0\n", /^c\.yaml:1:16 {2}error .*not a text file|^c\.yaml:1:16 {2}error/],
  ["that is empty", "", /^c\.yaml:1:1 {2}error {2}\/prefix is missing; expected text/],
  ["of comments", "# prefix: gss-dev\n", /\/prefix is missing/],
  ["that is a list", "- prefix: gss-dev\n", /expected keys and values, such as prefix: gss-dev/],
  ["that is a word", "gss-dev\n", /expected keys and values, such as prefix: gss-dev/],
  ["of two documents", "prefix: gss-dev\n---\nprefix: gss-prod\n", /^c\.yaml:2:1 {2}error/],
  ["that is a bomb of aliases", `prefix: gss-dev\n${bomb}\n`, /expected aliases that repeat less/],
  ["with an alias of itself", "prefix: &a [*a]\n", /^c\.yaml:1:\d+ {2}error/],
  ["that is very deep", `prefix: ${"[".repeat(50_000)}`, /at most 100 levels of nesting/],
  ["with very many keys", Array.from({ length: 20_000 }, (_, index) => `k${index}: 1`).join("\n"), /error/],
  ["that is very long", `prefix: gss-dev\n# ${"x".repeat(5_000_000)}`, /at most \d+ (bytes|characters)/],
  ["with a key twice", "prefix: gss-dev\nprefix: gss-prod\n", /^c\.yaml:2:1 {2}error/],
  ["with a tag that makes objects", "prefix: !!js/function 'function () {}'\n", /^c\.yaml:1:\d+ {2}error/],
  ["with an unknown key", "prefix: gss-dev\nmax_vcpu: 5\n", /^c\.yaml:2:1 {2}error {2}\/max_vcpu is not a key here/],
  [
    "with a key that is nearly right",
    "prefix: gss-dev\nterragrunt: { state_bukket: x }\n",
    /hint: did you mean state_bucket\?/,
  ],
  ["with __proto__", "prefix: gss-dev\n__proto__: { x: 1 }\n", /\/__proto__ is not a key here/],
  ["with text for an object", "prefix: gss-dev\ntags: text\n", /\/tags is "text"; expected an object/],
  ["with a number for text", "prefix: 5\n", /\/prefix is 5; expected text/],
  ["with null for text", "prefix: null\n", /\/prefix is null; expected text/],
  [
    "with infinity",
    "prefix: gss-dev\ncompute_environment: { compute_resources: { max_vcpus: .inf } }\n",
    /^c\.yaml:2:\d+ {2}error/,
  ],
  [
    "with text for a number",
    "prefix: gss-dev\ncompute_environment: { compute_resources: { max_vcpus: many } }\n",
    /max_vcpus is "many"; expected a whole number/,
  ],
  [
    "with a name removed",
    "prefix: gss-dev\njob_queue: { name: null }\n",
    /^c\.yaml:2:20 {2}error {2}\/job_queue\/name is missing/,
  ],
  [
    "with an image removed",
    "prefix: gss-dev\nbatch_processing_job: { container_properties: { image: null } }\n",
    /container_properties\/image is missing/,
  ],
  [
    "with a resource that runs code",
    "prefix: gss-dev\nplaceholders: { SUBNETS: { expression: 'run_cmd(\"id\")' } }\n",
    /^c\.yaml:2:\d+ {2}error/,
  ],
  [
    "with code in a text",
    "prefix: gss-dev\ntags: { a: '${file(\"/etc/passwd\")}' }\n",
    /^c\.yaml:2:\d+ {2}error .*expected the name of a placeholder/,
  ],
  ["with half a character", 'prefix: gss-dev\ntags: { a: "\\ud800" }\n', /^c\.yaml:2:\d+ {2}error/],
  [
    "with a control character",
    'prefix: gss-dev\ntags: { a: "\\b" }\n',
    /^c\.yaml:2:12 {2}error .*without control characters/,
  ],
  [
    "with a line break in a line of the ECS config",
    'prefix: gss-dev\necs_agent: { ECS_X: "a\\nb" }\n',
    /^c\.yaml:2:\d+ {2}error {2}\/ecs_agent\/ECS_X/,
  ],
  [
    "with a folder that leads anywhere",
    "prefix: gss-dev\nterragrunt: { dependencies: { vpc: '../${x}' } }\n",
    /^c\.yaml:2:\d+ {2}error/,
  ],
];

describe("a config", () => {
  const shared = sharedOutput();
  for (const [what, content, message] of wrongConfigs) {
    test(`${what} is refused with its place, by generate and by validate, and the output stays whole`, async () => {
      const { cwd, out, before } = shared;
      writeFileSync(join(cwd, "c.yaml"), content);
      const [generated, validated] = await Promise.all([
        cli(["--config", "c.yaml"], { cwd }),
        cli(["validate", "c.yaml"], { cwd }),
      ]);
      expectRefusal(generated, 1, message);
      expect(generated.stderr).toMatch(/\d+ errors?.* in \d+ files?\n$/);
      // What is a result for validate is a hindrance for generate.
      expect(validated.stdout).toMatch(message);
      expect(validated).toMatchObject({ exit: 1, stderr: "" });
      expect(filesIn(out)).toEqual(before);
    });
  }

  test("that is not there, a folder, or without end", async () => {
    const { cwd, out, before } = shared;
    mkdirSync(join(cwd, "folder"));
    expectRefusal(
      await cli(["--config", "nowhere.yaml"], { cwd }),
      2,
      /^gen-batch-config: config file nowhere\.yaml does not exist\n {2}hint: /,
    );
    expectRefusal(
      await cli(["--config", "folder"], { cwd }),
      2,
      /^gen-batch-config: config file folder is a directory\n {2}hint: /,
    );
    expectRefusal(await cli(["--config", "/dev/zero"], { cwd }), 1, /^\/dev\/zero:1:1 {2}error .*at most \d+ bytes/);
    expectRefusal(await cli(["--config", "c.yaml/d.yaml"], { cwd }), 2, /does not exist/);
    expectRefusal(await cli(["validate", "nowhere.json"], { cwd }), 2, /nowhere\.json does not exist/);
    expect(filesIn(out)).toEqual(before);
  });

  test("may come through a pipe", async () => {
    const cwd = scratch();
    const made = execFileSync(
      "bash",
      ["-c", `"$0" "$1" --config <(echo "prefix: gss-dev") --quiet`, process.execPath, program],
      { cwd, encoding: "utf8", stdio: "pipe" },
    );
    expect(made).toBe("");
    expect(existsSync(join(cwd, "modules-out", "batch.hcl"))).toBe(true);
  });

  test("that may not be read is a fault", async ({ skip }) => {
    const cwd = scratch();
    writeFileSync(join(cwd, "c.yaml"), "prefix: gss-dev\n", { mode: 0o000 });
    const asSomebody = isRoot ? { uid: nobody, program: programForAll() } : {};
    if (isRoot) chmodSync(cwd, 0o755);
    skipUnless(getuid === undefined ? "this system has no users" : undefined, skip);
    expectRefusal(
      await cli(["--config", "c.yaml"], { cwd, ...asSomebody }),
      3,
      /cannot read config file c\.yaml \(EACCES\)/,
    );
  });
});

const wrongFlags: readonly (readonly [args: readonly string[], exit: number, message: RegExp])[] = [
  [[], 2, /a prefix or a config is required/],
  [["--prefix"], 2, /argument missing/],
  [["--prefix", "gss-dev", "--bogus"], 2, /unknown option '--bogus'/],
  [["--prefix", "gss-dev", "--fource"], 2, /Did you mean --force\?/],
  [["--prefix", "gss-dev", "--out", ""], 2, /It must not be empty/],
  [["--prefix", "gss-dev", "--out="], 2, /It must not be empty/],
  [["--prefix", "gss-dev", "--check", "--force"], 2, /cannot be used with/],
  [["--prefix", "gss-dev", "--format", "xml"], 2, /Allowed choices are text, json, github, sarif/],
  [["--prefix", "gss-dev", "--set", "tags"], 2, /has no path=value/],
  [["--prefix", "gss-dev", "--set", "a..b=1"], 2, /empty key/],
  [["--prefix", "gss-dev", "--set", "=1"], 2, /has no path=value/],
  [["--prefix", "gss-dev", "--set", "prefix.x=1"], 2, /reaches into \/prefix/],
  [["--prefix", "gss-dev", "--set", "tags.a.b=1"], 1, /^--set tags\.a\.b:1:1 {2}error {2}\/tags\/a/],
  [["--prefix", "gss-dev", "--set", "__proto__.x=1"], 1, /\/__proto__ is not a key here/],
  [["--prefix", "gss-dev", "--set", "tags.a=\u001b[31m"], 1, /without control characters/],
  [["--prefix", "gss-dev", "nonsense"], 2, /there is no command "nonsense"/],
  [["explain", "no-such-rule"], 2, /no rule, placeholder, exit code, argument or variable named "no-such-rule"/],
  [["explain", "__proto__"], 2, /no rule, placeholder, exit code, argument or variable/],
  [["schema", "__proto__"], 2, /there is no schema "__proto__"/],
  [["completion", "tcsh"], 2, /Allowed choices are bash, zsh, fish/],
];

describe("a command line", () => {
  for (const [args, exit, message] of wrongFlags) {
    test(`${JSON.stringify(args)} ends with ${exit}`, async () => {
      const cwd = scratch();
      expectRefusal(await cli(args, { cwd }), exit, message);
      expect(filesIn(cwd)).toEqual({});
    });
  }
});

describe("the output folder", () => {
  test("that is a file is refused", async () => {
    const cwd = scratch();
    writeFileSync(join(cwd, "taken"), "mine\n");
    expectRefusal(
      await cli(["--prefix", "gss-dev", "--quiet", "--out", "taken"], { cwd }),
      1,
      /^taken:1:1 {2}error .*not a folder/,
    );
    expectRefusal(await cli(["--prefix", "gss-dev", "--quiet", "--out", "taken/out"], { cwd }), 1, /not a folder/);
    expect(filesIn(cwd)).toEqual({ taken: "mine\n" });
  });

  test("with a folder in the place of a managed file is refused, and the rest stays whole", async () => {
    const { cwd, out, before } = await withOutput();
    rmSync(join(out, "batch.hcl"));
    mkdirSync(join(out, "batch.hcl"));
    for (const force of [[], ["--force"]]) {
      const ended = await cli(["--prefix", "gss-prod", "--quiet", ...force], { cwd });
      expectRefusal(ended, 1, /modules-out\/batch\.hcl:1:1 {2}error {2}the file is not a regular file/);
    }
    const { "batch.hcl": _, ...others } = before;
    expect(filesIn(out)).toEqual(others);
  });

  test("with foreign files keeps them, and refuses to overwrite one", async () => {
    const cwd = scratch();
    const out = join(cwd, "modules-out");
    mkdirSync(join(out, "batch-json"), { recursive: true });
    writeFileSync(join(out, "notes.txt"), "mine\n");
    expect(await cli(["--prefix", "gss-dev", "--quiet"], { cwd })).toMatchObject({ exit: 0, stdout: "" });
    expect(filesIn(out)).toMatchObject({ "notes.txt": "mine\n" });

    const other = scratch();
    mkdirSync(join(other, "modules-out"));
    writeFileSync(join(other, "modules-out", "batch.hcl"), "# mine\n");
    const refused = await cli(["--prefix", "gss-dev", "--quiet"], { cwd: other });
    expectRefusal(
      refused,
      1,
      /modules-out\/batch\.hcl:1:1 {2}error {2}the file is a file that gen-batch-config did not write[\s\S]*--force/,
    );
    expect(filesIn(join(other, "modules-out"))).toEqual({ "batch.hcl": "# mine\n" });
    expect(await cli(["--prefix", "gss-dev", "--quiet", "--force"], { cwd: other })).toMatchObject({ exit: 0 });
  });

  test("with a file edited by hand shows the edit and touches nothing, until --force", async () => {
    const { cwd, out, before } = await withOutput();
    appendFileSync(join(out, "batch.hcl"), "# by hand\n");
    const edited = filesIn(out);
    for (const prefix of ["gss-dev", "gss-prod"]) {
      const ended = await cli(["--prefix", prefix], { cwd });
      expectRefusal(
        ended,
        1,
        /modules-out\/batch\.hcl:1:1 {2}error {2}the file is edited by hand since it was generated/,
      );
      expect(ended.stderr).toMatch(/^--- modules-out\/batch\.hcl/m);
      expect(ended.stderr).toMatch(/^-# by hand$/m);
      expect(filesIn(out)).toEqual(edited);
    }
    expect(await cli(["--prefix", "gss-dev", "--check", "--quiet"], { cwd })).toMatchObject({
      exit: 1,
      stdout: expect.stringContaining("batch.hcl"),
    });
    expect(await cli(["--prefix", "gss-dev", "--force"], { cwd })).toMatchObject({ exit: 0 });
    expect(filesIn(out)).toEqual(before);
  });

  test("with a symbolic link that leads out is refused, and what it points to is not touched", async () => {
    const { cwd, out } = await withOutput();
    const outside = join(scratch(), "outside");
    mkdirSync(outside);
    writeFileSync(join(outside, "compute-environment.json"), "theirs\n");
    rmSync(join(out, "batch-json"), { recursive: true });
    symlinkSync(outside, join(out, "batch-json"));
    const hcl = readFileSync(join(out, "batch.hcl"), "utf8");
    for (const args of [[], ["--force"]]) {
      const ended = await cli(["--prefix", "gss-prod", "--quiet", ...args], { cwd });
      expectRefusal(
        ended,
        1,
        /modules-out\/batch-json:1:1 {2}error {2}the file is a symbolic link; expected no symbolic link below the output folder/,
      );
    }
    expect(filesIn(outside)).toEqual({ "compute-environment.json": "theirs\n" });
    expect(readFileSync(join(out, "batch.hcl"), "utf8")).toBe(hcl);
    expect(lstatSync(join(out, "batch-json")).isSymbolicLink()).toBe(true);
  });

  test("may have any name that a file system supports", async () => {
    const names = [
      "with spaces/and more",
      "ünïcödé/😀",
      "../up",
      "./a/../b",
      ".hidden",
      "-dash",
      "a'b\"c",
      "$(touch x)",
      "${x}",
      "trailing/",
      "100%",
      "line\nbreak",
      "*?[x]",
    ];
    const cwd = join(scratch(), "cwd");
    mkdirSync(cwd);
    for (const name of names) {
      const ended = await cli(["--prefix", "gss-dev", "--quiet", `--out=${name}`], { cwd });
      expect(ended, name).toMatchObject({ exit: 0, stdout: "" });
      expect(existsSync(join(cwd, name, "batch-json", "job-queue.json")), name).toBe(true);
      expect(await cli(["--prefix", "gss-dev", "--check", `--out=${name}`], { cwd }), name).toMatchObject({ exit: 0 });
    }
    expect(existsSync(join(cwd, "x"))).toBe(false);
    const tooLong = await cli(["--prefix", "gss-dev", "--quiet", "--out", "x".repeat(300)], { cwd });
    expectRefusal(tooLong, 3, /the name is too long for this file system \(ENAMETOOLONG\)\n {2}hint: /);
  });

  test("that may not be written to is a fault, and stays whole", async () => {
    const { cwd, out, before } = await withOutput();
    const asSomebody = isRoot ? { uid: nobody, program: programForAll() } : {};
    if (isRoot) {
      chmodSync(cwd, 0o755);
      chownSync(out, nobody, nobody);
    }
    chmodSync(out, 0o555);
    const ended = await cli(["--prefix", "gss-prod", "--quiet"], { cwd, ...asSomebody });
    chmodSync(out, 0o755);
    expectRefusal(
      ended,
      3,
      /^gen-batch-config: cannot .*: permission denied \(EACCES\)\n {2}hint: grant yourself access/,
    );
    expect(filesIn(out)).toEqual(before);
  });

  test("on a full disk is a fault, and stays whole", async ({ skip }) => {
    const cwd = scratch();
    const disk = join(cwd, "disk");
    mkdirSync(disk);
    skipUnless(mountSmallDisk(disk), skip);
    const out = join(disk, "modules-out");
    expect(await cli(["--prefix", "gss-dev", "--out", out], { cwd })).toMatchObject({ exit: 0 });
    const before = filesIn(out);
    fillUp(join(disk, "filler"));
    const ended = await cli(["--prefix", "gss-prod", "--quiet", "--out", out], { cwd });
    expectRefusal(ended, 3, /the disk is full \(ENOSPC\)\n {2}hint: free some space and run again/);
    expect(filesIn(out)).toEqual(before);
    rmSync(join(disk, "filler"));
    expect(await cli(["--prefix", "gss-prod", "--out", out], { cwd })).toMatchObject({ exit: 0 });
  });

  test("that is new, on a full disk, leaves nothing behind", async ({ skip }) => {
    const cwd = scratch();
    const disk = join(cwd, "disk");
    mkdirSync(disk);
    skipUnless(mountSmallDisk(disk), skip);
    fillUp(join(disk, "filler"));
    expectRefusal(
      await cli(["--prefix", "gss-dev", "--quiet", "--out", join(disk, "out")], { cwd }),
      3,
      /the disk is full \(ENOSPC\)/,
    );
    expect(existsSync(join(disk, "out"))).toBe(false);
  });
});

function mountSmallDisk(folder: string): string | undefined {
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=1536k", "tmpfs", folder], { stdio: "pipe" });
  } catch (error) {
    return `this test needs to mount something, and may not: ${(error as Error).message.trim()}`;
  }
  onTestFinished(() => void execFileSync("umount", [folder]));
  return undefined;
}

function fillUp(path: string): void {
  try {
    for (;;) appendFileSync(path, "x".repeat(4096));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOSPC") throw error;
  }
}

describe("runs beside each other", () => {
  test("six at once leave one whole output", async () => {
    const cwd = scratch();
    const ended = await Promise.all(Array.from({ length: 6 }, () => cli(["--prefix", "gss-dev", "--quiet"], { cwd })));
    for (const { exit, stderr } of ended) {
      expect([0, 1]).toContain(exit);
      if (exit === 1) expect(stderr).toMatch(/held by process \d+/);
    }
    expect(ended.some(({ exit }) => exit === 0)).toBe(true);
    expect(await cli(["--prefix", "gss-dev", "--check"], { cwd })).toMatchObject({ exit: 0 });
    expect(Object.keys(filesIn(join(cwd, "modules-out"))).filter((path) => /\.(lock|tmp)/.test(path))).toEqual([]);
  });

  test("six of two configs at once leave the output of one of them, whole", async () => {
    const cwd = scratch();
    const prefixes = ["gss-dev", "gss-prod"];
    await Promise.all(
      Array.from({ length: 6 }, (_, index) => cli(["--prefix", prefixes[index % 2] as string, "--quiet"], { cwd })),
    );
    const checks = await Promise.all(prefixes.map((prefix) => cli(["--prefix", prefix, "--check"], { cwd })));
    expect(checks.map(({ exit }) => exit).sort()).toEqual([0, 1]);
  });
});

test("a run that is killed at any moment leaves a folder that the next run completes", async () => {
  const cwd = scratch();
  const out = join(cwd, "modules-out");
  const wholeOf: Record<string, Record<string, string>> = {};
  for (const prefix of ["gss-a1", "gss-b2"]) {
    const other = scratch();
    await cli(["--prefix", prefix], { cwd: other });
    wholeOf[prefix] = filesIn(join(other, "modules-out"));
  }
  const started = performance.now();
  await cli(["--prefix", "gss-a1"], { cwd });
  const whole = performance.now() - started;
  let killed = 0;
  for (let moment = 0; moment < 14; moment += 1) {
    const prefix = moment % 2 === 0 ? "gss-b2" : "gss-a1";
    const child = startCli(["--prefix", prefix], { cwd });
    const ending = endOf(child);
    // From the middle of the start-up to about the end, on a machine of any speed.
    await sleep(whole * (0.3 + moment * 0.055));
    child.kill("SIGKILL");
    if ((await ending).exit === null) killed += 1;
    expect(await cli(["--prefix", prefix], { cwd })).toMatchObject({ exit: 0 });
    expect(await cli(["--prefix", prefix, "--check"], { cwd })).toMatchObject({ exit: 0 });
    expect(filesIn(out)).toEqual(wholeOf[prefix]);
  }
  expect(killed).toBeGreaterThan(0);
});

describe("the surroundings", () => {
  test("a reader that stops early is not a fault", async () => {
    const cwd = scratch();
    for (const command of ["explain", "schema config", "--prefix gss-dev", "--prefix gss-prod --diff", "--help"]) {
      const script = `"$0" "$1" ${command} | head -1; echo "exit \${PIPESTATUS[0]}"`;
      const child = spawn("bash", ["-c", script, process.execPath, program], {
        cwd,
        stdio: ["ignore", "pipe", "pipe"],
      });
      const { stdout, stderr } = await endOf(child);
      expect(stdout, command).toMatch(/exit [01]\n$/);
      expect(stderr, command).not.toMatch(/EPIPE|this is a bug|^ {4}at /m);
    }
    expect(await cli(["--prefix", "gss-dev", "--check"], { cwd })).toMatchObject({ exit: 0 });
  });

  test("closed standard streams do not stop it", async () => {
    const cwd = scratch();
    const script = `"$0" "$1" --prefix gss-dev >&- 2>&- <&-; echo "exit $?"`;
    const { stdout } = await endOf(
      spawn("bash", ["-c", script, process.execPath, program], { cwd, stdio: ["ignore", "pipe", "pipe"] }),
    );
    expect(stdout).toBe("exit 0\n");
    expect(await cli(["--prefix", "gss-dev", "--check"], { cwd })).toMatchObject({ exit: 0 });
  });

  test("neither a home nor any variable is needed", async () => {
    const cwd = scratch();
    const home = join(scratch(), "home");
    mkdirSync(home, { mode: 0o555 });
    for (const env of [{}, { HOME: "/nowhere" }, { HOME: home }, { HOME: "" }]) {
      expect(await cli(["--prefix", "gss-dev", "--quiet"], { cwd, env })).toMatchObject({ exit: 0, stdout: "" });
    }
    expect(filesIn(home)).toEqual({});
  });

  test("a read-only home and a read-only program are enough", async ({ skip }) => {
    skipUnless(getuid === undefined ? "this system has no users" : undefined, skip);
    const cwd = scratch();
    const path = programForAll();
    execFileSync("chmod", ["-R", "a-w", join(path, "..")]);
    const asSomebody = isRoot ? { uid: nobody } : {};
    if (isRoot) chownSync(cwd, nobody, nobody);
    const ended = await cli(["--prefix", "gss-dev", "--quiet"], {
      cwd,
      program: path,
      env: { HOME: "/" },
      ...asSomebody,
    });
    expect(ended).toMatchObject({ exit: 0, stdout: "" });
    execFileSync("chmod", ["-R", "u+w", join(path, "..")]);
  });
});
