import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, test } from "vitest";
import placeholderTable from "../../schemas/placeholders.json" with { type: "json" };
import { withContractDefaults } from "../../src/derive/configDefaults.ts";
import { type WorkerCondition, type WorkerSetting, workers } from "../../src/shared/contract.ts";

const contract = JSON.parse(readFileSync("schemas/worker-contract.json", "utf8"));
const placeholders = new Set(placeholderTable.placeholders.map(({ name }) => name));
const schema = JSON.parse(readFileSync("schemas/worker-contract.schema.json", "utf8"));
const validate = new Ajv2020({ strict: true, strictRequired: false, allErrors: true }).compile(schema);

function problemsOf(document: unknown): readonly string[] {
  validate(document);
  const own = (validate.errors ?? []).filter(({ keyword }) => keyword !== "if");
  return own.map(({ instancePath, message }) => `${instancePath} ${message}`);
}

function placeholdersIn(text: string): string[] {
  return [...text.matchAll(/\$\{([^}]*)\}/g)].map((match) => match[1] as string);
}

function textsIn(value: unknown, key = ""): (readonly [string, string])[] {
  if (typeof value === "string") return [[key, value]];
  return Object.entries((value ?? {}) as object).flatMap(([name, child]) =>
    typeof child === "object" || typeof child === "string" ? textsIn(child, Array.isArray(value) ? key : name) : [],
  );
}

test("the contract has the shape that its schema describes, from which its type is derived", () => {
  expect(problemsOf(contract)).toEqual([]);
});

test.each<[string, (setting: Record<string, unknown>) => void, string]>([
  [
    "a misspelt key",
    (setting) => {
      setting.defualt = "1";
    },
    "must NOT have additional properties",
  ],
  [
    "a type that is not read",
    (setting) => {
      setting.type = "number";
    },
    "must be equal to one of the allowed values",
  ],
  [
    "choices of a text",
    (setting) => {
      setting.choices = ["a", "b"];
    },
    "boolean schema is false",
  ],
  [
    "a choice without choices",
    (setting) => {
      setting.type = "choice";
    },
    "must have required property 'choices'",
  ],
  [
    "a pattern without words",
    (setting) => {
      setting.pattern = "^a$";
    },
    "must have property expected when property pattern is present",
  ],
  [
    "a meaning that is not a sentence",
    (setting) => {
      setting.meaning = "some words";
    },
    "must match pattern",
  ],
  [
    "an empty text",
    (setting) => {
      setting.example = "";
    },
    "must NOT have fewer than 1 characters",
  ],
  [
    "a secret in the job definition",
    (setting) => {
      setting.secret = true;
    },
    "boolean schema is false",
  ],
  [
    "two ways into the job definition",
    (setting) => {
      setting.job_definition = { parameter: "a", value: "b" };
    },
    "must NOT have more than 1 properties",
  ],
])("the schema of the contract refuses %s", (_, change, problem) => {
  const wrong = structuredClone(contract);
  change(wrong.workers[0].arguments[0]);
  expect(problemsOf(wrong).join("\n")).toContain(problem);
});

test("a number that the config shares with the contract is in the contract, and the config's schema follows", () => {
  const text = readFileSync("schemas/config.schema.json", "utf8");
  expect(withContractDefaults(text)).toBe(text);
  const other = text.replace(/("default": )290000/, "$1280000").replace(/("default": )1000000/, "$1999999");
  expect(other).not.toBe(text);
  expect(withContractDefaults(other)).toBe(text);
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

  test("has each flag, variable and parameter once", () => {
    const flags = settings.flatMap(({ flag }) => flag ?? []);
    const parameters = settings.flatMap(({ job_definition }) => job_definition?.parameter ?? []);
    for (const words of [flags, settings.map(({ variable }) => variable), parameters]) {
      expect(new Set(words).size).toBe(words.length);
    }
  });

  test("has examples, defaults and values in the required form", () => {
    const fits = ({ choices, pattern }: WorkerSetting, text: string) =>
      (choices === undefined || choices.includes(text)) && (pattern === undefined || new RegExp(pattern).test(text));
    for (const setting of settings) {
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
    for (const { resource } of calls) {
      const variable = resources.get(resource)?.variable ?? "";
      expect([name, resource, byVariable.has(variable)]).toEqual([name, resource, true]);
    }
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
