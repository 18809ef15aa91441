import workerExitCodes from "../../schemas/worker-exit-codes.json" with { type: "json" };
import { rules } from "../check/rules/index.ts";
import { nearest } from "../model/nearest.ts";
import { placeholders } from "../model/placeholder.ts";
import { WrongUsage } from "../model/problem.ts";
import type { Example } from "../model/rule.ts";
import { exitCodes, exitCodeTable } from "./exitCodes.ts";
import type { Io } from "./io.ts";

/** Explains a rule, a placeholder or an exit code; without a name, lists them. */
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
  ].join("\n");
}

function explain(name: string): string {
  const text = explainRule(name) ?? explainPlaceholder(name) ?? explainExitCode(name);
  if (text !== undefined) return text;
  const close = nearest(name, [...rules.map(({ id }) => id), ...placeholders.map((placeholder) => placeholder.name)]);
  throw new WrongUsage(
    `no rule, placeholder or exit code is called ${JSON.stringify(name)}`,
    close ? `did you mean ${close}?` : "gen-batch-config explain lists them",
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
    "",
    ...rule.examples.bad.flatMap((example) => exampleLines("refused", example)),
    ...rule.examples.good.flatMap((example) => exampleLines("fine", example)),
    `To switch it off, with the reason, in the config:\n  ignore_rules:\n    ${rule.id}: why it does not apply here`,
  ].join("\n");
}

function exampleLines(verdict: string, example: Example): string[] {
  const content = example.documents ? JSON.stringify(example.documents, null, 2) : (example.userData ?? "");
  return [`${verdict}: ${example.shows}`, ...content.split("\n").map((line) => `  ${cut(line)}`), ""];
}

/** Some examples are wrong by their very length. */
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
    ...(placeholder.pattern ? [`Has the form  ${placeholder.pattern}`] : []),
    `For example   ${JSON.stringify(placeholder.sample)}`,
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
