import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { BundledPackage } from "./bundledPackages.ts";

/** The licences and notices of the packages, each text once. A package that brings no text has its licence's name alone. */
export function thirdPartyLicenses(packages: readonly BundledPackage[], workingFolder: string): string {
  const packagesByText = new Map<string, BundledPackage[]>();
  for (const item of packages) {
    const text = licenseTexts(join(workingFolder, item.folder)).join("\n\n");
    const sharing = packagesByText.get(text);
    if (sharing === undefined) packagesByText.set(text, [item]);
    else sharing.push(item);
  }
  const sections = [...packagesByText].map(([text, sharing]) => {
    const names = sharing.map(
      ({ name, version, license }) => `${name} ${version} (${license ?? "licence not stated"})`,
    );
    return [...names, "", text === "" ? noText : text].join("\n");
  });
  const rule = `\n\n${"=".repeat(80)}\n\n`;
  return `This program contains the following packages.\n${rule}${sections.join(rule)}\n`;
}

// Ours is the Apache License 2.0, and LICENSE stands beside this file.
const noText = "The package brings no licence text. That of Apache-2.0 is in LICENSE.";

function licenseTexts(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && /^(?:licen[cs]e|copying|notice)(?:[.-](?!.*\.(?:js|ts)$)|$)/i.test(entry.name))
    .map((entry) => entry.name)
    .sort()
    .map((name) => readFileSync(join(folder, name), "utf8").replaceAll("\r\n", "\n").trim());
}
