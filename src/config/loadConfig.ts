import { Buffer } from "node:buffer";
import { open } from "node:fs/promises";
import type { ConfigSource, Place } from "../model/configSource.ts";
import { isObject } from "../model/json.ts";
import { Fault, InvalidInput, type Problem, WrongUsage } from "../model/problem.ts";
import { valueAt } from "../shared/pointer.ts";
import { type Flags, type FlagValue, flagPlace, flagValues, placeOf, setAt } from "./flags.ts";

export interface ConfigRequest extends Flags {
  /** Path of the config file; without one the config consists of the flags alone. */
  readonly path?: string;
}

/** Reads the config file and applies the flags, which take precedence and keep their own position for messages. */
export async function loadConfig(request: ConfigRequest): Promise<ConfigSource> {
  const flags = flagValues(request);
  const file = request.path === undefined ? flagsAlone(flags) : await readConfigFile(request.path);
  const value = structuredClone(file.value);
  for (const flag of flags) setAt(value, flag.pointer, flag.value, flag.name);
  return {
    value,
    locate: (pointer) => flagPlace(flags, pointer) ?? file.locate(pointer),
    locateKey: (pointer) => flagPlace(flags, pointer) ?? file.locateKey(pointer),
    wrote: (pointer) => valueAt(value, pointer) !== undefined,
  };
}

interface ConfigFile {
  readonly value: Record<string, unknown>;
  readonly locate: (pointer: string) => Place;
  readonly locateKey: (pointer: string) => Place;
}

const noPlace: Place = { file: "command line", position: { line: 1, column: 1 } };

/** A value that several flags set in parts is located at the first of them. */
function flagsAlone(flags: readonly FlagValue[]): ConfigFile {
  const locate = (pointer: string): Place => {
    const flag = flags.find((candidate) => pointer !== "" && candidate.pointer.startsWith(`${pointer}/`));
    return flag === undefined ? noPlace : placeOf(flag);
  };
  return { value: {}, locate, locateKey: locate };
}

async function readConfigFile(path: string): Promise<ConfigFile> {
  const bytes = await readBytes(path);
  const { decodeUtf8, readYamlConfig } = await import("./readYaml.ts");
  const text = decodeUtf8(bytes, path);
  if (typeof text !== "string") throw new InvalidInput([text]);
  const read = readYamlConfig(text, path);
  if (read.problems.length > 0) throw new InvalidInput(read.problems);
  if (!isObject(read.value)) throw new InvalidInput([notAMapping(path, read.value)]);
  const at = (locate: (pointer: string) => Place["position"]) => (pointer: string) => ({
    file: path,
    position: locate(pointer),
  });
  return { value: read.value, locate: at(read.locate), locateKey: at(read.locateKey) };
}

// A config of this size is a mistake (a data file, a device); the limit keeps memory bounded.
const maxBytes = 4 * 1024 * 1024;

async function readBytes(path: string): Promise<Uint8Array> {
  try {
    const bytes = await readAtMost(path, maxBytes);
    if (bytes !== undefined) return bytes;
  } catch (error) {
    throw explainReadError(path, error);
  }
  throw new InvalidInput([
    fileProblem(path, `more than ${maxBytes} bytes`, `a config file of at most ${maxBytes} bytes`),
  ]);
}

/** Reads in pieces, because the size of a pipe or a device is unknown and may be infinite. Undefined when there is more. */
async function readAtMost(path: string, limit: number): Promise<Uint8Array | undefined> {
  const handle = await open(path);
  try {
    const pieces: Uint8Array[] = [];
    let size = 0;
    for (;;) {
      const buffer = new Uint8Array(64 * 1024);
      const { bytesRead } = await handle.read(buffer);
      if (bytesRead === 0) return Buffer.concat(pieces);
      pieces.push(buffer.subarray(0, bytesRead));
      size += bytesRead;
      if (size > limit) return undefined;
    }
  } finally {
    await handle.close();
  }
}

function explainReadError(path: string, error: unknown): unknown {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === "ENOENT" || code === "ENOTDIR") {
    return new WrongUsage(`config file ${path} does not exist`, `"gen-batch-config init" writes one`);
  }
  if (code === "EISDIR") return new WrongUsage(`config file ${path} is a directory`, "name the file inside it");
  if (code === undefined) return error;
  const hint = code === "EACCES" ? "give yourself access to it, and to the folders above it" : undefined;
  return new Fault(`cannot read config file ${path} (${code})`, { cause: error, ...(hint !== undefined && { hint }) });
}

function notAMapping(path: string, found: unknown): Problem {
  return fileProblem(path, found, "keys and values, such as prefix: gss-dev");
}

function fileProblem(file: string, found: unknown, expected: string): Problem {
  const start = { line: 1, column: 1 };
  return { rule: "config-file", severity: "error", file, position: start, pointer: "", found, expected };
}
