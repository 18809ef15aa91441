import { readFile } from "node:fs/promises";
import workerExitCodes from "../../schemas/worker-exit-codes.json" with { type: "json" };
import { checkFiles } from "../check/checkFiles.ts";
import { settingsWithoutConfig } from "../checkSettings.ts";
import { exitCodeTable } from "../commands/exitCodes.ts";
import { placeholders } from "../model/placeholder.ts";
import type { PlaceholderUse, SchemaNode } from "../model/schemaNode.ts";
import { schemaFiles } from "../model/schemas.ts";
import { configKey, documentNames, documentPath } from "../model/units.ts";
import { formatProblems } from "../report/report.ts";
import { conditionText, type WorkerSetting, workerResources, workers } from "../shared/contract.ts";
import { code, item } from "./markdown.ts";
import { ruleSections } from "./ruleSections.ts";

/** The READMEs with parts that are derived from schemas, rules or the contract. */
const readmes = ["README.md", "schemas/README.md", "src/check/rules/README.md", "workers/README.md"];

/** These files by path, with each part between `<!-- made:NAME -->` and `<!-- /made -->` derived again. */
export async function docsWithMadeParts(): Promise<Record<string, string>> {
  const texts = await Promise.all(readmes.map(async (path) => [path, await readFile(path, "utf8")] as const));
  const made = await Promise.all(texts.map(async ([path, text]) => [path, await withMadeParts(path, text)] as const));
  return Object.fromEntries(made);
}

async function withMadeParts(path: string, text: string): Promise<string> {
  const pieces = text.split(/(<!-- made:[a-z-]+ -->\n)[\s\S]*?(<!-- \/made -->)/);
  if (pieces.length === 1) throw new Error(`${path} has no derived part: remove it from src/derive/docs.ts`);
  const parts = pieces.map(async (piece) => {
    const name = /^<!-- made:([a-z-]+) -->\n$/.exec(piece)?.[1];
    if (name === undefined) return piece;
    const make = makers[name];
    if (make === undefined) throw new Error(`${path} contains an unknown derived part ${name}`);
    return piece + (await make(text));
  });
  return (await Promise.all(parts)).join("");
}

const makers: Readonly<Record<string, (text: string) => string | Promise<string>>> = {
  finding: findingOfExample,
  config: () => configItems().join(""),
  placeholders: () =>
    placeholders
      .map(({ name, kind, meaning, expression }) =>
        item(`${code(name)} (${kind})`, `${meaning} Supplied by ${code(expression ?? "")}.`),
      )
      .join(""),
  rules: ruleSections,
  "exit-codes": () =>
    exitCodeTable
      .map(({ code: number, meaning, remedy }) => item(code(String(number)), `${meaning} ${remedy}`))
      .join(""),
  "worker-exit-codes": () =>
    workerExitCodes.codes
      .map(({ code: number, name, meaning, retry }) =>
        item(`${code(String(number))} ${name}`, `${meaning}${retry ? " **Retried.**" : ""}`),
      )
      .join(""),
  "worker-settings": () => workers.map(({ name }) => settingItems(name)).join("\n"),
  "worker-calls": () => workers.map(({ name, calls }) => callItems(name, calls)).join("\n"),
};

/** The output of `validate` for the first JSON block of the README, which is an example of a document. */
async function findingOfExample(readme: string): Promise<string> {
  const text = /```json\n([\s\S]*?)```/.exec(readme)?.[1];
  if (text === undefined) throw new Error("README.md has no JSON example");
  const file = "batch-json/compute-environment.json";
  const problems = checkFiles([{ path: file, text }], settingsWithoutConfig);
  return `\`\`\`\n$ gen-batch-config validate ${file}\n${await formatProblems(problems)}\`\`\`\n`;
}

function settingItems(worker: string): string {
  const own = workers.find(({ name }) => name === worker)?.settings ?? [];
  return `\n#### ${worker}\n\n${own.map(settingItem).join("")}`;
}

function settingItem(setting: WorkerSetting): string {
  const { flag, variable, meaning } = setting;
  const name = flag === undefined ? code(variable) : `${code(flag)}, ${code(variable)}`;
  return item(name, `${meaning}${necessity(setting)}`);
}

function necessity({ required, required_when = [], choices, default: byDefault }: WorkerSetting): string {
  const values = choices === undefined ? "" : ` One of ${choices.map(code).join(", ")}.`;
  if (required) return `${values} Required.`;
  if (required_when.length > 0) return `${values} Required when ${required_when.map(conditionText).join(", or ")}.`;
  return byDefault === undefined ? values : `${values} Default: ${code(byDefault)}.`;
}

function callItems(worker: string, calls: (typeof workers)[number]["calls"]): string {
  const items = calls.map(({ action, resource, when, why }) => {
    const on = workerResources.find(({ name }) => name === resource)?.arn ?? resource;
    const condition = when === undefined ? "" : ` When ${conditionText(when)}.`;
    return item(`${code(action)} on ${code(on)}`, `${why}${condition}`);
  });
  return `\n#### ${worker}\n\n${items.join("")}`;
}

function configItems(): string[] {
  const items: string[] = [];
  const walk = (node: SchemaNode, path: string, above: PlaceholderUse) => {
    for (const [key, child] of Object.entries(node.properties ?? {})) {
      if (key === "$schema") continue;
      const use = child["x-placeholders"] ?? above;
      if ("x-override" in child) items.push(item(code(key), `Overrides ${code(pathOf(key))}.`));
      else if (child.properties) walk(child, `${path}${key}.`, use);
      else
        items.push(
          item(code(`${path}${key}`), `${child.description ?? ""}${placeholderWords[use]}${defaultOf(child)}`),
        );
    }
  };
  walk(schemaFiles.config as SchemaNode, "", "none");
  return items;
}

const placeholderWords: Readonly<Record<PlaceholderUse, string>> = {
  none: "",
  prefix: ` Accepts ${code("${PREFIX}")}.`,
  any: " Accepts every placeholder.",
  literal: " Written literally.",
};

function defaultOf({ default: value }: SchemaNode): string {
  return value === undefined ? "" : ` Default: ${code(JSON.stringify(value))}.`;
}

/** The document that a key of the config overrides. */
function pathOf(key: string): string {
  const name = documentNames.find((candidate) => configKey(candidate) === key);
  if (name === undefined) throw new Error(`${key} does not override a document`);
  return documentPath(name);
}
