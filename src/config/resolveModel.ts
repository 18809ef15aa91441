import type { Config } from "../derived/types.ts";
import type { ConfigSource } from "../model/configSource.ts";
import type { DocumentName, Model, SuppliedPlaceholder } from "../model/model.ts";
import { configKey, documentNames } from "../model/model.ts";
import { type Placeholder, placeholders as table } from "../model/placeholder.ts";
import { InvalidInput, type Problem } from "../model/problem.ts";
import { type Bindings, bindValue, type TextContext } from "./bindText.ts";
import { characterProblems } from "./characters.ts";
import { checkConfig } from "./checkConfig.ts";
import { resolveDependencies } from "./dependencies.ts";
import { mergeDocuments } from "./documents.ts";
import { parseExpression } from "./expression.ts";
import { orderLikeSchema } from "./order.ts";
import { type localNames, resolvePlaceholders } from "./placeholders.ts";

/** Turns what the user said into a model with no choice left open, or throws `InvalidInput` with all that is wrong. */
export function resolveModel(source: ConfigSource): Model {
  failOn(characterProblems(source));
  const known = resolvePlaceholders(source);
  const config = checkConfig(source, known.all);
  const bindings: Bindings = (name) =>
    name === "PREFIX" && !config.late_prefix ? { value: config.prefix } : known.bound.get(name);
  const context: TextContext = { known: known.all, bindings, source, problems: [], used: new Set() };

  const documents = bindDocuments(mergeDocuments({ ...config }), context);
  const locals = bindLocals(config, context);
  const supplied = supply(context.used, known.all);
  failOn(context.problems);
  return {
    prefix: config.prefix,
    latePrefix: config.late_prefix,
    awsProvider: config.aws_provider,
    region: config.aws_region,
    documents,
    supplied,
    locals: localsInUse(locals, supplied, config),
    dependencies: resolveDependencies(supplied, known.all, config.terragrunt.dependencies),
    terragrunt: {
      root: config.terragrunt.root,
      stateBucket: config.terragrunt.state_bucket,
      moduleUrl: config.terragrunt.module_url,
      moduleVersion: config.terragrunt.module_version,
    },
    ecsAgent: Object.entries({ ...agentDefaults, ...config.ecs_agent }).map(([key, value]) => `${key}=${value}`),
  };
}

// A Spot reclaim gives two minutes: the agent passes it on as SIGTERM and leaves the workers time to save their place.
const agentDefaults = { ECS_ENABLE_SPOT_INSTANCE_DRAINING: "true", ECS_CONTAINER_STOP_TIMEOUT: "110s" };

function bindDocuments(
  documents: Readonly<Record<DocumentName, unknown>>,
  context: TextContext,
): Record<DocumentName, Readonly<Record<string, unknown>>> {
  return Object.fromEntries(
    documentNames.map((name) => {
      const bound = bindValue(documents[name], `/${configKey(name)}`, context);
      return [name, orderLikeSchema(bound, name)];
    }),
  ) as Record<DocumentName, Readonly<Record<string, unknown>>>;
}

/** The values of the config that stand in batch.hcl as locals, by the name of the local. */
function bindLocals(config: Config, context: TextContext): Record<(typeof localNames)[number], unknown> {
  const { prefix, aws_region, s3_bucket, msk_topic, record_destination, tags } = config;
  // Only PREFIX can be used here, because the other placeholders are made from these very locals.
  const known = new Map([...context.known].filter(([name]) => name === "PREFIX"));
  const local: TextContext = { ...context, known, used: new Set() };
  return {
    prefix,
    aws_region,
    s3_bucket: bindValue(s3_bucket, "/s3_bucket", local),
    msk_topic: bindValue(msk_topic, "/msk_topic", local),
    record_destination,
    tags: bindValue(tags, "/tags", local),
  };
}

function supply(used: ReadonlySet<string>, known: ReadonlyMap<string, Placeholder>): readonly SuppliedPlaceholder[] {
  const tableFirst = [...table.map(({ name }) => name), ...known.keys()];
  return [...new Set(tableFirst)]
    .filter((name) => used.has(name))
    .map((name) => {
      const { kind, meaning, expression } = known.get(name) as Placeholder;
      return { name, kind, meaning, expression: expression as string };
    });
}

/** batch.hcl declares no local that nothing reads; tags are always handed to the module. */
function localsInUse(
  locals: Readonly<Record<string, unknown>>,
  supplied: readonly SuppliedPlaceholder[],
  config: Config,
): Record<string, unknown> {
  const read = new Set(["tags", ...supplied.map(({ expression }) => parseExpression(expression)?.local)]);
  if (config.late_prefix) read.add("prefix");
  return Object.fromEntries(Object.entries(locals).filter(([name]) => read.has(name)));
}

function failOn(problems: readonly Problem[]): void {
  if (problems.length > 0) throw new InvalidInput(problems);
}
