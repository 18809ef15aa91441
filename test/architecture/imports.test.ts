import { readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join, normalize } from "node:path";
import { expect, test } from "vitest";

const files = readdirSync("src", { recursive: true, encoding: "utf8" })
  .filter((path) => path.endsWith(".ts") && !path.endsWith(".d.ts"))
  .map((path) => ({ path: `src/${path}`, text: readFileSync(join("src", path), "utf8") }));

const stages = ["config", "documents", "render", "check", "write", "report", "run"];

/** The files of this project that a file imports, also dynamically. */
function importsOf({ path, text }: { path: string; text: string }): string[] {
  const named = [...text.matchAll(/(?:from|import\()\s*"(\.[^"]+)"/g)].map((match) => match[1] as string);
  return named.map((name) => normalize(join(dirname(path), name)));
}

function stageOf(path: string): string {
  return path.split("/")[1] as string;
}

/** What every stage may import. */
const common = ["model", "shared", "derived"];

/** What a unit declares of itself is data that every stage reads through the model; it stands beside the code of the unit. */
const isDeclaration = (path: string) => /^src\/documents\/[^/]+\/unit\.ts$/.test(path);

test("a stage imports the model, the shared functions, what is derived, and itself; never another stage", () => {
  const wrong = files
    .filter(({ path }) => stages.includes(stageOf(path)))
    .flatMap((file) => importsOf(file).map((imported) => ({ from: file.path, imported })))
    .filter(({ imported }) => !imported.startsWith("schemas/"))
    .filter(({ from, imported }) => ![stageOf(from), ...common].includes(stageOf(imported)))
    // The config stage is where the documents of a config are made.
    .filter(({ from, imported }) => !(stageOf(from) === "config" && stageOf(imported) === "documents"));
  expect(wrong).toEqual([]);
});

test("a unit imports nothing of another unit: it is handed the documents of those before it", () => {
  const unitOf = (path: string) => /^src\/documents\/([^/]+)\//.exec(path)?.[1];
  const wrong = files
    .filter(({ path }) => unitOf(path) !== undefined)
    .flatMap((file) => importsOf(file).map((imported) => ({ from: file.path, imported })))
    .filter(({ from, imported }) => unitOf(imported) !== undefined && unitOf(imported) !== unitOf(from));
  expect(wrong).toEqual([]);
});

test("what src and workers share imports nothing but itself, the schemas and derived types", () => {
  const wrong = files
    .filter(({ path }) => stageOf(path) === "shared")
    .flatMap((file) => importsOf(file).map((imported) => ({ from: file.path, imported })))
    .filter(({ imported }) => !/^(?:schemas|src\/shared|src\/derived)\//.test(imported));
  expect(wrong).toEqual([]);
});

test("what src and workers share has one copy: no other file has its name, and no other function", () => {
  const shared = files.filter(({ path }) => stageOf(path) === "shared");
  const names = shared.flatMap(({ text }) =>
    [...text.matchAll(/^export (?:async )?(?:function|const) (\w+)/gm)].map((match) => match[1] as string),
  );
  expect(names).toEqual(expect.arrayContaining(["nearest", "pointerTo", "quoted", "makeFolder", "retry", "workerOf"]));
  const others = [...files, ...workers].filter((file) => !shared.includes(file));
  const copies = others.filter(({ path, text }) => {
    const isNamed = shared.some((file) => basename(file.path) === basename(path));
    const declared = [...text.matchAll(/^(?:export )?(?:async )?(?:function|const) (\w+)/gm)].map((match) => match[1]);
    return isNamed || declared.some((name) => names.includes(name as string));
  });
  expect(copies.map(({ path }) => path)).toEqual([]);
});

test("the model imports nothing but itself, the shared functions, the schemas, what is derived and what units declare", () => {
  const wrong = files
    .filter(({ path }) => stageOf(path) === "model" || isDeclaration(path))
    .flatMap((file) => importsOf(file).map((imported) => ({ from: file.path, imported })))
    .filter(({ imported }) => !imported.startsWith("schemas/") && !common.includes(stageOf(imported)))
    .filter(({ imported }) => !isDeclaration(imported));
  expect(wrong).toEqual([]);
});

/** The command line, and what it starts to call the function of the workers. */
const programs = ["src/cli.ts", "src/run/jobs/lambdaHost.ts"];

test("only cli.ts, the host of the function and the programs that build the package touch the process", () => {
  const touching = files
    .filter(({ path }) => stageOf(path) !== "derive" && !programs.includes(path))
    .filter(({ text }) => touchesProcess(text))
    .map(({ path }) => path);
  expect(touching).toEqual([]);
});

/** Which process this is, and of which Node, changes nothing and may be asked anywhere. */
function touchesProcess(text: string): boolean {
  const code = text.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, "");
  return /\bprocess\.(?!(?:pid|versions)\b)\w|from "node:process"/.test(code);
}

test("programs are started in one file of the run stage, and that stage is loaded by the command run alone", () => {
  const starting = files.filter(({ text }) => text.includes('"node:child_process"')).map(({ path }) => path);
  expect(starting.filter((path) => stageOf(path) !== "derive")).toEqual(["src/run/jobs/startProcess.ts"]);
  const loading = files
    .filter(({ path }) => stageOf(path) !== "run")
    .filter(({ path, text }) => {
      const runs = text.replaceAll(/^(?:import|export) type [^;]*;/gm, "");
      return importsOf({ path, text: runs }).some((imported) => stageOf(imported) === "run");
    });
  expect(loading.map(({ path }) => path).sort()).toEqual([
    "src/commands/run.ts",
    "src/commands/runModule.ts",
    "src/commands/runValues.ts",
  ]);
});

const workers = readdirSync("workers", { recursive: true, encoding: "utf8" })
  .filter((path) => path.endsWith(".ts") && !/(^|\/)(node_modules|dist)\//.test(path))
  // What makes the bundles does not run in them.
  .filter((path) => !path.startsWith("build/"))
  .map((path) => ({ path: `workers/${path}`, text: readFileSync(join("workers", path), "utf8") }));

const workerStages = [
  "store",
  "decode",
  "records",
  "scanner",
  "checks",
  "messages",
  "sinks",
  "offsets",
  "report",
  "settings",
  "log",
  "progress",
];

test("src and workers import nothing of each other but src/shared", () => {
  const wrong = [
    ...files.flatMap((file) =>
      importsOf(file)
        .filter((imported) => imported.startsWith("workers/"))
        // The bundles of both are made in one way; what makes them does not run in them.
        .filter((imported) => stageOf(file.path) !== "derive" || !imported.startsWith("workers/build/")),
    ),
    ...workers.flatMap((file) => importsOf(file).filter((imported) => /^src\/(?!shared\/)/.test(imported))),
  ];
  expect(wrong).toEqual([]);
});

test("a stage of the workers imports the model, the shared functions, what is derived, and itself; never another stage", () => {
  const wrong = workers
    .filter(({ path }) => workerStages.includes(stageOf(path)))
    .flatMap((file) => importsOf(file).map((imported) => ({ from: file.path, imported })))
    .filter(({ imported }) => !imported.startsWith("schemas/") && imported !== "workers/package.json")
    .filter(({ from, imported }) => ![stageOf(from), ...common].includes(stageOf(imported)))
    // A destination reads its own settings: the table of sinks is all that has to know a new one.
    .filter(({ from, imported }) => !(stageOf(from) === "settings" && /^workers\/sinks\/\w+\.ts$/.test(imported)));
  expect(wrong).toEqual([]);
});

test("every folder of the workers is a stage, or one of those that put stages together", () => {
  const folders = new Set(workers.map(({ path }) => stageOf(path)));
  const together = ["model", "derived", "program", "batch_validator", "batch_processor", "lambda"];
  expect([...folders].filter((folder) => ![...workerStages, ...together].includes(folder))).toEqual([]);
});

test("the model of the workers imports nothing but itself, the shared functions and the schemas", () => {
  const wrong = workers
    .filter(({ path }) => stageOf(path) === "model")
    .flatMap((file) => importsOf(file).map((imported) => ({ from: file.path, imported })))
    .filter(({ imported }) => !imported.startsWith("schemas/") && !["model", "shared"].includes(stageOf(imported)));
  expect(wrong).toEqual([]);
});

/** Where each client of a service may be imported: the edges of the workers. */
const edges: Readonly<Record<string, RegExp>> = {
  "@aws-sdk/client-s3": /^workers\/store\/s3\//,
  "@aws-sdk/client-sqs": /^workers\/sinks\//,
  "aws-msk-iam-sasl-signer-js": /^workers\/sinks\/kafka\//,
  kafkajs: /^workers\/sinks\/kafka\//,
  "node:worker_threads": /^workers\/batch_validator\/\w*[tT]hread\w*\.ts$/,
  // Nothing in the workers starts a program.
  "node:child_process": /^$/,
  pino: /^workers\/log\//,
  commander: /^workers\/settings\//,
};

test("clients and threads appear in the edge files of the workers only", () => {
  const wrong = workers.flatMap(({ path, text }) =>
    packagesOf(text)
      .filter((name) => isClient(name) && !edges[name]?.test(path))
      .map((name) => ({ path, name })),
  );
  expect(wrong).toEqual([]);
});

function isClient(name: string): boolean {
  return name in edges || /^@(aws-sdk|smithy)\//.test(name);
}

/** Names of the packages that a file imports, types left out: they are gone when it runs. */
function packagesOf(text: string): string[] {
  const imported = [
    ...text.matchAll(/^(?:import|export) (?!type )[^;]*?from "([^".][^"]*)"|import\("([^".][^"]*)"\)/gm),
  ];
  return imported.map((match) => {
    const [scope = "", name = ""] = String(match[1] ?? match[2]).split("/");
    return scope.startsWith("@") ? `${scope}/${name}` : scope;
  });
}

/**
 * What is no part of a program's frame and asks the process all the same: the lock of a file, whether its holder is still
 * alive; the handler of the Lambda function, which has no program around it; the client of S3, what its SDK reads from the environment by itself (the endpoint, and where credentials come from).
 */
const asksProcess = ["workers/store/file/fileLock.ts", "workers/store/s3/s3Connection.ts", "workers/lambda/handler.ts"];

test("only the frame of the programs touches the process", () => {
  const touching = workers
    .filter(({ path }) => stageOf(path) !== "program" && !asksProcess.includes(path))
    .filter(({ text }) => touchesProcess(text))
    .map(({ path }) => path);
  expect(touching).toEqual([]);
});

test("reading the settings loads commander and nothing else, so that a mistake is told at once", () => {
  const packages = new Set<string>();
  const seen = new Set<string>();
  const visit = (path: string) => {
    if (seen.has(path) || !path.endsWith(".ts")) return;
    seen.add(path);
    const file = { path, text: readFileSync(path, "utf8") };
    for (const name of packagesOf(file.text.replaceAll(/import\("[^"]*"\)/g, ""))) packages.add(name);
    const runs = file.text.replaceAll(/^(?:import|export) type [^;]*;|import\("[^"]*"\)/gm, "");
    for (const imported of importsOf({ path, text: runs })) visit(imported);
  };
  visit("workers/program/runWorker.ts");
  expect([...packages].filter((name) => !name.startsWith("node:"))).toEqual(["commander"]);
});
