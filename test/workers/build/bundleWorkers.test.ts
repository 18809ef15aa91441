import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type BundledWorker, bundleWorkers } from "../../../workers/build/bundleWorkers.ts";
import { expectSbom } from "./expectSbom.ts";
import { emptyFolder, sources } from "./sources.ts";

const files = {
  "batch_processor/main.ts": `
    import pino from "pino";
    const { SQSClient } = await import("@aws-sdk/client-sqs");
    pino().info(typeof SQSClient);
  `,
};

async function bundled(): Promise<BundledWorker> {
  const [worker] = await bundleWorkers({
    only: ["batch_processor"],
    sourceFolder: sources(files),
    targetFolder: emptyFolder(),
  });
  if (worker === undefined) throw new Error("nothing was bundled");
  return worker;
}

test("a bundle stands in one folder with its launcher, licences and bill of materials", async () => {
  const { folder, sizes } = await bundled();
  const found = readdirSync(folder).sort();
  expect(found).toEqual([...sizes.keys()].sort());
  for (const name of ["batch_processor", "batch_processor.js", "package.json", "LICENSE"])
    expect(found).toContain(name);
  expect(statSync(join(folder, "batch_processor")).mode & 0o111).toBe(0o111);
});

test("the licences name every package of the bill of materials, and hold each text once", async () => {
  const { folder } = await bundled();
  const licences = readFileSync(join(folder, "THIRD-PARTY-LICENSES"), "utf8");
  const components = expectSbom(readFileSync(join(folder, "sbom.cdx.json"), "utf8"));
  const lines = licences.split("\n");
  expect(components.length).toBeGreaterThan(10);
  for (const { group, name, version } of components) {
    const fullName = group === undefined ? name : `${group}/${name}`;
    expect(lines.filter((line) => line.startsWith(`${fullName} ${version} (`))).toHaveLength(1);
  }
  expect(licences).not.toContain("licence not stated");
  const sections = licences.split(/\n={80}\n/).slice(1);
  const texts = sections.map((section) => section.trim().replace(/^[^\n]+ \([^\n]+\)\n/gm, ""));
  expect(new Set(texts).size).toBe(texts.length);
});

test("the bill of materials of an image has the Node.js of that image, by which vulnerabilities are found", async () => {
  const { sbomWithNode } = await bundled();
  const components = expectSbom(sbomWithNode("24.21.0"));
  expect(components.filter(({ type }) => type === "platform")).toMatchObject([
    { name: "node", version: "24.21.0", cpe: "cpe:2.3:a:nodejs:node.js:24.21.0:*:*:*:-:*:*:*" },
  ]);
});
