import { Buffer } from "node:buffer";
import { open } from "node:fs/promises";
import type { ConfigSource, Place } from "../model/configSource.ts";
import { isObject, setKey } from "../model/json.ts";
import { Fault, InvalidInput, type Problem, WrongUsage } from "../model/problem.ts";
import { pointerKeys, pointerTo, valueAt } from "../shared/pointer.ts";
import { parseSetting } from "./setting.ts";

export interface ConfigRequest {
  /** Path of the config file; without it the flags alone are the config. */
  readonly path?: string;
  readonly prefix?: string;
  readonly latePrefix?: boolean;
  /** `path=value` pairs, in the order given. */
  readonly settings: readonly string[];
}

/** Reads the config file and lays the flags over it. Flags win, and keep their own place for messages. */
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

/** What no flag gave as a whole stands at the first flag that gave a part of it. */
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

/** In pieces, because a pipe or a device does not tell its size, and may have no end. Undefined when there is more. */
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

interface FlagValue {
  readonly pointer: string;
  readonly value: unknown;
  /** What the user typed, for messages. */
  readonly name: string;
}

function flagValues(request: ConfigRequest): readonly FlagValue[] {
  const flags: FlagValue[] = [];
  if (request.prefix !== undefined) flags.push({ pointer: "/prefix", value: request.prefix, name: "--prefix" });
  if (request.latePrefix) flags.push({ pointer: "/late_prefix", value: true, name: "--late-prefix" });
  for (const setting of request.settings) flags.push(parseSetting(setting));
  return flags;
}

function flagPlace(flags: readonly FlagValue[], pointer: string): Place | undefined {
  const flag = flags.findLast(
    (candidate) => pointer === candidate.pointer || pointer.startsWith(`${candidate.pointer}/`),
  );
  return flag && placeOf(flag);
}

function placeOf(flag: FlagValue): Place {
  return { file: flag.name, position: { line: 1, column: 1 } };
}

function setAt(root: Record<string, unknown>, pointer: string, value: unknown, flag: string): void {
  const keys = pointerKeys(pointer);
  const last = keys.pop() as string;
  let target: Record<string, unknown> = root;
  let walked = "";
  for (const key of keys) {
    walked = pointerTo(walked, key);
    const next = Object.hasOwn(target, key) ? target[key] : undefined;
    if (next !== undefined && next !== null && !isObject(next)) {
      throw new WrongUsage(`${flag} reaches into ${walked}, which is not an object`, "set the whole value instead");
    }
    if (!isObject(next)) setKey(target, key, {});
    target = target[key] as Record<string, unknown>;
  }
  setKey(target, last, value);
}
