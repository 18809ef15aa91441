import { rules } from "../check/rules/index.ts";
import type { Problem } from "../model/problem.ts";
import type { Example, Rule } from "../model/rule.ts";
import { sentence } from "../report/sentence.ts";
import { checkExample } from "./checkExample.ts";
import { code, wrapped } from "./markdown.ts";

/** A list of all rules, and a section for each: reason, source, and its findings in its own examples. */
export function ruleSections(): string {
  const list = rules.map(
    ({ id, severity, summary }) => `${wrapped(`- [${id}](#${id}) (${severity}): ${summary}`, "  ")}\n`,
  );
  return `\n${list.join("")}\n${rules.map(section).join("\n")}`;
}

function section(rule: Rule): string {
  const { id, severity, summary, why, source, examples } = rule;
  return [
    `## ${id}\n`,
    `${wrapped(`**${severity}** · ${summary}`)}\n`,
    `${wrapped(why)}\n`,
    `${wrapped(`Source: ${source}`)}\n`,
    ...examples.bad.map((example) => refused(rule, example)),
    wrapped(`Fine: ${examples.good.map(({ shows }) => shows).join("; ")}.`),
    "",
  ].join("\n");
}

function refused(rule: Rule, example: Example): string {
  const findings = checkExample(example, true).filter((problem) => problem.rule === rule.id);
  return [
    `${wrapped(`Refused: ${example.shows}`)}\n`,
    ...exampleBlock(example),
    ...findings.slice(0, 1).map((problem) => wrapped(`- ${finding(problem)}`, "  ")),
    "",
  ].join("\n");
}

/** The output of `validate`, without file and line, which the example does not have. */
function finding(problem: Problem): string {
  const { hint } = problem;
  const text = sentence(problem).replace(/^(\S+)/, (pointer) => code(pointer));
  return hint === undefined ? text : `${text}. Hint: ${hint}`;
}

function exampleBlock({ documents, userData }: Example): string[] {
  const [language, text] = documents === undefined ? ["sh", userData ?? ""] : ["json", compactJson(documents)];
  if (text === "") return [];
  return [`\`\`\`${language}`, ...text.trimEnd().split("\n").map(cut), "```\n"];
}

/** In some examples the length itself is the mistake. */
function cut(line: string): string {
  return line.length > 110 ? `${line.slice(0, 110)}…` : line;
}

/** Indented like JSON.stringify, but with everything that fits on one line, so that an example is easy to read. */
function compactJson(value: unknown, indent = ""): string {
  const line = JSON.stringify(value, null, 1).replaceAll(/\n */g, " ");
  if (indent.length + line.length <= 100 || typeof value !== "object" || value === null) return line;
  const deeper = `${indent}  `;
  const parts = Array.isArray(value)
    ? value.map((entry) => compactJson(entry, deeper))
    : Object.entries(value)
        .filter(([, entry]) => entry !== undefined)
        .map(([key, entry]) => `${JSON.stringify(key)}: ${compactJson(entry, deeper)}`);
  const [open, close] = Array.isArray(value) ? ["[", "]"] : ["{", "}"];
  return `${open}\n${parts.map((part) => `${deeper}${part}`).join(",\n")}\n${indent}${close}`;
}
