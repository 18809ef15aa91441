import type { BundledPackage } from "./bundledPackages.ts";

export interface SbomSubject {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly license: string;
}

export interface SbomParts {
  readonly packages: readonly BundledPackage[];
  /** Folders of the packages that the program itself uses. */
  readonly direct: readonly string[];
  /** Version of the Node.js that runs it, as in `process.versions.node`; undefined where that is not known yet. */
  readonly nodeVersion?: string | undefined;
}

/** A software bill of materials: what CycloneDX 1.6 calls a BOM. Without a time and a serial number, so that it is the same every time. */
export function sbom(subject: SbomSubject, { packages, direct, nodeVersion }: SbomParts): string {
  const subjectReference = npmUrl(subject.name, subject.version);
  const references = new Map(packages.map(({ folder, name, version }) => [folder, npmUrl(name, version)]));
  const referencesOf = (folders: readonly string[]) =>
    [...new Set(folders.flatMap((folder) => references.get(folder) ?? []))].sort();
  const node = nodeVersion === undefined ? undefined : nodeComponent(nodeVersion);
  // One package may be installed twice in the same version; it is one component all the same.
  const components = new Map(packages.map((item) => [npmUrl(item.name, item.version), packageComponent(item)]));
  const dependsOn = new Map<string, Set<string>>();
  for (const { name, version, dependsOn: folders } of packages) {
    const reference = npmUrl(name, version);
    dependsOn.set(reference, new Set([...(dependsOn.get(reference) ?? []), ...referencesOf(folders)]));
  }
  const document = {
    $schema: "http://cyclonedx.org/schema/bom-1.6.schema.json",
    bomFormat: "CycloneDX",
    specVersion: "1.6",
    version: 1,
    metadata: {
      component: {
        type: "application",
        "bom-ref": subjectReference,
        ...groupAndName(subject.name),
        version: subject.version,
        description: subject.description,
        licenses: licenses(subject.license),
        purl: subjectReference,
      },
    },
    components: [...components.values(), ...(node === undefined ? [] : [node])],
    dependencies: [
      {
        ref: subjectReference,
        dependsOn: [...referencesOf(direct), ...(node === undefined ? [] : [node["bom-ref"]])],
      },
      ...[...dependsOn].map(([ref, references]) => ({ ref, dependsOn: [...references].sort() })),
      ...(node === undefined ? [] : [{ ref: node["bom-ref"], dependsOn: [] }]),
    ],
  };
  return `${JSON.stringify(document, undefined, 2)}\n`;
}

function packageComponent({ name, version, license, description }: BundledPackage) {
  const reference = npmUrl(name, version);
  return {
    type: "library",
    "bom-ref": reference,
    ...groupAndName(name),
    version,
    ...(description === undefined ? {} : { description }),
    ...(license === undefined ? {} : { licenses: licenses(license) }),
    purl: reference,
  };
}

/** With a CPE, which is the name under which vulnerabilities of Node.js are published. */
function nodeComponent(version: string) {
  const reference = `pkg:generic/node@${version}`;
  return {
    type: "platform",
    "bom-ref": reference,
    name: "node",
    version,
    description: "The JavaScript runtime of the image.",
    licenses: licenses("MIT"),
    cpe: `cpe:2.3:a:nodejs:node.js:${version}:*:*:*:-:*:*:*`,
    purl: reference,
  };
}

/** One licence of SPDX's list has an id; several in an expression have none together. */
function licenses(expression: string) {
  return /^[\w.+-]+$/.test(expression) ? [{ license: { id: expression } }] : [{ expression }];
}

function groupAndName(name: string): { readonly group?: string; readonly name: string } {
  const [, group, rest] = /^(@[^/]+)\/(.+)$/.exec(name) ?? [];
  return group === undefined || rest === undefined ? { name } : { group, name: rest };
}

function npmUrl(name: string, version: string): string {
  return `pkg:npm/${name.replace(/^@/, "%40")}@${encodeURIComponent(version)}`;
}
