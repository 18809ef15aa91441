import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Builders, Factories } from "@cyclonedx/cyclonedx-library/Contrib/FromNodePackageJson";
import { Factories as LicenseFactories } from "@cyclonedx/cyclonedx-library/Contrib/License";
import { ComponentType } from "@cyclonedx/cyclonedx-library/Enums";
import { Bom, Component, LicenseRepository, Metadata, SpdxLicense } from "@cyclonedx/cyclonedx-library/Models";
import { JSON as Json, JsonSerializer } from "@cyclonedx/cyclonedx-library/Serialize";
import { Spec1dot6 } from "@cyclonedx/cyclonedx-library/Spec";
import type { Metafile } from "esbuild";
import parseLicense from "spdx-expression-parse";
import { type BundledPackage, bundledPackages, directDependencies } from "./bundledPackages.ts";
import type { FolderFile } from "./writeFolder.ts";

/** The bundle as described by its package.json. */
export interface Subject {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly license: string;
}

export interface Declarations {
  /** The packages that remain in the bundle. */
  readonly packages: readonly BundledPackage[];
  /** LICENSE, THIRD-PARTY-LICENSES and sbom.cdx.json. The same bundle results in the same bytes. */
  readonly files: ReadonlyMap<string, FolderFile>;
  /** The bill of materials with the Node.js that runs the bundle: its version as in `process.versions.node`. */
  sbomWithNode(nodeVersion: string): string;
}

/** The files that declare whose work a bundle contains, and under which terms. */
export function declarations(subject: Subject, metafile: Metafile, root: string): Declarations {
  const packages = bundledPackages(metafile, root);
  const direct = directDependencies(metafile);
  const files = new Map<string, FolderFile>([
    ["LICENSE", { contents: readFileSync(join(root, "LICENSE")) }],
    ["THIRD-PARTY-LICENSES", { contents: Buffer.from(thirdPartyLicenses(packages, root)) }],
    ["sbom.cdx.json", { contents: Buffer.from(sbom(subject, packages, direct)) }],
  ]);
  return { packages, files, sbomWithNode: (version) => sbom(subject, packages, direct, version) };
}

/** The licences and notices of the packages, each text once. */
export function thirdPartyLicenses(packages: readonly BundledPackage[], root: string): string {
  const packagesByText = new Map<string, BundledPackage[]>();
  for (const item of packages) {
    const text = licenseText(item, root);
    packagesByText.set(text, [...(packagesByText.get(text) ?? []), item]);
  }
  const sections = [...packagesByText].map(([text, sharing]) => {
    const names = sharing.map(
      ({ name, version, license }) => `${name} ${version} (${license ?? "licence not stated"})`,
    );
    return [...names, "", text].join("\n");
  });
  const rule = `\n\n${"=".repeat(80)}\n\n`;
  return `This program contains the following packages.\n${rule}${sections.join(rule)}\n`;
}

/** Throws when there is no text: the bundle could not be distributed as the licence requires. */
function licenseText({ name, version, license, folder }: BundledPackage, root: string): string {
  const texts = readdirSync(join(root, folder), { withFileTypes: true })
    .filter((entry) => entry.isFile() && /^(?:licen[cs]e|copying|notice)(?:[.-](?!.*\.(?:js|ts)$)|$)/i.test(entry.name))
    .map((entry) => entry.name)
    .sort()
    .map((file) =>
      readFileSync(join(root, folder, file), "utf8")
        .replaceAll("\r\n", "\n")
        .trim(),
    );
  if (texts.length > 0) return texts.join("\n\n");
  // Its text does not name an author, and it is our licence too: LICENSE is beside the notices.
  if (license === "Apache-2.0") return "The package has no licence text. That of Apache-2.0 is in LICENSE.";
  throw new Error(`${name} ${version} (${license ?? "licence not stated"}) cannot be bundled: it has no licence text`);
}

/** A software bill of materials, without a time and a serial number. */
function sbom(subject: Subject, packages: readonly BundledPackage[], direct: readonly string[], nodeVersion?: string) {
  const program = npmComponent(subject, ComponentType.Application);
  const bom = new Bom({ metadata: new Metadata({ component: program }) });
  // A package may be installed twice in the same version; it is still one component.
  const components = new Map(packages.map((item) => [npmUrl(item), npmComponent(item, ComponentType.Library)]));
  const byFolder = new Map(packages.map((item) => [item.folder, components.get(npmUrl(item))]));
  const connect = (from: Component | undefined, folders: readonly string[]) => {
    for (const { bomRef } of folders.flatMap((folder) => byFolder.get(folder) ?? [])) from?.dependencies.add(bomRef);
  };
  connect(program, direct);
  for (const { folder, dependsOn } of packages) connect(byFolder.get(folder), dependsOn);
  for (const component of components.values()) bom.components.add(component);
  if (nodeVersion !== undefined) {
    const node = nodeComponent(nodeVersion);
    bom.components.add(node);
    program.dependencies.add(node.bomRef);
  }
  const serializer = new JsonSerializer(new Json.Normalize.Factory(Spec1dot6));
  // The lists are already in order. The library would sort them again, depending on the locale.
  return `${serializer.serialize(bom, { sortLists: false, space: 2 })}\n`;
}

type Named = Pick<BundledPackage, "name" | "version" | "license" | "description">;

function npmComponent({ name, version, license, description }: Named, type: ComponentType): Component {
  const manifest = { name, version, ...(license && { license }), ...(description && { description }) };
  const component = fromManifest.makeComponent(manifest, type);
  if (component === undefined) throw new Error(`"${name}" is not a name of a package`);
  return referredTo(component, npmUrl({ name, version }));
}

const fromManifest = new Builders.ComponentBuilder(
  new Factories.ExternalReferenceFactory(),
  new LicenseFactories.LicenseFactory(parseLicense),
);

/** With a CPE, which is the name under which vulnerabilities of Node.js are published. */
function nodeComponent(version: string): Component {
  const component = new Component(ComponentType.Platform, "node", {
    version,
    description: "The JavaScript runtime of the image.",
    licenses: new LicenseRepository([new SpdxLicense("MIT")]),
    cpe: `cpe:2.3:a:nodejs:node.js:${version}:*:*:*:-:*:*:*`,
  });
  return referredTo(component, `pkg:generic/node@${version}`);
}

function referredTo(component: Component, url: string): Component {
  component.purl = url;
  component.bomRef.value = url;
  return component;
}

function npmUrl({ name, version }: Pick<BundledPackage, "name" | "version">): string {
  return `pkg:npm/${name.replace(/^@/, "%40")}@${encodeURIComponent(version)}`;
}
