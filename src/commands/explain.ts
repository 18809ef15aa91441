import workerExitCodes from "../../schemas/worker-exit-codes.json" with { type: "json" };
import { rules } from "../check/rules/index.ts";
import { placeholders } from "../model/placeholder.ts";
import { WrongUsage } from "../model/problem.ts";
import type { Example } from "../model/rule.ts";
import { conditionText, type Worker, type WorkerSetting, workers } from "../shared/contract.ts";
import { nearest } from "../shared/nearest.ts";
import { exitCodes, exitCodeTable } from "./exitCodes.ts";
import type { Io } from "./io.ts";
import { ruleUrl } from "./ruleUrl.ts";

/** Explains a rule, a placeholder, an exit code, or an argument or variable of a worker; without a name, lists them. */
export function runExplain(name: string | undefined, io: Io): number {
  const explanation = name === undefined ? overview() : explain(name);
  io.out(`${explanation}\n`);
  return exitCodes.fine;
}

function overview(): string {
  return [
    "Rules",
    ...rules.map(({ id, severity, summary }) => `  ${id.padEnd(32)} ${severity.padEnd(8)} ${summary}`),
    "",
    "Placeholders",
    ...placeholders.map(({ name, kind, meaning }) => `  ${name.padEnd(40)} ${kind.padEnd(8)} ${meaning}`),
    "",
    "Exit codes of gen-batch-config",
    ...exitCodeTable.map(({ code, meaning }) => `  ${String(code).padEnd(4)} ${meaning}`),
    "",
    "Exit codes of the workers",
    ...workerExitCodes.codes.map(({ code, meaning }) => `  ${String(code).padEnd(4)} ${meaning}`),
    ...workers.flatMap(({ name, settings }) => [
      "",
      `Arguments and variables of ${name}`,
      ...settings.map(settingLine),
    ]),
  ].join("\n");
}

function explain(name: string): string {
  // AWS_REGION and S3_BUCKET are both a placeholder and a variable.
  const texts = [explainRule(name), explainPlaceholder(name), explainExitCode(name), explainSetting(name)];
  const text = texts.filter((one) => one !== undefined).join("\n\n");
  if (text !== "") return text;
  const close = nearest(name, [
    ...rules.map(({ id }) => id),
    ...placeholders.map((placeholder) => placeholder.name),
    ...workers.flatMap(({ settings }) => settings.flatMap(namesOf)),
  ]);
  throw new WrongUsage(
    `there is no rule, placeholder, exit code, argument or variable named ${JSON.stringify(name)}`,
    close ? `did you mean ${close}?` : '"gen-batch-config explain" lists them all',
  );
}

function explainRule(name: string): string | undefined {
  const rule = rules.find(({ id }) => id === name);
  if (rule === undefined) return undefined;
  return [
    `${rule.id} (${rule.severity})`,
    `${rule.summary}.`.replace(/\.\.$/, "."),
    "",
    rule.why,
    `Source: ${rule.source}`,
    `More:   ${ruleUrl(rule.id)}`,
    "",
    ...rule.examples.bad.flatMap((example) => exampleLines("refused", example)),
    ...rule.examples.good.flatMap((example) => exampleLines("fine", example)),
    `To switch it off, give the reason in the config:\n  ignore_rules:\n    ${rule.id}: why it does not apply here`,
  ].join("\n");
}

function exampleLines(verdict: string, example: Example): string[] {
  const content = example.documents ? JSON.stringify(example.documents, null, 2) : (example.userData ?? "");
  return [`${verdict}: ${example.shows}`, ...content.split("\n").map((line) => `  ${cut(line)}`), ""];
}

/** In some examples the length itself is the mistake. */
function cut(line: string): string {
  return line.length > 120 ? `${line.slice(0, 120)}… (${line.length} characters)` : line;
}

function explainPlaceholder(name: string): string | undefined {
  const placeholder = placeholders.find((candidate) => candidate.name === name.replace(/^\$\{(.+)\}$/, "$1"));
  if (placeholder === undefined) return undefined;
  const place = placeholder.kind === "string" ? `"\${${placeholder.name}}"` : `\${${placeholder.name}}, without quotes`;
  return [
    `${placeholder.name} (${placeholder.kind})`,
    placeholder.meaning,
    "",
    `Written as    ${place}`,
    `Supplied by   ${placeholder.expression}`,
    ...(placeholder.pattern ? [`Must match    ${placeholder.pattern}`] : []),
    `Example       ${JSON.stringify(placeholder.sample)}`,
    `To change the source, in the config:\n  placeholders:\n    ${placeholder.name}: { expression: … }    # or { value: … } to write it into the documents`,
  ].join("\n");
}

function explainExitCode(name: string): string | undefined {
  const lines = [
    ...exitCodeTable.filter(({ code }) => String(code) === name).map((row) => ["gen-batch-config", row] as const),
    ...workerExitCodes.codes.filter(({ code }) => String(code) === name).map((row) => ["the workers", row] as const),
  ].map(([who, row]) => `${row.code} of ${who} (${row.name}): ${row.meaning}\n${row.remedy}`);
  return lines.length === 0 ? undefined : lines.join("\n\n");
}

function settingLine(setting: WorkerSetting): string {
  return `  ${(setting.flag ?? setting.variable).padEnd(28)} ${setting.meaning}`;
}

function namesOf({ flag, variable }: WorkerSetting): string[] {
  return flag === undefined ? [variable] : [flag.replace(/^--/, ""), variable];
}

/** Looks a setting up by its flag, with or without the dashes, or by its variable. Both workers may have one with that name. */
function explainSetting(name: string): string | undefined {
  const bare = name.replace(/^--/, "");
  const texts = workers.flatMap((worker) =>
    worker.settings.filter((setting) => namesOf(setting).includes(bare)).map((setting) => settingText(worker, setting)),
  );
  // What both workers share is printed once.
  const bodies = new Map<string, string[]>();
  for (const { of, body } of texts) bodies.set(body, [...(bodies.get(body) ?? []), of]);
  const merged = [...bodies].map(([body, names]) => `${names.join(" and ")}: ${body}`);
  return merged.length === 0 ? undefined : merged.join("\n\n");
}

function settingText({ name, job }: Worker, setting: WorkerSetting): { readonly of: string; readonly body: string } {
  const { flag, variable, meaning, required, required_when = [], choices, pattern, example } = setting;
  const { parameter, value, copy } = setting.job_definition ?? {};
  const definition = `batch-${job}-job.json`;
  const given = [
    parameter === undefined ? [] : [`as Ref::${parameter} in the command`],
    value === undefined ? [] : [`as ${variable}=${value} in the environment`],
    copy === undefined ? [] : [`as ${variable} in the environment, a copy of ${copy}`],
  ].flat();
  const body = [
    flag === undefined ? variable : `${flag} (or ${variable})`,
    meaning,
    "",
    ...(required ? ["Required      always"] : required_when.map((one) => `Required      when ${conditionText(one)}`)),
    ...(choices ? [`One of        ${choices.join(", ")}`] : []),
    ...(pattern ? [`Must match    ${pattern}`] : []),
    ...(setting.default === undefined ? [] : [`Default       ${setting.default}`]),
    ...given.map((how) => `Passed        ${how}`),
    ...(setting.secret ? [] : [`Example       ${example}`]),
    ...(flag === undefined || value !== undefined
      ? [
          `To set it, in the config:\n  batch_${job}_job:\n    container_properties:\n      environment:\n        - { name: ${variable}, value: … }`,
        ]
      : []),
  ].join("\n");
  return { of: `${name} (${definition})`, body };
}
