import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { validate } from "../../../workers/batch_validator/validate.ts";
import type { Chunk, Manifest } from "../../../workers/model/manifest.ts";
import type { ObjectStore } from "../../../workers/model/objectStore.ts";
import type { Report } from "../../../workers/model/report.ts";
import { endingOf } from "../../../workers/program/endingOf.ts";
import { readSettings } from "../../../workers/settings/readSettings.ts";
import { createStore } from "../../../workers/store/openStore.ts";

export interface Validated {
  readonly exitCode: number;
  /** How it ended badly; "" where it did not. */
  readonly message: string;
  readonly hint: string;
  readonly files: readonly string[];
  readonly manifest: Manifest | undefined;
  readonly chunks: readonly Chunk[] | undefined;
  readonly report: Report | undefined;
  readonly html: string | undefined;
  readonly rejects: string | undefined;
}

export interface ValidateOptions {
  /** Further arguments. */
  readonly argv?: readonly string[];
  /** Written as JSON; a text or bytes as they are. */
  readonly schema?: unknown;
}

const folders: string[] = [];

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "validator-test-"));
  folders.push(folder);
  return folder;
}

/** For afterAll. */
export async function removeTemporaryFolders(): Promise<void> {
  await Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true })));
}

/** The arguments for a file with these bytes and a schema, and where the results will be. */
export function prepare(bytes: string | Uint8Array, { argv = [], schema }: ValidateOptions = {}) {
  const folder = temporaryFolder();
  const input = join(folder, "in.csv");
  writeFileSync(input, bytes);
  const schemaFile = join(folder, "schema.json");
  if (schema !== undefined) writeFileSync(schemaFile, isWritten(schema) ? schema : JSON.stringify(schema));
  const output = join(folder, "out");
  const named = [...(schema === undefined ? [] : ["--schema", schemaFile]), "--output", output, "--threads", "1"];
  const given = new Set(argv);
  // An argument of the test replaces the one that stands here.
  const defaults = pairs(["--input", input, ...named]).filter(([flag]) => !given.has(flag));
  return { argv: [...defaults.flat(), ...argv], folder, output };
}

function isWritten(schema: unknown): schema is string | Uint8Array {
  return typeof schema === "string" || schema instanceof Uint8Array;
}

function pairs(words: readonly string[]): (readonly [string, string])[] {
  return Array.from({ length: words.length / 2 }, (_, index) => [words[2 * index] ?? "", words[2 * index + 1] ?? ""]);
}

/** Validates in this process what the program would: the settings, the store, the flow and the exit code are its own. */
export async function validateFile(bytes: string | Uint8Array, options: ValidateOptions = {}): Promise<Validated> {
  const { argv, output } = prepare(bytes, options);
  const ending = await runValidator(argv);
  return { ...ending, ...resultsIn(output) };
}

export async function runValidator(
  argv: readonly string[],
  wrap: (store: ObjectStore) => ObjectStore = (store) => store,
): Promise<Pick<Validated, "exitCode" | "message" | "hint">> {
  const { signal } = new AbortController();
  const storeSettings = { region: "", bucket: undefined };
  const store = createStore(storeSettings);
  const quiet = () => {};
  try {
    const reading = readSettings("batch_validator", argv, {});
    if ("text" in reading) throw new Error("help was asked for");
    await validate({
      settings: reading.settings,
      store: wrap(store),
      storeSettings,
      log: { info: quiet, warn: quiet, error: quiet },
      metrics: { emit: quiet },
      progress: { update: quiet, end: quiet },
      signal,
      batchJobId: undefined,
      attempt: 1,
      stdout: process.stdout,
    });
    return { exitCode: 0, message: "", hint: "" };
  } catch (error) {
    const { exitCode, message, hint = "", stack } = endingOf(error, signal);
    return { exitCode, message: stack ?? message, hint };
  } finally {
    store.destroy();
  }
}

export function resultsIn(output: string): Omit<Validated, "exitCode" | "message" | "hint"> {
  const files = existsSync(output) ? readdirSync(output).sort() : [];
  const textOf = (name: string) => (files.includes(name) ? readFileSync(join(output, name), "utf8") : undefined);
  const jsonOf = (name: string) => {
    const text = textOf(name);
    return text === undefined ? undefined : JSON.parse(text);
  };
  return {
    files,
    manifest: jsonOf("manifest.json"),
    chunks: jsonOf("chunks.json"),
    report: jsonOf("report.json"),
    html: textOf("report.html"),
    rejects: textOf("rejects.csv"),
  };
}
