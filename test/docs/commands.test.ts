import { execFile } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import packageJson from "../../package.json" with { type: "json" };
import { buildProgram } from "../../src/commands/program.ts";
import { generate } from "../../src/generate.ts";
import { type Installed, installPackage } from "../run/installed.ts";
import { pages } from "./pages.ts";

/** Every command that a page shows: lines of a block for the shell, and inline code that starts with a program of ours. */
const commands = pages
  .flatMap(({ path, text }) =>
    [
      ...blocksOf(text, "bash").flatMap((block) => block.replaceAll("\\\n", " ").split("\n")),
      ...[...text.replaceAll(/^```[\s\S]*?^```/gm, "").matchAll(/`((?:gen-batch-config|npx|npm|node) [^`]+)`/g)].map(
        (match) => match[1] as string,
      ),
    ].map((command) => ({ path, command: command.replaceAll(/\s+/g, " ").trim() })),
  )
  .filter(({ command }) => command !== "");

let installed: Installed;
/** What the commands expect to be there: a clone's sample, a config, a module. */
let clone: string;

beforeAll(async () => {
  installed = await installPackage();
  cpSync(resolve("workers/sample"), join(installed.folder, "workers/sample"), { recursive: true });
  clone = mkdtempSync(join(tmpdir(), "gen-batch-config-clone-"));
  cpSync(resolve("workers/sample"), join(clone, "workers/sample"), { recursive: true });
  writeFileSync(join(clone, "gen-batch-config.yaml"), "prefix: gss-dev\n");
  await promisify(execFile)(process.execPath, [installed.program, "--prefix", "gss-dev"], { cwd: clone });
});

afterAll(() => {
  installed.remove();
  rmSync(clone, { recursive: true });
});

test("there are commands to look at", () => {
  expect(commands.length).toBeGreaterThan(40);
});

describe.each(commands)("$path: $command", ({ command }) => {
  test("can be given", async () => {
    for (const part of command.split(" && ")) await expectKnown(part);
  });
});

async function expectKnown(command: string): Promise<void> {
  const [program = "", ...words] = command.split(" ");
  const check = programs[program];
  expect(check, `${program}: no test knows what it takes`).toBeDefined();
  await check?.(words);
}

const programs: Readonly<Record<string, (words: readonly string[]) => Promise<void> | void>> = {
  "gen-batch-config": ours,
  npx: ([name, ...words]) => {
    if (name === "gen-batch-config") return ours(words);
    // Tools of the development packages.
    expect(existsSync(`node_modules/.bin/${name}`), name).toBe(true);
  },
  npm: ([verb = "", name = ""]) => {
    if (verb === "run") expect(Object.keys(packageJson.scripts)).toContain(name);
    else expect(["ci", "test", "link", "install", "version", "pack", "publish", "audit"]).toContain(verb);
  },
  node: ([script = "", ...words]) => started(join(installed.folder, script), words),
  git: (words) => {
    const url = packageJson.repository.url.replace(/^git\+/, "").replace(/\.git$/, "");
    if (words[0] === "clone") expect(words[1]).toBe(url);
    else expect(["push", "tag", "switch", "commit", "add"]).toContain(words[0]);
  },
  cd: ([folder]) => expect(folder).toBe(packageJson.name),
  bash: ([script = ""]) => expect(existsSync(script), script).toBe(true),
  source: (words) =>
    ours(
      words
        .join(" ")
        .replace(/^<\(gen-batch-config /, "")
        .replace(/\)$/, "")
        .split(" "),
    ),
};

/** A command of ours is carried out where it names no file, folder or address of the reader's. */
async function ours(words: readonly string[]): Promise<void> {
  const end = words.findIndex((word) => word === ">" || word === "#");
  const given = end === -1 ? words : words.slice(0, end);
  expectFlags(given);
  const isTemplate = given.some((word) => /^[A-Z]{3,}$|^…$|^\.\.\.$|^-$/.test(word));
  if (!isTemplate && given.length > 0) await started(installed.program, given);
}

async function started(script: string, words: readonly string[]): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "gen-batch-config-docs-"));
  try {
    // A page's commands follow one another: what one leaves in ./out the next one reads.
    const cwd = script.includes("/workers/") ? installed.folder : folder;
    if (cwd === folder) cpSync(clone, folder, { recursive: true });
    if (words[0] === "init") rmSync(join(folder, "gen-batch-config.yaml"));
    const { stderr } = await promisify(execFile)(process.execPath, [script, ...words], { cwd });
    expect(stderr).not.toContain("this is a bug");
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function expectFlags(words: readonly string[]): void {
  const flags = words.filter((word) => word.startsWith("--")).map((word) => word.split("=")[0] as string);
  const [first = "--"] = words;
  const program = buildProgram(io, { started: () => {}, ended: () => {} });
  const command = program.commands.find((one) => one.name() === first);
  if (!first.startsWith("-")) expect(command?.name()).toBe(first);
  const known = [program, ...program.commands].flatMap((one) => one.options.map(({ long }) => long));
  expect(flags.filter((flag) => !["--help", "--version"].includes(flag) && !known.includes(flag))).toEqual([]);
}

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

test.each(
  pages
    .flatMap(({ path, text }) => blocksOf(text, "yaml").map((yaml) => ({ path, yaml })))
    .filter(({ yaml }) => /^prefix:/m.test(yaml)),
)("$path: a config that it shows gives a module", async ({ yaml }) => {
  const folder = mkdtempSync(join(tmpdir(), "gen-batch-config-docs-"));
  try {
    writeFileSync(join(folder, "config.yaml"), yaml);
    const { files } = await generate({ path: join(folder, "config.yaml"), settings: [] }, "out", false);
    expect(files.length).toBeGreaterThan(15);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("the config in schemas/README.md causes no warning", async () => {
  const [yaml = ""] = blocksOf(readFileSync("schemas/README.md", "utf8"), "yaml");
  const folder = mkdtempSync(join(tmpdir(), "gen-batch-config-docs-"));
  try {
    writeFileSync(join(folder, "config.yaml"), yaml);
    const { warnings } = await generate({ path: join(folder, "config.yaml"), settings: [] }, "out", true);
    expect(warnings).toEqual([]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

function blocksOf(text: string, language: string): readonly string[] {
  return [...text.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, "gm"))].map(
    (match) => match[1] as string,
  );
}
