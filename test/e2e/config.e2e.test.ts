import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { loadConfig } from "../../src/config/loadConfig.ts";
import { resolveModel } from "../../src/config/resolveModel.ts";
import { generate } from "../../src/generate.ts";
import type { Model } from "../../src/model/model.ts";
import { InvalidInput } from "../../src/model/problem.ts";
import type { RenderedFile } from "../../src/model/renderedFile.ts";
import { type DocumentName, documentNames, documentPath, specOf, unitOf } from "../../src/model/units.ts";
import { friendlyConfigs, type RandomConfig } from "../property/configs.ts";
import { boundDocument, decodeConfigText, evaluateDeep, noCode, suppliedValues } from "../property/evaluate.ts";
import { findOnPath } from "./parts/findProgram.ts";
import { type Part, present, reasonsToSkip } from "./parts/part.ts";
import { run } from "./parts/run.ts";
import { shellcheck } from "./parts/shellcheck.ts";
import { terraform } from "./parts/terraform.ts";

// The property test in test/property judges with an evaluator of its own; here the real programs judge a sample.
const parts = { shellcheck: await shellcheck(), terraform: await terraform(), bash: bash() };
const absent = reasonsToSkip(parts);
for (const reason of absent) console.warn(`skipped for want of ${reason}`);

function bash(): Part<{ readonly path: string }> {
  const path = findOnPath("bash");
  return path === undefined ? { absent: "no bash on PATH" } : { path };
}

const sampleSize = 30;

interface Sample {
  readonly name: string;
  readonly config: RandomConfig["config"];
  readonly model: Model;
  readonly files: readonly RenderedFile[];
  /** Where the files are. */
  readonly folder: string;
}

describe.skipIf(absent.length > 0)(`${sampleSize} random configs`, () => {
  const scratch = mkdtempSync(join(tmpdir(), "gen-batch-config-random-"));
  let samples: readonly Sample[];

  beforeAll(async () => {
    samples = await takeSamples(scratch);
  });
  afterAll(() => rmSync(scratch, { recursive: true, force: true }));

  test("give files that terraform fmt leaves as they are", async () => {
    const { path, env } = present(parts.terraform);
    await run(path, ["fmt", "-check", "-diff", "-recursive", scratch], { env });
  });

  test("give scripts in which shellcheck finds nothing, and that write the lines of the config", async () => {
    const scripts = samples.map(({ folder }) => join(folder, "batch_user_data.sh"));
    await run(present(parts.shellcheck).path, ["--norc", "--severity=style", "--shell=bash", ...scripts]);
    for (const { config, folder } of samples) {
      const target = join(folder, "ecs.config");
      const script = readFileSync(join(folder, "batch_user_data.sh"), "utf8").replaceAll("/etc/ecs/ecs.config", target);
      writeFileSync(join(folder, "here.sh"), script);
      await run(present(parts.bash).path, [join(folder, "here.sh")], { cwd: folder });
      const lines = readFileSync(target, "utf8").split("\n");
      const agent = (config.ecs_agent ?? {}) as Record<string, string>;
      expect(lines).toEqual(expect.arrayContaining(Object.entries(agent).map(([key, value]) => `${key}=${value}`)));
    }
  });

  test("give documents and tags that reach Terraform as the config says them, through both readings", async () => {
    const { path, env } = present(parts.terraform);
    const first = join(scratch, "first");
    mkdirSync(first);
    writeFileSync(join(first, "main.tf"), samples.map(firstReading).join("\n"));
    await run(path, ["init", "-input=false"], { cwd: first, env });
    const outputs = await applied(path, first, env);
    for (const sample of samples) {
      expect(outputs.get(`${sample.name}_items`), sample.name).toEqual(documentsOf(sample, objects, boundOnce));
      // A text goes to an input of type string, which Terraform takes as it stands.
      const texts = Object.entries(outputs.get(`${sample.name}_texts`) as Readonly<Record<string, string>>);
      const read = Object.fromEntries(texts.map(([path, text]) => [path, JSON.parse(text)]));
      expect(read, sample.name).toEqual(documentsOf(sample, wholeTexts, boundOnce));
      outputs.delete(`${sample.name}_texts`);
    }

    const second = join(scratch, "second");
    mkdirSync(second);
    writeFileSync(join(second, "main.tf"), [...outputs.keys()].map(secondReading).join("\n"));
    await run(path, ["init", "-input=false"], { cwd: second, env });
    for (const [terragrunt, handOver] of Object.entries(handOvers)) {
      const variables = [...outputs].map(
        ([name, value]) => [`TF_VAR_${name}`, handOver(JSON.stringify(value))] as const,
      );
      const read = await applied(path, second, { ...env, ...Object.fromEntries(variables) });
      for (const sample of samples) {
        const where = `${sample.name} with Terragrunt ${terragrunt}: ${JSON.stringify(sample.config)}`;
        expect(read.get(`${sample.name}_items`), where).toEqual(documentsOf(sample, objects, boundTwice));
        expect(read.get(`${sample.name}_tags`), where).toEqual(tagsOf(sample));
      }
    }
  });
});

async function takeSamples(scratch: string): Promise<readonly Sample[]> {
  const samples: Sample[] = [];
  for (const { config } of fc.sample(friendlyConfigs, { seed: 7, numRuns: 20 * sampleSize })) {
    if (samples.length === sampleSize) break;
    const name = `c${samples.length}`;
    const folder = join(scratch, name);
    mkdirSync(folder, { recursive: true });
    const file = join(folder, "gen-batch-config.json");
    writeFileSync(file, JSON.stringify(config));
    try {
      const { files } = await generate({ path: file, settings: [] }, "modules-out", false);
      // terraform fmt looks at its own endings only.
      for (const { path, text } of files) put(join(folder, path.replace(/\.hcl$/, ".hcl.tf")), text);
      samples.push({
        name,
        config,
        files,
        folder,
        model: resolveModel(await loadConfig({ path: file, settings: [] })),
      });
    } catch (error) {
      if (!(error instanceof InvalidInput)) throw error;
    }
  }
  expect(samples).toHaveLength(sampleSize);
  return samples;
}

function put(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

const objects = documentNames.filter((name) => !specOf(name).asText);
const wholeTexts = documentNames.filter((name) => specOf(name).asText);

/** What the .hcl files do with the documents, and the tags as they stand in batch.hcl. */
function firstReading(sample: Sample): string {
  const { name, files } = sample;
  const batch = files.find(({ path }) => path === "batch.hcl")?.text as string;
  const tags = /^ {2}tags +(= (?:\{\}|\{\n[\s\S]*?\n {2}\}))$/m.exec(batch)?.[1] as string;
  const readings = (documents: readonly DocumentName[], decode: (template: string) => string) =>
    written(sample, documents).map((document) => `"${documentPath(document)}" = ${decode(template(sample, document))}`);
  return `locals {
  ${name}_tags ${tags.replaceAll("${local.prefix}", "gss-dev")}
}
output "${name}_tags" {
  value = local.${name}_tags
}
output "${name}_items" {
  value = {
    ${readings(objects, (text) => `jsondecode(${text})`).join("\n    ")}
  }
}
output "${name}_texts" {
  value = {
    ${readings(wholeTexts, (text) => text).join("\n    ")}
  }
}
`;
}

/** Those of the units that the config does not leave out. */
function written({ model }: Sample, documents: readonly DocumentName[]): readonly DocumentName[] {
  return documents.filter((document) => model.units[unitOf(document)] !== undefined);
}

function template({ folder, model }: Sample, document: DocumentName): string {
  const values = (model.units[unitOf(document)]?.supplied ?? []).map(({ name, kind }) => {
    const value = name === "PREFIX" ? "gss-dev" : suppliedValues[kind];
    return `${name} = ${JSON.stringify(typeof value === "string" ? value : JSON.stringify(value))}`;
  });
  return `templatefile("${folder}/${documentPath(document)}", { ${values.join(", ")} })`;
}

function secondReading(name: string): string {
  return `variable "${name}" {
  type = any
}
output "${name}" {
  value = var.${name}
}
`;
}

/** How Terragrunt writes an input into TF_VAR_…: from 1.0 on it escapes what begins an interpolation and is not escaped yet. */
const handOvers = {
  "0.x": (json: string) => json,
  "1.x": (json: string) => json.replace(/\$\$\{|\$\{/g, "$$$${"),
} as const;

async function applied(
  path: string,
  cwd: string,
  env: Readonly<Record<string, string>>,
): Promise<Map<string, unknown>> {
  await run(path, ["apply", "-auto-approve", "-input=false", "-no-color"], { cwd, env });
  const { stdout } = await run(path, ["output", "-json"], { cwd, env });
  const outputs = Object.entries(JSON.parse(stdout) as Record<string, { value: unknown }>);
  return new Map(outputs.map(([name, { value }]) => [name, value]));
}

function documentsOf(
  sample: Sample,
  documents: readonly DocumentName[],
  read: (text: string, supplied: Supplied) => unknown,
): Record<string, unknown> {
  return Object.fromEntries(
    written(sample, documents).map((document) => {
      const text = sample.files.find(({ path }) => path === documentPath(document))?.text as string;
      return [documentPath(document), normal(read(text, sample.model.units[unitOf(document)]?.supplied ?? []))];
    }),
  );
}

type Supplied = Model["units"]["batch"]["supplied"];

function boundOnce(text: string, supplied: Supplied): unknown {
  return boundDocument(text, supplied);
}

function boundTwice(text: string, supplied: Supplied): unknown {
  return evaluateDeep(boundDocument(text, supplied), noCode);
}

function tagsOf({ config }: Sample): unknown {
  const texts = new Map([["PREFIX", "gss-dev"]]);
  const tags = Object.entries((config.tags ?? {}) as Record<string, string>);
  return normal(Object.fromEntries(tags.map(([key, value]) => [key, decodeConfigText(value, texts)])));
}

/** Terraform brings all text into the normal form NFC. */
function normal(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value).normalize("NFC"));
}
