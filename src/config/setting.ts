import { WrongUsage } from "../model/problem.ts";
import { pointerTo } from "../shared/pointer.ts";

/** One `--set path=value`. The path is dotted (`tags.Team`), or a JSON pointer when a key itself holds a dot. */
export function parseSetting(setting: string): { pointer: string; value: unknown; name: string } {
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
