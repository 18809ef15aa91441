import type { Config } from "../derived/types.ts";
import * as validators from "../derived/validators.js";
import type { ConfigSource } from "../model/configSource.ts";
import type { DocumentKind } from "../model/document.ts";
import { isObject } from "../model/json.ts";
import type { Placeholder } from "../model/placeholder.ts";
import { InvalidInput, type Problem } from "../model/problem.ts";
import type { SchemaNode } from "../model/schemaNode.ts";
import { isAboutForm, type SchemaFinding, schemaFindings } from "../model/schemaProblems.ts";
import { kindOf, schemaOf, schemaTree } from "../model/schemas.ts";
import { parseText } from "../model/templateText.ts";
import { configKey, documentNames } from "../model/units.ts";
import { valueAt } from "../shared/pointer.ts";
import { withSamples } from "./sample.ts";

/** The config with its defaults filled in, or `InvalidInput` with everything that its schema refuses. */
export function checkConfig(source: ConfigSource, known: ReadonlyMap<string, Placeholder>): Config {
  const problems = configProblems(source, known);
  if (problems.length > 0) throw new InvalidInput(problems);
  // The schema has just said that it is one.
  return withDefaults(source.value, schemaTree("config")) as unknown as Config;
}

function configProblems(source: ConfigSource, known: ReadonlyMap<string, Placeholder>): readonly Problem[] {
  const sampled = sampleTexts(source.value, known);
  const findings = [...findingsOf(validators.config, sampled, schemaTree("config")), ...overrideFindings(sampled)];
  const isOpen = (pointer: string) => hasOpenPlaceholder(valueAt(source.value, pointer), known);
  return findings
    .filter(({ rule, pointer }) => !(isAboutForm(rule) && isOpen(pointer)))
    .map(({ atKey, ...finding }) => ({
      ...finding,
      severity: "error",
      ...(atKey ? source.locateKey(finding.pointer) : source.locate(finding.pointer)),
    }));
}

const documentValidators = {
  "compute-environment": validators.computeEnvironment,
  "job-queue": validators.jobQueue,
  "job-definition": validators.jobDefinition,
  "launch-template": validators.launchTemplate,
  "log-groups": validators.logGroups,
  "iam-roles": validators.iamRoles,
  "security-groups": validators.securityGroups,
  "state-machine": validators.stateMachine,
  "state-machine-settings": validators.stateMachineSettings,
  "lambda-function": validators.lambdaFunction,
  alarms: validators.alarms,
  dashboard: validators.dashboard,
  "event-rules": validators.eventRules,
} as const satisfies Record<DocumentKind, typeof validators.config>;

/**
 * What the documents' schemas say about their overrides. An override need not be whole, and null removes a key: what is said
 * about either is left out, rather than a second set of schemas compiled for it, which would make every start slower.
 */
function overrideFindings(config: Readonly<Record<string, unknown>>): readonly SchemaFinding[] {
  return documentNames.flatMap((name) => {
    const override = config[configKey(name)];
    if (!isObject(override)) return [];
    return findingsOf(documentValidators[kindOf(name)], override, schemaOf(name))
      .filter(({ rule, pointer }) => rule !== "schema/required" && valueAt(override, pointer) !== null)
      .map((finding) => ({ ...finding, pointer: `/${configKey(name)}${finding.pointer}` }));
  });
}

function findingsOf(validate: typeof validators.config, value: unknown, schema: SchemaNode): readonly SchemaFinding[] {
  return validate(value) ? [] : schemaFindings(validate.errors ?? [], value, schema);
}

/** A text with a placeholder whose form nobody declared. */
function hasOpenPlaceholder(text: unknown, known: ReadonlyMap<string, Placeholder>): boolean {
  const parsed = typeof text === "string" ? parseText(text) : undefined;
  if (!parsed?.ok) return false;
  return parsed.parts.some((part) => "placeholder" in part && known.get(part.placeholder)?.pattern === undefined);
}

// Expressions and reasons are not template text.
const notText = ["placeholders", "ignore_rules", "ecs_agent", "$schema", "prefix"];

function sampleTexts(
  config: Readonly<Record<string, unknown>>,
  known: ReadonlyMap<string, Placeholder>,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(config).map(([key, value]) => [key, notText.includes(key) ? value : withSamples(value, known)]),
  );
}

/** Fills in what is missing, above the documents: these have their defaults merged by `documents.ts`. */
function withDefaults(value: Readonly<Record<string, unknown>>, schema: SchemaNode): Record<string, unknown> {
  const filled: Record<string, unknown> = { ...value };
  for (const [key, property] of Object.entries(schema.properties ?? {})) {
    if (isDocument(property)) continue;
    if (filled[key] === undefined && property.default !== undefined) filled[key] = structuredClone(property.default);
    if (property.properties) filled[key] = withDefaults(isObject(filled[key]) ? filled[key] : {}, property);
  }
  return filled;
}

function isDocument(property: SchemaNode): boolean {
  return "x-override" in property;
}
