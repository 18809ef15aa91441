import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv } from "ajv";
import { default as formats } from "ajv-formats";
import { expect } from "vitest";
import { repositoryRoot } from "../../../workers/build/bundleWorkers.ts";

export interface Component {
  readonly type: string;
  readonly "bom-ref": string;
  readonly group?: string;
  readonly name: string;
  readonly version: string;
  readonly cpe?: string;
  readonly licenses?: readonly unknown[];
  readonly purl: string;
}

interface Sbom {
  readonly metadata: { readonly component: Component };
  readonly components: readonly Component[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn?: readonly string[] }[];
}

/** Holds a text to the schema of CycloneDX 1.6 and to what scanners need of it, and hands back its components. */
export function expectSbom(text: string): readonly Component[] {
  const document = JSON.parse(text) as Sbom;
  validate(document);
  expect(validate.errors ?? []).toEqual([]);
  // Nothing in it differs from one build to the next.
  expect(Object.keys(document)).not.toContain("serialNumber");
  expect(Object.keys(document.metadata)).toEqual(["component"]);
  const all = [document.metadata.component, ...document.components];
  for (const component of all) expectComponent(component);
  const references = all.map((component) => component["bom-ref"]);
  expect(new Set(references).size).toBe(references.length);
  // Every component is in the graph once, and can be reached from the program.
  expect(document.dependencies.map(({ ref }) => ref).sort()).toEqual([...references].sort());
  expect([...reachable(document)].sort()).toEqual([...references].sort());
  return document.components;
}

function expectComponent({ group, name, version, licenses, purl, cpe, "bom-ref": reference }: Component): void {
  expect(group ?? "@").toMatch(/^@[a-z0-9._-]*$/);
  expect(name).toMatch(/^[a-z0-9._-]+$/);
  expect(version).toMatch(/^\d+\.\d+\.\d+/);
  expect(licenses?.length).toBeGreaterThan(0);
  // As the registry has it, without a qualifier: this is what scanners look up.
  expect(purl).toMatch(/^pkg:(npm|generic)\/(%40[a-z0-9._-]+\/)?[a-z0-9._-]+@[0-9A-Za-z.+%-]+$/);
  expect(reference).toBe(purl);
  expect(cpe ?? "cpe:2.3:a:1:2:3:4:5:6:7:8:9:10").toMatch(/^cpe:2\.3:a(:[^:]+){10}$/);
}

function reachable({ metadata, dependencies }: Sbom): Set<string> {
  const found = new Set([metadata.component["bom-ref"]]);
  for (const ref of found) {
    for (const used of dependencies.find((row) => row.ref === ref)?.dependsOn ?? []) found.add(used);
  }
  return found;
}

/** The schemas that the working group publishes, in the version that the library brings. */
function official(name: string): object {
  const folder = join(repositoryRoot, "node_modules/@cyclonedx/cyclonedx-library/res/schema");
  return JSON.parse(readFileSync(join(folder, `${name}.SNAPSHOT.schema.json`), "utf8")) as object;
}

const ajv = new Ajv({ allErrors: true, strict: false });
for (const name of ["spdx", "jsf-0.82"])
  ajv.addSchema(official(name), `http://cyclonedx.org/schema/${name}.SNAPSHOT.schema.json`);
(formats as unknown as (ajv: Ajv) => void)(ajv);
// Of addresses of people and of pages, which are no part of ours.
ajv.addFormat("idn-email", true).addFormat("iri-reference", true);
const validate = ajv.compile(official("bom-1.6"));
