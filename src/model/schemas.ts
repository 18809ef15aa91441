import alarms from "../../schemas/alarms.schema.json" with { type: "json" };
import computeEnvironment from "../../schemas/compute-environment.schema.json" with { type: "json" };
import config from "../../schemas/config.schema.json" with { type: "json" };
import dashboard from "../../schemas/dashboard.schema.json" with { type: "json" };
import eventRules from "../../schemas/event-rules.schema.json" with { type: "json" };
import iamRoles from "../../schemas/iam-roles.schema.json" with { type: "json" };
import jobDefinition from "../../schemas/job-definition.schema.json" with { type: "json" };
import jobQueue from "../../schemas/job-queue.schema.json" with { type: "json" };
import lambdaFunction from "../../schemas/lambda-function.schema.json" with { type: "json" };
import launchTemplate from "../../schemas/launch-template.schema.json" with { type: "json" };
import logGroups from "../../schemas/log-groups.schema.json" with { type: "json" };
import securityGroups from "../../schemas/security-groups.schema.json" with { type: "json" };
import stateMachine from "../../schemas/state-machine.schema.json" with { type: "json" };
import stateMachineSettings from "../../schemas/state-machine-settings.schema.json" with { type: "json" };
import type { DocumentKind } from "./document.ts";
import { inlineRefs, type SchemaNode } from "./schemaNode.ts";
import { type DocumentName, specOf } from "./units.ts";

/** The schema files, as they are published. */
export const schemaFiles = {
  config,
  "compute-environment": computeEnvironment,
  "job-queue": jobQueue,
  "job-definition": jobDefinition,
  "launch-template": launchTemplate,
  "log-groups": logGroups,
  "iam-roles": iamRoles,
  "security-groups": securityGroups,
  "state-machine": stateMachine,
  "state-machine-settings": stateMachineSettings,
  "lambda-function": lambdaFunction,
  alarms,
  dashboard,
  "event-rules": eventRules,
} as const satisfies Record<DocumentKind | "config", object>;

export function kindOf(name: DocumentName): DocumentKind {
  return specOf(name).kind;
}

const trees = new Map<DocumentKind | "config", SchemaNode>();

/** The schema of a kind of document as one tree, with its references in place. */
export function schemaTree(kind: DocumentKind | "config"): SchemaNode {
  const known = trees.get(kind);
  if (known) return known;
  const tree =
    kind === "config" ? withOverrides(schemaFiles.config as SchemaNode) : inlineRefs(schemaFiles[kind] as SchemaNode);
  trees.set(kind, tree);
  return tree;
}

export function schemaOf(name: DocumentName): SchemaNode {
  return schemaTree(kindOf(name));
}

/** The config's documents have the properties of the document's own schema. */
function withOverrides(config: SchemaNode): SchemaNode {
  const properties = Object.entries(config.properties ?? {}).map(([key, node]) => {
    const kind = node.$ref?.replace(/\.schema\.json$/, "");
    return [key, kind ? { ...schemaTree(kind as DocumentKind), ...node } : node];
  });
  return { ...config, properties: Object.fromEntries(properties) };
}
