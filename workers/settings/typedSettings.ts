import { readDestination } from "../sinks/index.ts";
import type { SettingReader } from "../sinks/sinkKind.ts";
import type { CheckedSettings } from "./checkSettings.ts";
import type { ProcessorSettings, SharedSettings, ValidatorSettings } from "./settings.ts";
import type { SettingProblem } from "./settingsFault.ts";

type Values = CheckedSettings["values"];

/** Problems of combinations of settings that are valid individually. */
export function relationProblems(values: Values): SettingProblem[] {
  const problems: SettingProblem[] = [];
  const start = values.get("START_INDEX");
  const end = values.get("END_INDEX");
  if (typeof start === "number" && typeof end === "number" && start > end) {
    const text = `--start-index is ${start} and --end-index is ${end}; expected a start that is not after the end`;
    problems.push({ kind: "usage", text });
  }
  const delimiter = values.get("CSV_DELIMITER");
  if (delimiter !== undefined && delimiter === values.get("CSV_QUOTE")) {
    problems.push({ kind: "usage", text: "--delimiter and --quote are the same; expected two different characters" });
  }
  const isKafka = values.get("RECORD_DESTINATION") === "kafka";
  if (isKafka && values.get("KAFKA_SECURITY") === "iam" && values.get("KAFKA_TLS") === "false") {
    const text = "KAFKA_TLS is false and KAFKA_SECURITY is iam; expected TLS, which MSK requires for IAM";
    problems.push({ kind: "configuration", text, hint: "remove KAFKA_TLS" });
  }
  return problems;
}

/** From checked values: required ones exist, and every value has the type of its contract. */
export function toValidatorSettings(values: Values): ValidatorSettings {
  const get = getter(values);
  return {
    ...toSharedSettings(values),
    input: get("INPUT_FILE"),
    output: get("OUTPUT_FOLDER"),
    schema: get("RECORD_SCHEMA"),
    maxInvalid: get("MAX_INVALID"),
    chunkSize: get("CHUNK_SIZE"),
    maxSamples: get("MAX_SAMPLES"),
    maxRejects: get("MAX_REJECTS"),
    uniqueMemoryMebibytes: get("UNIQUE_MEMORY_MB"),
  };
}

export function toProcessorSettings(values: Values): ProcessorSettings {
  const get = getter(values);
  return {
    ...toSharedSettings(values),
    chunkId: get("CHUNK_ID"),
    startIndex: get("START_INDEX"),
    endIndex: get("END_INDEX"),
    manifest: get("CHUNK_MANIFEST"),
    input: get("INPUT_FILE"),
    destination: readDestination(get),
    checkpointSeconds: get("CHECKPOINT_SECONDS"),
    recordKey: get<readonly string[] | undefined>("RECORD_KEY") ?? [],
  };
}

function toSharedSettings(values: Values): SharedSettings {
  const get = getter(values);
  return {
    delimiter: get("CSV_DELIMITER"),
    quote: get("CSV_QUOTE"),
    strayQuotes: get("CSV_STRAY_QUOTES"),
    encoding: get("CSV_ENCODING"),
    maxRecordBytes: get("MAX_RECORD_BYTES"),
    threads: get("WORKER_THREADS"),
    logLevel: get("LOG_LEVEL"),
    progress: get("PROGRESS"),
    region: get("AWS_REGION"),
    bucket: get("S3_BUCKET"),
    batchProcessingThreshold: get("BATCH_PROCESSING_THRESHOLD"),
    metrics: get("METRICS"),
    metricsNamespace: get("METRICS_NAMESPACE"),
  };
}

/** The type that the caller expects must be that of the variable in the contract; a test compares the two. */
function getter(values: Values): SettingReader {
  return <Expected>(variable: string): Expected => {
    if (!values.has(variable)) throw new Error(`schemas/worker-contract.json has no ${variable}`);
    return values.get(variable) as Expected;
  };
}
