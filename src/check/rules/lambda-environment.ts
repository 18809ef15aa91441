import type { LambdaFunction } from "../../derived/types.ts";
import type { TemplateDocument } from "../../model/document.ts";
import { defineRule, type Finding } from "../../model/rule.ts";
import { type WorkerSetting, workerOf } from "../../shared/contract.ts";
import { nearest } from "../../shared/nearest.ts";
import { pointerTo } from "../../shared/pointer.ts";
import { holds } from "../rules-support/callers.ts";
import { functionSetting } from "../rules-support/settingsOf.ts";

const environment = (changes: Readonly<Record<string, string | null>>) => ({
  documents: { "lambda-function.json": { environment: changes } },
});

export const lambdaEnvironment = defineRule({
  id: "lambda-environment",
  severity: "error",
  summary: "The function has every variable that it needs, with values that it supports, and no secret.",
  why:
    "Every call of a function that lacks a variable fails, chunk after chunk. Lambda rejects names that it " +
    "sets itself when the function is created. And anyone who may view a function can read its variables.",
  source: "https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html",
  examples: {
    good: [
      { shows: "a variable of the worker", ...environment({ RECORD_KEY: "customer_id" }), also: ["one-destination"] },
    ],
    bad: [
      { shows: "no destination", ...environment({ RECORD_DESTINATION: null }), also: ["one-destination"] },
      {
        shows: "a destination that the function does not support",
        ...environment({ RECORD_DESTINATION: "file" }),
        also: ["one-destination", "iam-worker-calls"],
      },
      {
        shows: "no broker for Kafka",
        ...environment({ RECORD_DESTINATION: "kafka", KAFKA_BROKERS: null }),
        also: ["one-destination"],
      },
      { shows: "a misspelt name", ...environment({ KAFKA_COMPRESION: "none" }) },
      { shows: "a name that Lambda sets itself", ...environment({ AWS_REGION: "us-east-1" }) },
      { shows: "a password", ...environment({ KAFKA_PASSWORD: "correct horse" }) },
      {
        shows: "more than Lambda accepts",
        ...environment({ RECORD_KEY: "x".repeat(4090) }),
        also: ["one-destination"],
      },
    ],
  },
  *check({ lambdaFunctions }) {
    for (const document of lambdaFunctions) {
      yield* missing(document);
      for (const name of Object.keys(document.value.environment ?? {})) yield* judge(document, name);
      yield* size(document);
    }
  },
});

const worker = workerOf("processing");
const setByService: readonly string[] = worker.lambda?.set_by_service ?? [];
const choices: Readonly<Record<string, readonly string[]>> = worker.lambda?.choices ?? {};
/** An event carries the arguments that a job gets as parameters; the function has no others. */
const known = worker.settings.filter(({ job_definition }) => job_definition?.parameter === undefined);

function* missing(document: TemplateDocument<LambdaFunction>): Iterable<Finding> {
  const value = (name: string) => {
    // A chunk comes with a manifest, whose location is a key or an S3 URI.
    if (name === "location") return undefined;
    const setting = functionSetting(document, name);
    if (setting?.sampled) return undefined;
    return setting?.value ?? known.find(({ variable }) => variable === name)?.default ?? "";
  };
  for (const setting of known) {
    if (setByService.includes(setting.variable) || functionSetting(document, setting.variable)) continue;
    if (!isRequired(setting, value)) continue;
    yield {
      document,
      pointer: `/environment/${setting.variable}`,
      expected: `${setting.variable}, without which the function cannot work`,
      hint: `for example "${setting.example}": ${setting.meaning}`,
    };
  }
}

function isRequired(
  { required, required_when = [] }: WorkerSetting,
  value: (name: string) => string | undefined,
): boolean {
  return required === true || required_when.some((condition) => holds(condition, value) === "always");
}

function* judge(document: TemplateDocument<LambdaFunction>, name: string): Iterable<Finding> {
  const pointer = pointerTo("/environment", name);
  const found = document.value.environment?.[name];
  if (reserved.has(name) || setByService.includes(name)) {
    yield { document, pointer, found, expected: "no variable that Lambda sets itself", hint: `remove ${name}` };
    return;
  }
  const setting = known.find(({ variable }) => variable === name);
  if (setting === undefined) {
    const close = nearest(
      name,
      known.map(({ variable }) => variable),
    );
    if (close === undefined) return; // for something other than our worker, such as an extension
    yield {
      document,
      pointer,
      found,
      expected: "a variable that the function reads",
      hint: `did you mean ${close}?`,
      severity: "warning",
    };
    return;
  }
  if (functionSetting(document, name)?.sampled) return;
  if (setting.secret) {
    const hint = "let the function use IAM instead: Lambda does not pass secrets";
    yield { document, pointer, expected: "no secret among the variables", hint };
    return;
  }
  const allowed = choices[name] ?? setting.choices;
  if (allowed !== undefined && !allowed.includes(found ?? "")) {
    const close = nearest(found ?? "", allowed);
    yield {
      document,
      pointer,
      found,
      expected: `one of ${allowed.join(", ")}`,
      hint: close ? `did you mean ${close}?` : setting.meaning,
    };
  } else if (setting.pattern !== undefined && !new RegExp(setting.pattern, "u").test(found ?? "")) {
    yield {
      document,
      pointer,
      found,
      expected: `text matching ${setting.pattern}`,
      hint: `for example ${setting.example}`,
    };
  }
}

function* size(document: TemplateDocument<LambdaFunction>): Iterable<Finding> {
  const found = Buffer.byteLength(JSON.stringify(document.value.environment ?? {}));
  if (found <= maxBytes) return;
  yield {
    document,
    pointer: "/environment",
    found: `${found} bytes`,
    expected: `at most ${maxBytes} bytes for all variables`,
    hint: "keep long settings in a file in S3",
  };
}

const maxBytes = 4096;

/** https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime */
const reserved = new Set([
  ...["_HANDLER", "_X_AMZN_TRACE_ID", "AWS_DEFAULT_REGION", "AWS_REGION", "AWS_EXECUTION_ENV", "AWS_ACCESS_KEY"],
  ...["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_LAMBDA_FUNCTION_NAME"],
  ...["AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "AWS_LAMBDA_FUNCTION_VERSION", "AWS_LAMBDA_INITIALIZATION_TYPE"],
  ...["AWS_LAMBDA_LOG_GROUP_NAME", "AWS_LAMBDA_LOG_STREAM_NAME", "AWS_LAMBDA_RUNTIME_API"],
  ...["LAMBDA_TASK_ROOT", "LAMBDA_RUNTIME_DIR"],
]);
