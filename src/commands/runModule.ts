import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { checkFiles, type TextFile } from "../check/checkFiles.ts";
import { readTemplateJson } from "../check/read/readTemplateJson.ts";
import { checkSettings, checkSettingsOfModule } from "../checkSettings.ts";
import { loadConfig } from "../config/loadConfig.ts";
import { generate } from "../generate.ts";
import type { Placeholder } from "../model/placeholder.ts";
import { Fault, InvalidInput, WrongUsage } from "../model/problem.ts";
import { decodeUtf8 } from "../model/text/decodeUtf8.ts";
import { type DocumentName, documentPath, specOf } from "../model/units.ts";
import { type Definitions, readDefinitions } from "../run/definitions.ts";
import { configHere, moduleHere, usualModule } from "./usualFiles.ts";

/** Where the definitions come from. */
export interface ModuleRequest {
  readonly module?: string;
  readonly config?: string;
  readonly prefix?: string;
}

/** The prefix of a module that is generated only for this run: nothing that a worker does depends on it. */
const prefixOfNone = "local-run";

interface Loaded {
  readonly files: ReadonlyMap<DocumentName, TextFile>;
  readonly known: ReadonlyMap<string, Placeholder>;
}

/** Reads the documents of a generated folder, or generates them now, with values in place of their placeholders. */
export async function loadDefinitions(
  request: ModuleRequest,
  values: Readonly<Record<string, string | undefined>>,
): Promise<Definitions> {
  const { files, known } = await load(request);
  const bound = new Map([...known].map(([name, row]) => [name, { ...row, sample: values[name] ?? row.sample }]));
  const read = (name: DocumentName): unknown => {
    const file = files.get(name);
    if (file === undefined) return undefined;
    const evaluations = specOf(name).asText ? 1 : 2;
    const { document, problems } = readTemplateJson(file.text, file.path, bound, { evaluations });
    if (document === undefined || problems.length > 0) throw new InvalidInput(problems);
    return document.value;
  };
  return readDefinitions({
    validationJob: read("batch-validation-job"),
    processingJob: read("batch-processing-job"),
    stateMachine: read("step-function-definition"),
    lambdaFunction: read("lambda-function"),
  });
}

const required = ["batch-validation-job", "batch-processing-job", "step-function-definition"] as const;
const wanted = [...required, "lambda-function"] as const;

async function load(request: ModuleRequest): Promise<Loaded> {
  const { module, prefix } = request;
  if (module !== undefined && prefix !== undefined) {
    throw new WrongUsage("--module and --prefix cannot be combined", "--prefix generates a module for this run");
  }
  const folder = module ?? (request.config === undefined && prefix === undefined ? await moduleHere() : undefined);
  const config = request.config ?? (prefix === undefined ? await configHere() : undefined);
  const loaded = folder === undefined ? await generated(config, prefix) : await fromFolder(folder, config);
  for (const name of required) {
    if (loaded.files.has(name)) continue;
    throw new WrongUsage(
      `${folder ?? "the config"} has no ${documentPath(name)}`,
      folder === undefined
        ? "run needs the state machine: do not switch it off in companions"
        : "set --module to a folder that gen-batch-config wrote",
    );
  }
  return loaded;
}

async function generated(config: string | undefined, prefix: string | undefined): Promise<Loaded> {
  const request = {
    settings: [],
    ...(config !== undefined && { path: config }),
    ...(prefix !== undefined && { prefix }),
    ...(config === undefined && prefix === undefined && { prefix: prefixOfNone }),
  };
  const { files, settings } = await generate(request, usualModule, false);
  const found = new Map<DocumentName, TextFile>();
  for (const name of wanted) {
    const path = documentPath(name);
    const file = files.find((candidate) => candidate.path === path);
    if (file !== undefined) found.set(name, { path: `${usualModule}/${path}`, text: file.text });
  }
  return { files: found, known: settings.placeholders };
}

async function fromFolder(folder: string, config: string | undefined): Promise<Loaded> {
  await refuseNoFolder(folder);
  const settings =
    config === undefined
      ? await checkSettingsOfModule(folder)
      : checkSettings(await loadConfig({ path: config, settings: [] }));
  const found = new Map<DocumentName, TextFile>();
  for (const name of wanted) {
    const path = join(folder, documentPath(name));
    const bytes = await readIfThere(path);
    if (bytes === undefined) continue;
    const text = decodeUtf8(bytes, path);
    if (typeof text !== "string") throw new InvalidInput([text]);
    found.set(name, { path, text });
  }
  const errors = checkFiles([...found.values()], settings).filter(({ severity }) => severity === "error");
  if (errors.length > 0) throw new InvalidInput(errors);
  return { files: found, known: settings.placeholders };
}

async function refuseNoFolder(folder: string): Promise<void> {
  const found = await stat(folder).catch(() => undefined);
  if (found?.isDirectory()) return;
  const what = found === undefined ? "does not exist" : "is not a folder";
  throw new WrongUsage(`--module is ${folder}, which ${what}`, "set it to a folder that gen-batch-config wrote");
}

async function readIfThere(path: string): Promise<Uint8Array | undefined> {
  return readFile(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw new Fault(`cannot read ${path} (${error.code})`, { cause: error });
  });
}
