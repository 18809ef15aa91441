import type { TemplateDocument } from "../model/document.ts";
import { documentKinds, kinds } from "../model/kinds.ts";
import type { Placeholder } from "../model/placeholder.ts";
import type { Position, Problem } from "../model/problem.ts";
import type { Finding, Rule, Script, Subject, SubjectDocuments } from "../model/rule.ts";
import { documentPath, documentsOf, evaluationsOf, unitNames } from "../model/units.ts";
import { readTemplateJson } from "./read/readTemplateJson.ts";
import { recognise } from "./recognise.ts";
import { rules as allRules } from "./rules/index.ts";
import { schemaProblems } from "./schema.ts";

export interface TextFile {
  readonly path: string;
  readonly text: string;
}

export interface CheckSettings {
  readonly awsProvider: 5 | 6;
  readonly placeholders: ReadonlyMap<string, Placeholder>;
  /** Rules that do not apply, by id. */
  readonly ignoredRules: ReadonlySet<string>;
}

/**
 * Checks the documents and scripts of one module, and the .hcl files that bind them. First each document individually
 * (syntax, placeholders, schema); then the rules, over the documents that passed, so that a rule may trust their shape.
 */
export function checkFiles(files: readonly TextFile[], settings: CheckSettings): readonly Problem[] {
  const problems: Problem[] = [];
  const documents: TemplateDocument[] = [];
  const scripts: Script[] = [];
  for (const file of files) {
    if (/\.(?:sh|hcl)$/.test(file.path)) {
      scripts.push(file);
      continue;
    }
    const read = readDocument(file, settings);
    problems.push(...read.problems);
    if (read.document && read.problems.length === 0) documents.push(read.document);
  }
  problems.push(...missingDocuments(files));
  return [...problems, ...runRules(toSubject(documents, scripts, settings), settings)];
}

function readDocument(
  file: TextFile,
  settings: CheckSettings,
): { document?: TemplateDocument; problems: readonly Problem[] } {
  const readAs = (evaluations: 1 | 2) => readTemplateJson(file.text, file.path, settings.placeholders, { evaluations });
  const first = readAs(2);
  const kind = recognise(file.path, first.document?.value);
  const { document: read, problems } = kind !== undefined && evaluationsOf(kind) === 1 ? readAs(1) : first;
  if (read === undefined) return { problems };
  if (kind === undefined) return { problems: [...problems, unrecognised(file.path)] };
  const document: TemplateDocument = { ...read, kind, path: file.path };
  return { document, problems: [...problems, ...schemaProblems(document, settings.placeholders)] };
}

/** The .hcl files without a single document. It is fine when only some are missing, as when one document is checked. */
function missingDocuments(files: readonly TextFile[]): readonly Problem[] {
  const paths = files.map(({ path }) => path.replaceAll("\\", "/"));
  return files.flatMap((file) => {
    const unit = unitNames.find((name) => file.path.split(/[\\/]/).at(-1) === `${name}.hcl`);
    if (unit === undefined) return [];
    const folder = `${file.path.replaceAll("\\", "/").replace(/\.hcl$/, "")}-json/`;
    const line = file.text.split("\n").findIndex((text) => text.includes(`/${unit}-json/`)) + 1;
    if (line === 0 || paths.some((path) => path.startsWith(folder) && path.endsWith(".json"))) return [];
    return [
      {
        rule: "document-missing",
        severity: "error" as const,
        file: file.path,
        position: { line, column: 1 },
        pointer: "",
        found: file.text.split("\n")[line - 1]?.trim(),
        expected: `existing documents; it reads ${documentsOf(unit).map(documentPath).join(", ")}`,
        hint: "generate again: a deleted document is written again",
      },
    ];
  });
}

function unrecognised(file: string): Problem {
  return {
    rule: "document-kind",
    severity: "error",
    file,
    position: { line: 1, column: 1 },
    pointer: "",
    found: "not recognised",
    expected: "a document of AWS Batch, recognisable by its file name or its keys",
    hint: "name it like compute-environment.json, job-queue.json, batch-processing-job.json, launch-template.json or log-groups.json",
  };
}

function toSubject(
  documents: readonly TemplateDocument[],
  scripts: readonly Script[],
  settings: CheckSettings,
): Subject {
  const userData = scripts.find(({ path }) => path.endsWith(".sh"));
  return {
    ...bySubject(documents),
    wirings: scripts.filter(({ path }) => path.endsWith(".hcl")),
    ...(userData && { userData }),
    settings: { awsProvider: settings.awsProvider },
  };
}

/** The schema has checked the shape of each; this is where unknown data becomes typed. */
function bySubject(documents: readonly TemplateDocument[]): SubjectDocuments {
  return Object.fromEntries(
    documentKinds.map((kind) => [kinds[kind].subject, documents.filter((document) => document.kind === kind)]),
  ) as unknown as SubjectDocuments;
}

function runRules(subject: Subject, { ignoredRules }: CheckSettings): readonly Problem[] {
  return allRules
    .filter((rule) => !ignoredRules.has(rule.id))
    .flatMap((rule) => [...rule.check(subject)].map((finding) => toProblem(rule, finding)));
}

function toProblem(rule: Rule, finding: Finding): Problem {
  const { document, severity, ...facts } = finding;
  const isScript = !("locate" in document);
  return {
    ...facts,
    ...shownPlaceholder(finding),
    rule: rule.id,
    severity: severity ?? rule.severity,
    file: document.path,
    pointer: isScript ? "" : finding.pointer,
    position: isScript ? lineOf(finding.pointer) : document.locate(finding.pointer),
  };
}

/** Where a placeholder is used, the user wrote the placeholder and not the sample that a rule has seen. */
function shownPlaceholder({ document, pointer, found }: Finding): { found?: string } {
  if (found === undefined || !("placeholders" in document)) return {};
  const use = document.placeholders.find((placeholder) => placeholder.pointer === pointer);
  return use === undefined ? {} : { found: `\${${use.name}}` };
}

function lineOf(pointer: string): Position {
  return { line: Number.parseInt(pointer, 10) || 1, column: 1 };
}
