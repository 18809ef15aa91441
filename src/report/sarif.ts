import { sep } from "node:path";
import type { Problem } from "../model/problem.ts";
import type { Rule } from "../model/rule.ts";
import { printable, printableJson } from "./printable.ts";
import { sentence } from "./sentence.ts";

/** Information about a rule for the reader of a report. */
export type RuleHelp = Pick<Rule, "summary" | "why" | "source"> & {
  /** Its section in the documentation. */
  readonly url: string;
};

/** SARIF 2.1.0, for code scanning services and editors. */
export function formatSarif(problems: readonly Problem[], rules: ReadonlyMap<string, RuleHelp>): string {
  const ids = [...new Set(problems.map(({ rule }) => rule))].sort();
  const indexes = new Map(ids.map((id, index) => [id, index]));
  const log = {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: { driver: { name: "gen-batch-config", rules: ids.map((id) => descriptor(id, rules.get(id))) } },
        columnKind: "utf16CodeUnits",
        results: problems.map((problem) => result(problem, indexes)),
      },
    ],
  };
  return `${printableJson(JSON.stringify(log, null, 2))}\n`;
}

function descriptor(id: string, help: RuleHelp | undefined): object {
  if (help === undefined) return { id };
  return {
    id,
    shortDescription: { text: help.summary },
    fullDescription: { text: help.why },
    help: { text: `${help.why}\nSource: ${help.source}` },
    helpUri: encodeURI(help.url.replace(loneSurrogates, "\ufffd")),
  };
}

function result(problem: Problem, indexes: ReadonlyMap<string, number>): object {
  const { rule, severity, file, position, pointer, hint } = problem;
  const text = hint === undefined ? sentence(problem) : `${sentence(problem)}\nhint: ${printable(hint)}`;
  const region = { startLine: position.line, startColumn: position.column };
  const physicalLocation = { artifactLocation: { uri: fileUri(file) }, region };
  const logicalLocations = pointer === "" ? {} : { logicalLocations: [{ fullyQualifiedName: printable(pointer) }] };
  const locations = [{ physicalLocation, ...logicalLocations }];
  return { ruleId: rule, ruleIndex: indexes.get(rule), level: severity, message: { text }, locations };
}

/** A relative path stays relative, because the service has the repository and not this machine. */
function fileUri(file: string): string {
  const path = (sep === "\\" ? file.replaceAll("\\", "/") : file).replace(loneSurrogates, "\ufffd");
  // encodeURIComponent also takes the colon, which would make "a:b" a scheme.
  const encoded = path.split("/").map(encodeURIComponent).join("/");
  if (/^[A-Za-z]:\//.test(path) && sep === "\\") return `file:///${encoded}`;
  return path.startsWith("/") ? `file://${encoded}` : encoded;
}

const loneSurrogates = /\p{Cs}/gu;
