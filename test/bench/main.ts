/**
 * Start-up and checking, as a user meets them: whole processes, after a warm-up, the median of several runs, each beside a
 * program that does nothing in the same way, so that the machine's own speed can be taken out. `--write` puts the table into test/bench/README.md.
 */
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { writeIntoReadme } from "./workers/writeIntoReadme.ts";

const repository = resolve(import.meta.dirname, "../..");
const cli = join(repository, "dist/cli.js");
const scratch = mkdtempSync(join(tmpdir(), "gen-batch-config-bench-"));

interface Row {
  readonly what: string;
  readonly command: readonly string[];
  readonly cwd: string;
  /** Does nothing, in the same way. */
  readonly idle: readonly string[];
  readonly limit: string;
  readonly before?: () => void;
}

try {
  writeFileSync(join(scratch, "idle.mjs"), "");
  writeFileSync(join(scratch, "memory.mjs"), memoryHook());
  const module = join(scratch, "module");
  const documents = manyDocuments(module);
  const host = hostPackage();
  const out = join(scratch, "out");
  const rows: Row[] = [
    {
      what: "cold `npx gen-batch-config --prefix gss-dev`, installed in a project",
      command: ["npx", "gen-batch-config", "--prefix", "gss-dev", "--out", out],
      cwd: host,
      idle: ["npx", "idle"],
      limit: "0.6 s, 120 MB",
      before: () => rmSync(out, { recursive: true, force: true }),
    },
    {
      what: "the same in a clone of this repository",
      command: ["npx", "gen-batch-config", "--prefix", "gss-dev", "--out", out],
      cwd: repository,
      idle: ["npx", "gen-batch-config", "--version"],
      limit: "0.6 s, 120 MB",
      before: () => rmSync(out, { recursive: true, force: true }),
    },
    {
      what: "the same without npx",
      command: [process.execPath, cli, "--prefix", "gss-dev", "--out", out],
      cwd: repository,
      idle: [process.execPath, join(scratch, "idle.mjs")],
      limit: "",
      before: () => rmSync(out, { recursive: true, force: true }),
    },
    {
      what: `\`validate\` of ${documents} documents`,
      command: [process.execPath, cli, "validate", "-q", module],
      cwd: repository,
      idle: [process.execPath, join(scratch, "idle.mjs")],
      limit: "3 s",
    },
  ];
  const table = toTable(rows.map(measure));
  process.stdout.write(table);
  if (process.argv.includes("--write")) writeIntoReadme("bench", table);
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

interface Measured extends Row {
  readonly seconds: number;
  readonly idleSeconds: number;
  readonly megabytes: number;
}

/** The two commands take turns, so that a machine that slows down slows both. */
function measure(row: Row): Measured {
  const runs = 7;
  const own: number[] = [];
  const idle: number[] = [];
  for (let run = 0; run <= runs; run += 1) {
    row.before?.();
    const seconds = timed(row.command, row.cwd);
    const idleSeconds = timed(row.idle, row.cwd);
    if (run === 0) continue;
    own.push(seconds);
    idle.push(idleSeconds);
  }
  row.before?.();
  return { ...row, seconds: median(own), idleSeconds: median(idle), megabytes: peakMegabytes(row.command, row.cwd) };
}

function timed([program, ...args]: readonly string[], cwd: string): number {
  const start = process.hrtime.bigint();
  const run = spawnSync(program as string, args, { cwd, stdio: ["ignore", "ignore", "pipe"], encoding: "utf8" });
  const seconds = Number(process.hrtime.bigint() - start) / 1e9;
  if (run.status !== 0) throw new Error(`${program} ${args.join(" ")} ended with ${run.status}: ${run.stderr}`);
  return seconds;
}

/** The largest single process, npx's own included. */
function peakMegabytes([program, ...args]: readonly string[], cwd: string): number {
  const log = join(scratch, "memory.log");
  rmSync(log, { force: true });
  const env = { ...process.env, NODE_OPTIONS: `--import=${join(scratch, "memory.mjs")}`, MEMORY_LOG: log };
  spawnSync(program as string, args, { cwd, stdio: "ignore", env });
  return Math.max(...readFileSync(log, "utf8").trim().split("\n").map(Number)) / 1024;
}

function memoryHook(): string {
  return `import { appendFileSync } from "node:fs";
process.on("exit", () => appendFileSync(process.env.MEMORY_LOG, process.resourceUsage().maxRSS + "\\n"));
`;
}

/** A project that has this program installed, and another that does nothing, for npx to start. */
function hostPackage(): string {
  const folder = join(scratch, "host");
  const bin = join(folder, "node_modules", ".bin");
  mkdirSync(bin, { recursive: true });
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "host", private: true }));
  symlinkSync(cli, join(bin, "gen-batch-config"));
  writeFileSync(join(bin, "idle"), "#!/usr/bin/env node\n", { mode: 0o755 });
  return folder;
}

/** About 1000 documents: modules of all their documents each, as a large live tree has them. */
function manyDocuments(folder: string): number {
  const modules = 77;
  const first = join(scratch, "first");
  const run = spawnSync(process.execPath, [cli, "--prefix", "gss-dev", "--out", first], { encoding: "utf8" });
  if (run.status !== 0) throw new Error(run.stderr);
  const folders = readdirSync(first).filter((name) => name.endsWith("-json"));
  for (let index = 0; index < modules; index += 1) {
    for (const name of folders) cpSync(join(first, name), join(folder, `module-${index}`, name), { recursive: true });
  }
  return modules * folders.flatMap((name) => readdirSync(join(first, name))).length;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] as number;
}

function toTable(rows: readonly Measured[]): string {
  const lines = rows.map(({ what, seconds, idleSeconds, megabytes, limit }) => {
    const times = seconds / idleSeconds;
    return `| ${what} | ${seconds.toFixed(2)} s | ${times.toFixed(1)} × | ${megabytes.toFixed(0)} MB | ${limit} |`;
  });
  return `| what | median | of a program that does nothing | peak memory | our limit |\n|---|---|---|---|---|\n${lines.join("\n")}\n`;
}
