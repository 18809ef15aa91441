import { expect, test } from "vitest";
import contract from "../../../schemas/worker-contract.json" with { type: "json" };
import { type WorkerName, workerNamed } from "../../../src/shared/contract.ts";
import { settingsFrom } from "../../../workers/settings/readSettings.ts";
import type { Value } from "../../../workers/settings/readValue.ts";
import type { ProcessorSettings, ValidatorSettings } from "../../../workers/settings/settings.ts";
import { toProcessorSettings, toValidatorSettings } from "../../../workers/settings/typedSettings.ts";

/** The hand-written type of a setting, in a form that can be compared with values; "?" where it may be missing. */
type KindOf<T> = `${Kind<NonNullable<T>>}${undefined extends T ? "?" : ""}`;
type Kind<T> = [T] extends [number] ? "number" : [T] extends [string] ? "string" : "object";
type Kinds<Settings> = { readonly [key in keyof Settings]: KindOf<Settings[key]> };

const shared = {
  delimiter: "string?",
  quote: "string?",
  strayQuotes: "string",
  encoding: "string?",
  maxRecordBytes: "number",
  threads: "number?",
  logLevel: "string",
  progress: "string",
  region: "string?",
  bucket: "string?",
  batchProcessingThreshold: "number",
  metrics: "string",
  metricsNamespace: "string",
} as const;

const validatorKinds: Kinds<ValidatorSettings> = {
  ...shared,
  input: "string",
  output: "string",
  schema: "string?",
  maxInvalid: "object",
  chunkSize: "number",
  maxSamples: "number",
  maxRejects: "number?",
  uniqueMemoryMebibytes: "number",
};

const processorKinds: Kinds<ProcessorSettings> = {
  ...shared,
  chunkId: "string",
  startIndex: "number",
  endIndex: "number",
  manifest: "string?",
  input: "string?",
  destination: "object",
  checkpointSeconds: "number",
  recordKey: "object",
};

/** The example of every setting, but for one of those that exclude each other. */
function examples(worker: WorkerName): Record<string, string> {
  const chosen = workerNamed(worker).settings.filter(
    ({ one_of, variable }) => !one_of || variable === "CHUNK_MANIFEST",
  );
  return Object.fromEntries(chosen.map(({ variable, example }) => [variable, example]));
}

test.each([
  ["batch_validator", validatorKinds],
  ["batch_processor", processorKinds],
] as const)("the settings of %s have the types that they are written down with", (worker, kinds) => {
  const full: object = settingsFrom(worker, new Map(), examples(worker));
  for (const [key, kind] of Object.entries(kinds)) {
    const value = (full as Record<string, unknown>)[key];
    if (key !== "input" || worker === "batch_validator")
      expect([key, `${typeof value}`]).toEqual([key, kind.replace("?", "")]);
  }
  expect(Object.keys(full).sort()).toEqual(Object.keys(kinds).sort());
});

test("what is written down as always there has a default, or is required", () => {
  const needed = {
    batch_validator: { INPUT_FILE: "/in", OUTPUT_FOLDER: "/out" },
    batch_processor: {
      CHUNK_ID: "c",
      START_INDEX: "0",
      END_INDEX: "1",
      CHUNK_MANIFEST: "/m",
      RECORD_DESTINATION: "stdout",
    },
  };
  for (const [worker, kinds] of [
    ["batch_validator", validatorKinds],
    ["batch_processor", processorKinds],
  ] as const) {
    const bare = settingsFrom(worker, new Map(), needed[worker]) as unknown as Record<string, unknown>;
    const missing = Object.entries(kinds).filter(([key, kind]) => bare[key] === undefined && !kind.endsWith("?"));
    expect(missing).toEqual([]);
  }
});

test("every setting of the contract is used, and no other is asked for", () => {
  const asked = (
    worker: WorkerName,
    situations: readonly Record<string, Value>[],
    read: (values: ReadonlyMap<string, Value>) => unknown,
  ) => {
    const names = new Set<string>();
    const variables = workerNamed(worker).settings.map(({ variable }) => variable);
    for (const situation of situations) {
      const values = new Map<string, Value>(variables.map((variable) => [variable, situation[variable]]));
      const get = values.get.bind(values);
      values.get = (name) => {
        names.add(name);
        return get(name);
      };
      read(values);
    }
    expect([...names].sort()).toEqual(variables.sort());
  };
  asked("batch_validator", [{}], toValidatorSettings);
  const destinations = ["sqs_core", "file"].map((kind) => ({ RECORD_DESTINATION: kind }));
  const securities = ["iam", "scram"].map((kind) => ({ RECORD_DESTINATION: "kafka", KAFKA_SECURITY: kind }));
  asked("batch_processor", [...destinations, ...securities], toProcessorSettings);
});

test.each(["batch_validator", "batch_processor"] as const)("the defaults of %s are values that it takes", (worker) => {
  const defaults = workerNamed(worker).settings.flatMap((setting) =>
    setting.default === undefined ? [] : [[setting.variable, setting.default]],
  );
  expect(() => settingsFrom(worker, new Map(), { ...examples(worker), ...Object.fromEntries(defaults) })).not.toThrow();
});

test("the variables that AWS Batch sets are none of ours", () => {
  const reserved = contract.set_by_batch.map(({ variable }) => variable);
  for (const { name } of contract.workers) {
    for (const { variable } of workerNamed(name as WorkerName).settings) expect(reserved).not.toContain(variable);
  }
});
