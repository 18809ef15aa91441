import { isObject } from "../../model/json.ts";

/** The parts of a job definition that decide what runs and how often. */
export interface JobDefinition {
  readonly name: string;
  /** The program and its arguments, with `Ref::name` in place of a parameter. */
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** Defaults of the parameters. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly attempts: number;
  readonly exitRules: readonly ExitRule[];
  /** Of one attempt. */
  readonly timeoutSeconds: number | undefined;
}

export interface ExitRule {
  readonly action: string;
  readonly exitCode: string | undefined;
  readonly reason: string | undefined;
  readonly statusReason: string | undefined;
}

/** Reads a document that was checked against its schema, with values in place of its placeholders. */
export function readJobDefinition(document: unknown): JobDefinition {
  const job = isObject(document) ? document : {};
  const container = isObject(job.container_properties) ? job.container_properties : {};
  const retry = isObject(job.retry_strategy) ? job.retry_strategy : {};
  const timeout = isObject(job.timeout) ? job.timeout.attempt_duration_seconds : undefined;
  return {
    name: String(job.name),
    command: listOf(container.command).map(String),
    environment: Object.fromEntries(
      listOf(container.environment)
        .filter(isObject)
        .map(({ name, value }) => [String(name), String(value)]),
    ),
    parameters: textsOf(job.parameters),
    attempts: typeof retry.attempts === "number" ? retry.attempts : 1,
    exitRules: listOf(retry.evaluate_on_exit)
      .filter(isObject)
      .map((rule) => ({
        action: String(rule.action),
        exitCode: textOf(rule.on_exit_code),
        reason: textOf(rule.on_reason),
        statusReason: textOf(rule.on_status_reason),
      })),
    timeoutSeconds: typeof timeout === "number" ? timeout : undefined,
  };
}

/** Texts by name; other values are converted to text, as AWS Batch does. */
export function textsOf(value: unknown): Record<string, string> {
  return Object.fromEntries(Object.entries(isObject(value) ? value : {}).map(([name, text]) => [name, String(text)]));
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
