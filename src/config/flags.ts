import type { Place } from "../model/configSource.ts";
import { isObject, setKey } from "../model/json.ts";
import { WrongUsage } from "../model/problem.ts";
import { pointerKeys, pointerTo } from "../shared/pointer.ts";

/** The flags of the command line that are part of the config. */
export interface Flags {
  readonly prefix?: string;
  readonly latePrefix?: boolean;
  /** `path=value` pairs, in the order given. */
  readonly settings: readonly string[];
}

export interface FlagValue {
  readonly pointer: string;
  readonly value: unknown;
  /** What the user typed, for messages. */
  readonly name: string;
}

export function flagValues(request: Flags): readonly FlagValue[] {
  const flags: FlagValue[] = [];
  if (request.prefix !== undefined) flags.push({ pointer: "/prefix", value: request.prefix, name: "--prefix" });
  if (request.latePrefix) flags.push({ pointer: "/late_prefix", value: true, name: "--late-prefix" });
  for (const setting of request.settings) flags.push(parseSetting(setting));
  return flags;
}

export function flagPlace(flags: readonly FlagValue[], pointer: string): Place | undefined {
  const flag = flags.findLast(
    (candidate) => pointer === candidate.pointer || pointer.startsWith(`${candidate.pointer}/`),
  );
  return flag && placeOf(flag);
}

export function placeOf(flag: FlagValue): Place {
  return { file: flag.name, position: { line: 1, column: 1 } };
}

/** One `--set path=value`. The path is dotted (`tags.Team`), or a JSON pointer when a key itself contains a dot. */
function parseSetting(setting: string): FlagValue {
  const equals = setting.indexOf("=");
  if (equals < 1) {
    throw new WrongUsage(
      `--set ${JSON.stringify(setting)} has no path=value`,
      "for example --set compute_environment.compute_resources.max_vcpus=128",
    );
  }
  const path = setting.slice(0, equals);
  const pointer = path.startsWith("/") ? path : path.split(".").reduce(pointerTo, "");
  if (/(^|\/)(\/|$)/.test(pointer.slice(1)) || pointer === "/") {
    throw new WrongUsage(`--set ${JSON.stringify(setting)} has an empty key in its path`, "write key.key=value");
  }
  return { pointer, value: parseValue(setting.slice(equals + 1)), name: `--set ${path}` };
}

/** Numbers, true, false, null, lists and objects as JSON; anything else is text. */
function parseValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

export function setAt(root: Record<string, unknown>, pointer: string, value: unknown, flag: string): void {
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
