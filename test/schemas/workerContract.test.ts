import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import placeholderTable from "../../schemas/placeholders.json" with { type: "json" };
import { type WorkerCondition, type WorkerSetting, workers } from "../../src/shared/contract.ts";

const contract = JSON.parse(readFileSync("schemas/worker-contract.json", "utf8"));
const placeholders = new Set(placeholderTable.placeholders.map(({ name }) => name));
const types = ["text", "count", "share", "choice", "character", "location", "folder", "columns"];

function placeholdersIn(text: string): string[] {
  return [...text.matchAll(/\$\{([^}]*)\}/g)].map((match) => match[1] as string);
}

function textsIn(value: unknown, key = ""): (readonly [string, string])[] {
  if (typeof value === "string") return [[key, value]];
  return Object.entries((value ?? {}) as object).flatMap(([name, child]) =>
    typeof child === "object" || typeof child === "string" ? textsIn(child, Array.isArray(value) ? key : name) : [],
  );
}

test("every meaning is a sentence, and no text is empty", () => {
  for (const [key, text] of textsIn(contract)) {
    if (key === "meaning" || key === "why") expect(text).toMatch(/^[A-Z].*\.$/s);
    expect(text).not.toBe("");
  }
});

test("placeholders are those of the table", () => {
  const used = textsIn(contract).flatMap(([, text]) => placeholdersIn(text));
  expect(used.filter((name) => !placeholders.has(name))).toEqual([]);
});

test("the workers are those of the two job definitions, with programs where the images have them", () => {
  expect(workers.map(({ name, job, program }) => [name, job, program])).toEqual([
    ["batch_validator", "validation", "/opt/batch-processing/batch_validator"],
    ["batch_processor", "processing", "/opt/batch-processing/batch_processor"],
  ]);
});

describe.each(workers)("$name", ({ name, settings, calls }) => {
  const byVariable = new Map(settings.map((setting) => [setting.variable, setting]));

  test("has each flag, variable and parameter once, in the form of its kind", () => {
    const flags = settings.flatMap(({ flag }) => flag ?? []);
    const parameters = settings.flatMap(({ job_definition }) => job_definition?.parameter ?? []);
    for (const [words, form] of [
      [flags, /^--[a-z]+(-[a-z]+)*$/],
      [settings.map(({ variable }) => variable), /^[A-Z][A-Z0-9_]*$/],
      [parameters, /^[a-z][A-Za-z]*$/],
    ] as const) {
      expect(new Set(words).size).toBe(words.length);
      for (const word of words) expect(word).toMatch(form);
    }
  });

  test("knows no key and no type that nobody reads", () => {
    const keys =
      "flag variable type meaning example required required_when one_of default none choices pattern expected minimum maximum secret job_definition";
    for (const setting of settings as unknown as readonly Record<string, unknown>[]) {
      expect(Object.keys(setting).filter((key) => !keys.split(" ").includes(key))).toEqual([]);
      expect(types).toContain(setting.type);
      expect(Array.isArray(setting.choices)).toBe(setting.type === "choice");
      if (setting.pattern !== undefined) expect(setting.expected).toBeTypeOf("string");
    }
  });

  test("gives examples, defaults and values that have the form asked for", () => {
    const fits = ({ choices, pattern }: WorkerSetting, text: string) =>
      (choices === undefined || choices.includes(text)) && (pattern === undefined || new RegExp(pattern).test(text));
    for (const setting of settings as readonly (WorkerSetting & { none?: string })[]) {
      const value = setting.job_definition?.value;
      const texts = [setting.example, setting.default, value].filter(
        (text) => text !== undefined && text !== setting.none,
      );
      for (const text of texts) {
        const plain = String(text);
        if (!setting.secret && placeholdersIn(plain).length === 0)
          expect([plain, fits(setting, plain)]).toEqual([plain, true]);
      }
    }
  });

  test("has conditions on variables that it has, and values that they take", () => {
    const conditions = [
      ...settings.flatMap((setting): readonly WorkerCondition[] => setting.required_when ?? []),
      ...calls.map(({ when = {} }) => when),
    ];
    for (const condition of conditions as readonly WorkerCondition[]) {
      for (const [variable, values] of Object.entries(condition)) {
        const choices = variable === "location" ? ["s3", "key"] : byVariable.get(variable)?.choices;
        expect([variable, values.filter((value) => !choices?.includes(value))]).toEqual([variable, []]);
      }
    }
  });

  test("calls actions on resources that the contract describes", () => {
    const resources = new Map<string, { variable: string }>(
      contract.resources.map((row: { name: string }) => [row.name, row]),
    );
    for (const { action, resource } of calls) {
      expect(action).toMatch(/^(s3|sqs|kafka-cluster):[A-Z][A-Za-z]+$/);
      const variable = resources.get(resource)?.variable ?? "";
      expect([name, resource, byVariable.has(variable)]).toEqual([name, resource, true]);
    }
  });

  test("never has a secret in its job definition", () => {
    expect(settings.filter(({ secret, job_definition }) => secret && job_definition)).toEqual([]);
  });
});

test("what differs in the Lambda function is about settings of the worker", () => {
  const { lambda } = contract.workers.find(({ name }: { name: string }) => name === "batch_processor");
  const settings = new Map(
    workers.find(({ name }) => name === "batch_processor")?.settings.map((one) => [one.variable, one]),
  );
  for (const variable of [...lambda.set_by_service, ...lambda.without]) expect(settings.has(variable)).toBe(true);
  for (const [variable, choices] of Object.entries<string[]>(lambda.choices)) {
    expect(choices.filter((choice) => !settings.get(variable)?.choices?.includes(choice))).toEqual([]);
  }
});
