import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import { bundledPackages, directDependencies } from "../../../workers/build/bundledPackages.ts";
import { bundleProgram } from "../../../workers/build/bundleProgram.ts";
import { repositoryRoot } from "../../../workers/build/bundleWorkers.ts";
import type { Program } from "../../../workers/build/programs.ts";
import { writeFolder } from "../../../workers/build/writeFolder.ts";
import { emptyFolder, sources } from "./sources.ts";

const inParts: Program = {
  name: "worker",
  description: "A worker.",
  entryPoints: { "worker.js": "worker/main.ts" },
  shape: "parts",
};

const inOneFile: Program = { ...inParts, entryPoints: { "index.mjs": "worker/main.ts" }, shape: "one file" };

const worker = {
  "worker/main.ts": `
    import pino from "pino";
    import { Command } from "commander";
    pino().info(new Command("worker").name());
    if (process.argv.includes("--kafka")) console.log(typeof (await import("./kafka.ts")).Kafka);
  `,
  "worker/kafka.ts": 'export { Kafka } from "kafkajs";',
};

test("the same sources give the same bytes, without a path of this machine in them", async () => {
  const options = { workingFolder: repositoryRoot, sourceFolder: sources(worker) };
  const first = await bundleProgram(inParts, options);
  const second = await bundleProgram(inParts, options);
  expect([...second.files]).toEqual([...first.files]);
  const text = textOf(first.files);
  expect(text).not.toContain(repositoryRoot);
  expect(text).not.toContain(options.sourceFolder);
});

test("a bundle runs on its own, and loads a client from a file that stands apart", async () => {
  const sourceFolder = sources(worker);
  const { files } = await bundleProgram(inParts, { workingFolder: repositoryRoot, sourceFolder });
  const start = new TextDecoder().decode(files.get("worker.js"));
  expect(start).toMatch(/import\("\.\/kafka-\w+\.js"\)/);
  expect(start).not.toContain("KafkaJSError");
  const output = run(await written(files), "worker.js", "--kafka");
  expect(output).toContain('"msg":"worker"');
  expect(output).toMatch(/^function$/m);
});

test("a Lambda function is one file, whatever it loads when", async () => {
  const sourceFolder = sources(worker);
  const { files } = await bundleProgram(inOneFile, { workingFolder: repositoryRoot, sourceFolder });
  expect([...files.keys()]).toEqual(["index.mjs"]);
  expect(run(await written(files), "index.mjs", "--kafka")).toMatch(/^function$/m);
});

test("the bundled pino has no thread that writes its lines", async () => {
  const useTransport = 'import pino from "pino"; pino({ transport: { target: "pino/file" } });';
  const sourceFolder = sources({ "worker/main.ts": useTransport });
  const { files, metafile } = await bundleProgram(inParts, { workingFolder: repositoryRoot, sourceFolder });
  const names = bundledPackages(metafile, repositoryRoot).map(({ name }) => name);
  expect(names).toContain("pino");
  expect(names).not.toContain("thread-stream");
  const folder = await written(files);
  expect(() => run(folder, "worker.js")).toThrow("the bundled pino has no transports");
});

test("code that looks for files beside itself is refused, because an ES module has no __dirname", async () => {
  const sourceFolder = sources({
    "worker/main.ts": 'import "./beside.cjs";',
    "worker/beside.cjs": "module.exports = require('node:path').join(__dirname, 'data');",
  });
  const bundling = bundleProgram(inParts, { workingFolder: repositoryRoot, sourceFolder });
  await expect(bundling).rejects.toThrow("worker.js uses __dirname or __filename");
});

test.each([inParts, inOneFile])(
  "a CommonJS package that is loaded when it is used has its names, as in Node.js ($shape)",
  async (program) => {
    const sourceFolder = sources({
      "worker/main.ts": `
      const { Kafka, logLevel } = await import("kafkajs");
      const { generateAuthTokenFromCredentialsProvider: sign } = await import("aws-msk-iam-sasl-signer-js");
      const { default: ajv } = await import("ajv");
      console.log(typeof Kafka, logLevel.INFO, typeof sign, typeof ajv);
    `,
    });
    const { files, metafile } = await bundleProgram(program, { workingFolder: repositoryRoot, sourceFolder });
    expect(run(await written(files), Object.keys(program.entryPoints)[0] ?? "")).toBe("function 4 function function\n");
    // The bill of materials still knows who uses them.
    expect(directDependencies(metafile)).toContain("node_modules/kafkajs");
  },
);

test("a program without its source is named", async () => {
  const bundling = bundleProgram(inParts, { workingFolder: repositoryRoot, sourceFolder: sources({}) });
  await expect(bundling).rejects.toThrow(/^worker cannot be bundled: there is no .*worker\/main\.ts$/);
});

async function written(files: ReadonlyMap<string, Uint8Array>): Promise<string> {
  // Packages beside it would hide that one is missing in the bundle.
  const folder = emptyFolder();
  const all = new Map([...files].map(([path, contents]) => [path, { contents }]));
  await writeFolder(folder, all.set("package.json", { contents: Buffer.from('{ "type": "module" }') }));
  return folder;
}

function run(folder: string, program: string, ...args: string[]): string {
  return execFileSync(process.execPath, [join(folder, program), ...args], { encoding: "utf8", stdio: "pipe" });
}

function textOf(files: ReadonlyMap<string, Uint8Array>): string {
  return [...files.values()].map((contents) => new TextDecoder().decode(contents)).join("\n");
}
