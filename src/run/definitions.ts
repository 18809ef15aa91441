import { isObject } from "../model/json.ts";
import { WrongUsage } from "../model/problem.ts";
import { workerOf } from "../shared/contract.ts";
import { type JobDefinition, readJobDefinition, textsOf } from "./jobs/jobDefinition.ts";

/** The generated documents that a run executes, with values in place of their placeholders. */
export interface Definitions {
  readonly validation: JobDefinition;
  readonly processing: JobDefinition;
  readonly stateMachine: Readonly<Record<string, unknown>>;
  readonly lambda: FunctionDefinition;
}

export interface FunctionDefinition {
  readonly environment: Readonly<Record<string, string>>;
  readonly timeoutSeconds: number;
}

/** The values of the placeholders for the ARNs of the two job definitions in a run. */
export const jobReferences = {
  BATCH_VALIDATION_JOB_ARN: "job-definition/run-validation",
  BATCH_PROCESSING_JOB_ARN: "job-definition/run-processing",
} as const;

export interface Documents {
  readonly validationJob: unknown;
  readonly processingJob: unknown;
  readonly stateMachine: unknown;
  /** Undefined where the module has no function of its own. */
  readonly lambdaFunction: unknown;
}

export function readDefinitions(documents: Documents): Definitions {
  const processing = readJobDefinition(documents.processingJob);
  return {
    validation: readJobDefinition(documents.validationJob),
    processing,
    stateMachine: isObject(documents.stateMachine) ? documents.stateMachine : {},
    lambda: readFunction(documents.lambdaFunction, processing),
  };
}

/** A function without its own environment gets that of the job. */
function readFunction(document: unknown, processing: JobDefinition): FunctionDefinition {
  const lambda = isObject(document) ? document : {};
  const given =
    isObject(lambda.environment) && isObject(lambda.environment.variables)
      ? lambda.environment.variables
      : lambda.environment;
  const environment = Array.isArray(given)
    ? Object.fromEntries(given.filter(isObject).map(({ name, value }) => [String(name), String(value)]))
    : textsOf(given);
  return {
    environment:
      Object.keys(environment).length > 0 ? { ...setByLambda(processing), ...environment } : processing.environment,
    timeoutSeconds: typeof lambda.timeout === "number" ? lambda.timeout : 900,
  };
}

/** The variables that Lambda sets. */
function setByLambda({ environment }: JobDefinition): Readonly<Record<string, string>> {
  const { AWS_REGION } = environment;
  return AWS_REGION === undefined ? {} : { AWS_REGION };
}

/** The job definition that a state submits: by the reference above, by its name, or by an ARN with its name. */
export function jobNamed(name: unknown, { validation, processing }: Definitions): JobDefinition {
  const text = String(name);
  if (text === jobReferences.BATCH_VALIDATION_JOB_ARN) return validation;
  if (text === jobReferences.BATCH_PROCESSING_JOB_ARN) return processing;
  const bare = text.replace(/^.*job-definition\//s, "").replace(/:\d+$/, "");
  const found = [validation, processing].find((definition) => definition.name === bare);
  if (found !== undefined) return found;
  throw new WrongUsage(
    `the state machine submits the job ${JSON.stringify(text)}; expected ${validation.name} or ${processing.name}`,
    `use \${BATCH_VALIDATION_JOB_ARN} and \${BATCH_PROCESSING_JOB_ARN}`,
  );
}

/** The state machine with another threshold in every Choice that compares with it. */
export function withThreshold(definitions: Definitions, threshold: number): Definitions {
  const { variable } = workerOf("processing").settings.find(
    ({ job_definition }) => job_definition?.config === "batch_processing_threshold",
  ) ?? { variable: "" };
  const old = Number(definitions.processing.environment[variable]);
  return {
    ...definitions,
    stateMachine: replaceCompared(definitions.stateMachine, old, threshold) as Record<string, unknown>,
  };
}

function replaceCompared(value: unknown, old: number, threshold: number): unknown {
  if (Array.isArray(value)) return value.map((item) => replaceCompared(item, old, threshold));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) =>
      key.startsWith("Numeric") && item === old ? [key, threshold] : [key, replaceCompared(item, old, threshold)],
    ),
  );
}
