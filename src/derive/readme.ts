import workerExitCodes from "../../schemas/worker-exit-codes.json" with { type: "json" };
import { checkFiles } from "../check/checkFiles.ts";
import { rules } from "../check/rules/index.ts";
import { exitCodeTable } from "../commands/exitCodes.ts";
import { placeholders } from "../model/placeholder.ts";
import type { PlaceholderUse, SchemaNode } from "../model/schemaNode.ts";
import { schemaFiles } from "../model/schemas.ts";
import { configKey, documentNames, documentPath } from "../model/units.ts";
import { formatProblems } from "../report/report.ts";
import { conditionText, type WorkerSetting, workerResources, workers } from "../shared/contract.ts";

/** The README with its tables and its example as they are made now. */
export async function replaceMade(readme: string): Promise<string> {
  return replaceExample(replaceTables(readme));
}

/** The README's example is the first JSON block; what `validate` says of it stands between its markers. */
async function replaceExample(readme: string): Promise<string> {
  const text = /```json\n([\s\S]*?)```/.exec(readme)?.[1];
  if (text === undefined) throw new Error("README.md has no JSON example");
  const file = "batch-json/compute-environment.json";
  const known = new Map(placeholders.map((placeholder) => [placeholder.name, placeholder]));
  const problems = await checkFiles([{ path: file, text }], {
    awsProvider: 5,
    placeholders: known,
    ignoredRules: new Set(),
  });
  const output = `$ gen-batch-config validate ${file}\n${await formatProblems(problems)}`;
  return readme.replace(
    /(<!-- example -->\n```\n)[\s\S]*?(```\n<!-- \/example -->)/,
    (_, open: string, close: string) => `${open}${output}${close}`,
  );
}

/** Puts the tables that follow from schemas and rules between their markers: `<!-- table:NAME -->` … `<!-- /table -->`. */
function replaceTables(readme: string): string {
  return readme.replace(
    /(<!-- table:([a-z-]+) -->\n)[\s\S]*?(<!-- \/table -->)/g,
    (_, open: string, name: string, close: string) => {
      const table = tables[name];
      if (table === undefined) throw new Error(`README.md asks for a table ${name} that nothing makes`);
      return `${open}${table()}${close}`;
    },
  );
}

const tables: Readonly<Record<string, () => string>> = {
  config: () => toTable(["key", "meaning", "placeholders", "default"], configRows()),
  placeholders: () =>
    toTable(
      ["placeholder", "kind", "meaning", "supplied by"],
      placeholders.map(({ name, kind, meaning, expression }) => [code(name), kind, meaning, code(expression ?? "")]),
    ),
  rules: () =>
    toTable(
      ["rule", "severity", "what it says"],
      rules.map(({ id, severity, summary }) => [code(id), severity, summary]),
    ),
  "exit-codes": () =>
    toTable(
      ["code", "meaning", "what to do"],
      exitCodeTable.map(({ code: number, meaning, remedy }) => [String(number), meaning, remedy]),
    ),
  "worker-exit-codes": () =>
    toTable(
      ["code", "meaning", "tried again"],
      workerExitCodes.codes.map(({ code: number, meaning, retry }) => [String(number), meaning, retry ? "yes" : "no"]),
    ),
  "worker-settings": () =>
    toTable(
      ["argument", "variable", "worker", "meaning", "default"],
      settingRows().map(({ setting, of }) => [
        code(setting.flag ?? ""),
        code(setting.variable),
        of,
        setting.meaning,
        code(setting.default ?? "") || requirement(setting),
      ]),
    ),
  "worker-calls": () =>
    toTable(
      ["worker", "action", "on", "when", "why"],
      workers.flatMap(({ name, calls }) =>
        calls.map(({ action, resource, when, why }) => [
          code(name),
          code(action),
          code(arnOf(resource)),
          when === undefined ? "always" : conditionText(when),
          why,
        ]),
      ),
    ),
};

function arnOf(resource: string): string {
  return workerResources.find(({ name }) => name === resource)?.arn ?? resource;
}

/** Every setting once, with the workers that have it. */
function settingRows(): readonly { readonly setting: WorkerSetting; readonly of: string }[] {
  const rows = new Map<string, { setting: WorkerSetting; names: string[] }>();
  for (const { name, settings } of workers) {
    for (const setting of settings) {
      const key = JSON.stringify(setting);
      const row = rows.get(key) ?? { setting, names: [] };
      row.names.push(name);
      rows.set(key, row);
    }
  }
  return [...rows.values()].map(({ setting, names }) => ({
    setting,
    of: names.length === workers.length ? "both" : code(names.join(", ")),
  }));
}

function requirement({ required, required_when = [] }: WorkerSetting): string {
  if (required) return "required";
  return required_when.length === 0 ? "" : `required when ${required_when.map(conditionText).join(", or ")}`;
}

function configRows(): string[][] {
  const rows: string[][] = [];
  const walk = (node: SchemaNode, path: string, above: PlaceholderUse) => {
    for (const [key, child] of Object.entries(node.properties ?? {})) {
      if (key === "$schema") continue;
      const use = child["x-placeholders"] ?? above;
      if ("x-override" in child) {
        rows.push([code(key), `Overrides ${code(pathOf(key))}.`, useWords.any, "the document"]);
      } else if (child.properties) {
        walk(child, `${path}${key}.`, use);
      } else {
        rows.push([
          code(`${path}${key}`),
          child.description ?? "",
          useWords[use],
          child.default === undefined ? "" : code(JSON.stringify(child.default)),
        ]);
      }
    }
  };
  walk(schemaFiles.config as SchemaNode, "", "none");
  return rows;
}

const useWords: Readonly<Record<PlaceholderUse, string>> = {
  none: "none",
  prefix: code("${PREFIX}"),
  any: "any",
  literal: "written as it is",
};

/** Where the document stands that a key of the config overrides. */
function pathOf(key: string): string {
  const name = documentNames.find((candidate) => configKey(candidate) === key);
  if (name === undefined) throw new Error(`no document is overridden by ${key}`);
  return documentPath(name);
}

function toTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, head.map(() => "---"), ...rows].map(
    (cells) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`,
  );
  return `${lines.join("\n")}\n`;
}

function code(text: string): string {
  return text === "" ? "" : `\`${text}\``;
}
