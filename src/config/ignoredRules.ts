import type { ConfigSource } from "../model/configSource.ts";
import { isObject } from "../model/json.ts";

/** Ids of the rules that the config switches off; `checkConfig` has seen to it that each has its reason. */
export function ignoredRules(source: ConfigSource): ReadonlySet<string> {
  const { ignore_rules } = source.value;
  return new Set(isObject(ignore_rules) ? Object.keys(ignore_rules) : []);
}
