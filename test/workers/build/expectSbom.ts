import { Ajv2020 } from "ajv/dist/2020.js";
import { expect } from "vitest";

export interface Component {
  readonly type: string;
  readonly "bom-ref": string;
  readonly group?: string;
  readonly name: string;
  readonly version: string;
  readonly cpe?: string;
}

interface Sbom {
  readonly metadata: { readonly component: Component };
  readonly components: readonly Component[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[];
}

/** Holds a text to what CycloneDX 1.6 asks of the parts that we write, and hands back its components. */
export function expectSbom(text: string): readonly Component[] {
  const document = JSON.parse(text) as Sbom;
  validate(document);
  expect(validate.errors ?? []).toEqual([]);
  const references = [document.metadata.component, ...document.components].map((component) => component["bom-ref"]);
  expect(new Set(references).size).toBe(references.length);
  // Every component stands in the graph once, and can be reached from the program.
  expect(document.dependencies.map(({ ref }) => ref).sort()).toEqual([...references].sort());
  expect([...reachable(document)].sort()).toEqual([...references].sort());
  return document.components;
}

function reachable({ metadata, dependencies }: Sbom): Set<string> {
  const found = new Set([metadata.component["bom-ref"]]);
  for (const ref of found) {
    for (const used of dependencies.find((row) => row.ref === ref)?.dependsOn ?? []) found.add(used);
  }
  return found;
}

const component = {
  type: "object",
  required: ["type", "bom-ref", "name", "version", "licenses", "purl"],
  additionalProperties: false,
  properties: {
    type: { enum: ["application", "library", "platform"] },
    "bom-ref": { type: "string", minLength: 1 },
    group: { type: "string", pattern: "^@[a-z0-9._-]+$" },
    name: { type: "string", pattern: "^[a-z0-9._-]+$" },
    version: { type: "string", pattern: "^\\d+\\.\\d+\\.\\d+" },
    description: { type: "string" },
    licenses: {
      type: "array",
      minItems: 1,
      items: {
        oneOf: [
          {
            required: ["license"],
            additionalProperties: false,
            properties: {
              license: { required: ["id"], properties: { id: { type: "string", pattern: "^[\\w.+-]+$" } } },
            },
          },
          { required: ["expression"], additionalProperties: false, properties: { expression: { type: "string" } } },
        ],
      },
    },
    cpe: { type: "string", pattern: "^cpe:2\\.3:a(:[^:]+){10}$" },
    purl: { type: "string", pattern: "^pkg:(npm|generic)/(%40[a-z0-9._-]+/)?[a-z0-9._-]+@[0-9A-Za-z.+%-]+$" },
  },
};

const validate = new Ajv2020({ allErrors: true, strict: false }).compile({
  type: "object",
  required: ["bomFormat", "specVersion", "version", "metadata", "components", "dependencies"],
  additionalProperties: false,
  properties: {
    $schema: { const: "http://cyclonedx.org/schema/bom-1.6.schema.json" },
    bomFormat: { const: "CycloneDX" },
    specVersion: { const: "1.6" },
    version: { const: 1 },
    metadata: { type: "object", required: ["component"], properties: { component } },
    components: { type: "array", uniqueItems: true, items: component },
    dependencies: {
      type: "array",
      uniqueItems: true,
      items: {
        type: "object",
        required: ["ref", "dependsOn"],
        additionalProperties: false,
        properties: {
          ref: { type: "string" },
          dependsOn: { type: "array", uniqueItems: true, items: { type: "string" } },
        },
      },
    },
  },
});
