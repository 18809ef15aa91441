import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { format } from "@cdktn/hcl-tools";
import { parse } from "@cdktn/hcl2json";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { checkFiles } from "../../src/check/checkFiles.ts";
import { rules } from "../../src/check/rules/index.ts";
import { loadConfig } from "../../src/config/loadConfig.ts";
import { resolvePlaceholders } from "../../src/config/placeholders.ts";
import { resolveModel } from "../../src/config/resolveModel.ts";
import { generate } from "../../src/generate.ts";
import type { Model } from "../../src/model/model.ts";
import { InvalidInput, type Problem } from "../../src/model/problem.ts";
import type { RenderedFile } from "../../src/model/renderedFile.ts";
import { render } from "../../src/render/render.ts";
import { anyConfigs, isTemplateText, type Planted, type RandomConfig } from "./configs.ts";
import { decodeConfigText, evaluateDeep, evaluateTemplate, leavesOf, noCode } from "./evaluate.ts";

let folder: string;
let file: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "gen-batch-config-random-"));
  file = join(folder, "gen-batch-config.json");
});
afterAll(() => rmSync(folder, { recursive: true }));

const runs = Number(process.env.PROPERTY_RUNS ?? 1000);
const seed = Number(process.env.PROPERTY_SEED ?? 20261130);
const counts = { files: 0, refused: 0, plantedInFiles: 0 };

test(`${runs} random configs: each gives either problems or files that are all valid and say what the config says`, { timeout: 600_000 }, async () => {
  const law = fc.asyncProperty(anyConfigs, async (random) => {
    writeFileSync(file, JSON.stringify(random.config));
    const made = await outcome(() => generate({ path: file, settings: [] }, "modules-out", false));
    const again = await outcome(() => generate({ path: file, settings: [] }, "modules-out", false));
    expect(again, "the second time").toEqual(made);
    if ("problems" in made) {
      expectToBeTold(made.problems);
      counts.refused += 1;
    }
    const files = "problems" in made ? await filesThatOnlyRulesRefuse() : made.files;
    if (files === undefined) return;
    counts.files += 1;
    await expectToBeValid(files);
    await expectToSay(random, files);
  });
  await fc.assert(law, { numRuns: runs, seed });
  // A generator of configs that are all refused, or all harmless, would prove nothing.
  expect(counts.files).toBeGreaterThan(runs / 3);
  expect(counts.refused).toBeGreaterThan(runs / 5);
  expect(counts.plantedInFiles).toBeGreaterThan(runs / 3);
});

async function outcome<Value extends object>(work: () => Promise<Value>): Promise<Value | { readonly problems: readonly Problem[] }> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof InvalidInput) return { problems: error.problems };
    throw error;
  }
}

function expectToBeTold(problems: readonly Problem[]): void {
  expect(problems.length).toBeGreaterThan(0);
  for (const problem of problems) {
    expect(problem).toMatchObject({ rule: expect.stringMatching(/^[a-z]/), severity: expect.stringMatching(/^(error|warning)$/) });
    expect(problem.file).not.toBe("");
    expect(problem.expected, problem.rule).not.toMatch(/^$|undefined|\[object/);
    expect(problem.pointer, problem.rule).toMatch(/^(\/|$)/);
    expect(Number.isSafeInteger(problem.position.line) && problem.position.line > 0).toBe(true);
    expect(Number.isSafeInteger(problem.position.column) && problem.position.column > 0).toBe(true);
  }
}

/** The lint rules judge what is wise; text that they refuse has to be data all the same. */
async function filesThatOnlyRulesRefuse(): Promise<readonly RenderedFile[] | undefined> {
  const source = await loadConfig({ path: file, settings: [] });
  const made = await outcome(async () => ({ model: resolveModel(source) }));
  if ("problems" in made) return undefined;
  const files = render(made.model);
  const { all } = resolvePlaceholders(source);
  const ignoredRules = new Set(rules.map(({ id }) => id));
  const problems = checkFiles(documentsOf(files), { awsProvider: 5, placeholders: all, ignoredRules });
  return problems.some(({ severity }) => severity === "error") ? undefined : files;
}

function documentsOf(files: readonly RenderedFile[]) {
  return files.filter(({ path }) => path.endsWith(".json"));
}

const known = new Set<string>();

async function expectToBeValid(files: readonly RenderedFile[]): Promise<void> {
  for (const { path, text } of files) {
    expect(text.endsWith("\n") || !/\.(hcl|tf|sh|json|md)$/.test(path), `${path} ends with a line break`).toBe(true);
    expect(text, path).not.toContain("[object Object]");
    if (!/\.(hcl|tf)$/.test(path) || known.has(text)) continue;
    expect(await format(text), path).toBe(text);
    await parse(path, text);
    if (path.endsWith(".tf")) known.add(text);
  }
}

async function expectToSay({ config, planted, mood }: RandomConfig, files: readonly RenderedFile[]): Promise<void> {
  const model = resolveModel(await loadConfig({ path: file, settings: [] }));
  const leaves = [...documentLeaves(model, files), ...(await localLeaves(files)), ...agentLeaves(files)];
  for (const one of planted) {
    const meant = meaningOf(one);
    expect(meant, `${one.text} has to be refused`).toBeDefined();
    const found = leaves.filter(({ text }) => text.includes(one.mark));
    for (const leaf of found) {
      expect(leaf.role).toBe(one.role);
      expect(leaf.text).toBe(meant);
      expect(comparable(leaf.path)).toEqual(placesFor(one));
    }
    if (mood !== "wild" && isWritten(one, config)) expect(found.length, `${one.path.join("/")} in the files`).toBeGreaterThan(0);
    counts.plantedInFiles += found.length;
  }
}

const texts = new Map([["PREFIX", "gss-dev"]]);

function meaningOf({ path, text, role }: Planted): string | undefined {
  if (!isTemplateText(path)) return text;
  // A key has no language: it is what it is, and may hold no template at all.
  if (role === "key") return /[$%]\{/.test(text) ? undefined : text;
  return decodeConfigText(text, texts);
}

/** Reasons, meanings and sources of placeholders stand in no document. */
function isWritten({ path }: Planted, config: Record<string, unknown>): boolean {
  if (path[0] === "placeholders") return path[2] === "value" && JSON.stringify(config.batch_processing_job ?? {}).includes(`\${${path[1]}}`);
  return path[0] !== "ignore_rules" && path[0] !== "terragrunt";
}

/** Where a text may stand: its own place, and for the first environment its fallback's. Lists may be merged by name. */
function placesFor({ path }: Planted): unknown {
  if (path[0] === "placeholders") return expect.anything();
  return expect.arrayContaining([comparable(path).at(-1)]);
}

function comparable(path: readonly string[]): string[] {
  return path.filter((step) => step !== "fallback");
}

/** The six documents as AWS gets them: read as a template, as JSON, and every text in it once more. */
function documentLeaves(model: Model, files: readonly RenderedFile[]) {
  const values: Record<string, unknown> = { string: "supplied", list: ["supplied"], map: { supplied: "x" }, number: 7 };
  const kinds = new Map(model.supplied.map(({ name, kind }) => [name, kind]));
  return documentsOf(files).flatMap(({ path, text }) => {
    const bound = evaluateTemplate(text, (name) => {
      const kind = kinds.get(name);
      if (kind === undefined) return noCode(name);
      if (name === "PREFIX") return "gss-dev";
      return kind === "string" ? "supplied" : JSON.stringify(values[kind]);
    });
    const document: unknown = JSON.parse(bound);
    return leavesOf(evaluateDeep(document, noCode), [path.replace(/^batch-json\/(.*)\.json$/, "$1").replaceAll("-", "_")]);
  });
}

/** The locals of batch.hcl, as Terragrunt reads them and as Terraform reads the map input that becomes of the tags. */
async function localLeaves(files: readonly RenderedFile[]) {
  const text = files.find(({ path }) => path === "batch.hcl")?.text as string;
  const { locals } = (await parse("batch.hcl", text)) as { locals: Record<string, unknown>[] };
  const { tags = {}, s3_bucket, msk_topic } = locals[0] ?? {};
  const read = evaluateDeep({ tags, s3_bucket, msk_topic }, (source) => (source === "local.prefix" ? "gss-dev" : noCode(source)));
  return leavesOf(evaluateDeep(read, noCode));
}

/** The lines of the script, taken apart as a shell does: single quotes end at the next single quote. */
function agentLeaves(files: readonly RenderedFile[]) {
  const script = files.find(({ path }) => path === "batch_user_data.sh")?.text as string;
  const [head, rest] = split(script, "set -euo pipefail\n");
  expect(head.split("\n").filter((line) => line !== "").every((line) => line.startsWith("#"))).toBe(true);
  return rest.split("\n").filter((line) => line !== "").map((line) => {
    const word = /^printf '%s\\n' ((?:'[^']*'|\\')+) >>\/etc\/ecs\/ecs\.config$/.exec(line)?.[1];
    expect(word, line).toBeDefined();
    const plain = (word as string).replace(/'([^']*)'|\\'/g, (match, inner: string | undefined) => inner ?? match.charAt(1));
    const [key, value] = split(plain, "=");
    return { path: ["ecs_agent", key], text: value, role: "value" as const };
  });
}

function split(text: string, by: string): [string, string] {
  const at = text.indexOf(by);
  expect(at).toBeGreaterThan(-1);
  return [text.slice(0, at), text.slice(at + by.length)];
}
