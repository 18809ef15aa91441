import { describe, expect, test } from "vitest";
import { isObject } from "../../../src/model/json.ts";
import { configKey } from "../../../src/model/units.ts";
import { workerOf } from "../../../src/shared/contract.ts";
import { valueAt } from "../../../src/shared/pointer.ts";
import { batchOf } from "./batchOf.ts";

describe.each([
  ["batch-validation-job", "validation"],
  ["batch-processing-job", "processing"],
] as const)("%s", (name, job) => {
  const { program, settings } = workerOf(job);
  const definition = (changes: unknown = {}) => batchOf({ [configKey(name)]: { container_properties: changes } })[name];
  const variables = (changes?: unknown) => {
    const entries = valueAt(definition(changes), "/container_properties/environment") as readonly unknown[];
    return new Map(entries.filter(isObject).map((entry) => [entry.name, entry.value]));
  };

  test("calls the worker's program with flags that it has", () => {
    const [first, ...words] = valueAt(definition(), "/container_properties/command") as readonly string[];
    expect(first).toBe(program);
    const flags = new Set(settings.map(({ flag }) => flag));
    const odd = words.filter((word, index) => (index % 2 === 0 ? !flags.has(word) : !word.startsWith("Ref::")));
    expect(odd).toEqual([]);
  });

  test("sets variables that the worker reads, and each that it cannot do without", () => {
    const known = new Set<unknown>(settings.map(({ variable }) => variable));
    expect([...variables().keys()].filter((variable) => !known.has(variable))).toEqual([]);
    const inCommand = new Set(valueAt(definition(), "/container_properties/command") as readonly string[]);
    const needed = settings.filter(({ required, flag }) => required && !inCommand.has(flag ?? ""));
    expect(needed.filter(({ variable }) => !variables().has(variable))).toEqual([]);
  });

  test("has as many threads as vCPUs, also when the config changes them", () => {
    expect(variables().get("WORKER_THREADS")).toBe("4");
    expect(variables({ vcpus: 2 }).get("WORKER_THREADS")).toBe("2");
    const requirements = { vcpus: null, resource_requirements: [{ type: "VCPU", value: "8" }] };
    expect(variables(requirements).get("WORKER_THREADS")).toBe("8");
  });

  test("has no number of threads when the vCPUs are not known", () => {
    expect(variables({ vcpus: null }).has("WORKER_THREADS")).toBe(false);
    const part = { vcpus: null, resource_requirements: [{ type: "VCPU", value: "0.5" }] };
    expect(variables(part).has("WORKER_THREADS")).toBe(false);
  });

  test("has the threads that the config names, or none when it removes them", () => {
    const environment = (value: unknown) => ({ vcpus: 2, environment: [{ name: "WORKER_THREADS", value }] });
    expect(variables(environment("1")).get("WORKER_THREADS")).toBe("1");
    expect(variables(environment(null)).has("WORKER_THREADS")).toBe(false);
  });

  test("removes the environment altogether when the config does", () => {
    expect(valueAt(definition({ environment: null }), "/container_properties/environment")).toBeUndefined();
  });
});

test("a parameter that the worker has a default for has it in the job definition too", () => {
  expect(batchOf({})["batch-validation-job"].parameters).toEqual({ schema: "none", maxInvalid: "0" });
  expect(batchOf({})["batch-processing-job"].parameters).toBeUndefined();
});
