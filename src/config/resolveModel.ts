import type { Config } from "../derived/types.ts";
import { makeDocuments } from "../documents/makeDocuments.ts";
import type { ConfigSource } from "../model/configSource.ts";
import { isObject, setKey } from "../model/json.ts";
import type { Model, Wiring } from "../model/model.ts";
import { InvalidInput, type Problem } from "../model/problem.ts";
import { itemSchema, propertySchema, type SchemaNode } from "../model/schemaNode.ts";
import { schemaOf } from "../model/schemas.ts";
import {
  configKey,
  type DocumentName,
  documentNames,
  documentsOf,
  specOf,
  type UnitName,
  unitNames,
} from "../model/units.ts";
import { pointerTo } from "../shared/pointer.ts";
import { type Bindings, bindValue, type TextContext } from "./bindText.ts";
import { characterProblems, checkConfig } from "./checkConfig.ts";
import { type localNames, resolvePlaceholders } from "./placeholders.ts";
import { mapTexts, usableAt } from "./placeholderUse.ts";
import { wire } from "./wiring.ts";

/** Turns the user's input into a model without open choices, or throws `InvalidInput` with everything that is wrong. */
export function resolveModel(source: ConfigSource): Model {
  failOn(characterProblems(source));
  const known = resolvePlaceholders(source);
  const config = checkConfig(source, known);
  const bindings: Bindings = (name) => {
    if (name === "PREFIX" && !config.late_prefix) return { value: config.prefix };
    if (name === "AWS_ACCOUNT_ID" && config.aws_account_id !== undefined) return { value: config.aws_account_id };
    return known.bound.get(name);
  };
  const context: TextContext = { known: known.all, bindings, source, problems: [], used: new Set() };

  const merged = makeDocuments(config);
  const outside = bindOutside(config, context);
  const locals = localsOf(outside);
  const notified = notifiedOf(outside);
  const units: Partial<Record<UnitName, Wiring>> = {};
  const documents: Partial<Record<DocumentName, Document>> = {};
  for (const unit of unitNames) {
    const own: TextContext = { ...context, used: new Set() };
    for (const name of documentsOf(unit)) documents[name] = bindDocument(name, merged[name], own);
    if (unit === "batch" || config.companions[snakeCase(unit)]) units[unit] = wire(own.used, locals, config, known.all);
  }
  failOn(whereWritten(context.problems, source));
  return {
    prefix: config.prefix,
    latePrefix: config.late_prefix,
    awsProvider: config.aws_provider,
    region: config.aws_region,
    notified,
    // Every unit was assigned one above.
    documents: documents as Model["documents"],
    units: units as Model["units"],
    terragrunt: {
      root: config.terragrunt.root,
      stateBucket: config.terragrunt.state_bucket,
      moduleUrl: config.terragrunt.module_url,
      moduleVersion: config.terragrunt.module_version,
    },
    ecsAgent: Object.entries({ ...agentDefaults, ...config.ecs_agent }).map(([key, value]) => `${key}=${value}`),
  };
}

type Document = Readonly<Record<string, unknown>>;

function snakeCase(unit: Exclude<UnitName, "batch">): keyof Config["companions"] {
  return unit.replaceAll("-", "_") as keyof Config["companions"];
}

// A Spot reclaim is announced two minutes ahead: the agent passes it on as SIGTERM, so that workers can save their position.
const agentDefaults = { ECS_ENABLE_SPOT_INSTANCE_DRAINING: "true", ECS_CONTAINER_STOP_TIMEOUT: "110s" };

function bindDocument(name: DocumentName, document: unknown, context: TextContext): Document {
  const evaluations = specOf(name).asText ? 1 : 2;
  const bound = bindValue(document, `/${configKey(name)}`, { ...context, evaluations });
  return orderLikeSchema(bound, name) as Document;
}

/** Puts the keys of a document in the order of its schema, so that an override never changes the order. */
function orderLikeSchema(document: unknown, name: DocumentName): unknown {
  return order(document, schemaOf(name));
}

function order(value: unknown, schema: SchemaNode | undefined): unknown {
  if (Array.isArray(value)) return value.map((item) => order(item, itemSchema(schema)));
  if (!isObject(value) || Object.getPrototypeOf(value) !== Object.prototype) return value;
  const inSchema = Object.keys(schema?.properties ?? {}).filter((key) => Object.hasOwn(value, key));
  const others = Object.keys(value).filter((key) => !inSchema.includes(key));
  const ordered = {};
  for (const key of [...inSchema, ...others]) setKey(ordered, key, order(value[key], propertySchema(schema, key)));
  return ordered;
}

/**
 * The texts outside of the documents, bound where the schema allows placeholders. Texts that are copied into documents are
 * bound there; binding them here reports their problems at their own position.
 */
function bindOutside(config: Config, context: TextContext): Config {
  const documents = new Set(documentNames.map(configKey));
  const bind = (text: string, pointer: string) => {
    const known = usableAt(pointer, context.known);
    if (known === undefined) return text;
    return bindValue(text, pointer, { ...context, known, used: new Set(), isLimited: known !== context.known });
  };
  const bound = Object.entries(config).map(([key, value]) => [
    key,
    documents.has(key) ? value : mapTexts(value, pointerTo("", key), bind),
  ]);
  return Object.fromEntries(bound) as Config;
}

/** The values of the config that are locals of the .hcl files, by the name of the local. */
function localsOf(config: Config): Record<(typeof localNames)[number], unknown> {
  const { prefix, aws_region, s3_bucket, msk_topic, record_destination, tags } = config;
  return { prefix, aws_region, s3_bucket, msk_topic, record_destination, tags };
}

/** The values that monitoring.hcl itself contains. */
function notifiedOf(config: Config): Model["notified"] {
  return {
    emails: config.alarm_emails,
    actions: config.alarm_actions,
    topicKey: config.alarm_topic_kms_key ?? "",
    logRetentionDays: config.event_log_retention_in_days,
    logKey: config.event_log_kms_key_id ?? "",
  };
}

/** Other documents copy a name or a variable; a problem with it is reported once, where it comes from. */
function whereWritten(problems: readonly Problem[], source: ConfigSource): readonly Problem[] {
  const batch = documentsOf("batch").map((name) => `/${configKey(name)}/`);
  // An entry of a list has another index in the config than in the document, and counts as not written.
  const rank = ({ pointer }: Problem) =>
    source.wrote(pointer) ? 2 : batch.some((start) => pointer.startsWith(start)) ? 1 : 0;
  const best = new Map<string, number>();
  const what = ({ rule, found }: Problem) => JSON.stringify([rule, found]);
  for (const problem of problems) best.set(what(problem), Math.max(rank(problem), best.get(what(problem)) ?? 0));
  return problems.filter((problem) => rank(problem) === best.get(what(problem)));
}

function failOn(problems: readonly Problem[]): void {
  if (problems.length > 0) throw new InvalidInput(problems);
}
