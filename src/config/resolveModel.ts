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

/** Turns what the user said into a model with no choice left open, or throws `InvalidInput` with all that is wrong. */
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
    // Every name of a unit has just been given one.
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

// A Spot reclaim gives two minutes: the agent passes it on as SIGTERM and leaves the workers time to save their place.
const agentDefaults = { ECS_ENABLE_SPOT_INSTANCE_DRAINING: "true", ECS_CONTAINER_STOP_TIMEOUT: "110s" };

function bindDocument(name: DocumentName, document: unknown, context: TextContext): Document {
  const evaluations = specOf(name).asText ? 1 : 2;
  const bound = bindValue(document, `/${configKey(name)}`, { ...context, evaluations });
  return orderLikeSchema(bound, name) as Document;
}

/** Puts the keys of a document in the order of its schema, so that an override never changes where a key stands. */
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
 * The texts outside of the documents, bound where the schema lets a placeholder be used. Those that go into documents are
 * bound there; here what is wrong with them is found in their own place.
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

/** The values of the config that the .hcl files have as locals, by the name of the local. */
function localsOf(config: Config): Record<(typeof localNames)[number], unknown> {
  const { prefix, aws_region, s3_bucket, msk_topic, record_destination, tags } = config;
  return { prefix, aws_region, s3_bucket, msk_topic, record_destination, tags };
}

/** What monitoring.hcl itself contains. */
function notifiedOf(config: Config): Model["notified"] {
  return {
    emails: config.alarm_emails,
    actions: config.alarm_actions,
    topicKey: config.alarm_topic_kms_key ?? "",
    logRetentionDays: config.event_log_retention_in_days,
    logKey: config.event_log_kms_key_id ?? "",
  };
}

/** A name or a variable is taken over by other documents; what is wrong with it is told once, where it comes from. */
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
