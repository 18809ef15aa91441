import { isObject, setKey } from "../model/json.ts";

/**
 * Applies a partial document to a whole one. Objects are merged key by key, `null` removes a key, an array replaces the
 * whole array; arrays whose every entry has a unique `name` (environment, secrets, volumes) are merged by that name.
 */
export function mergeOverride(base: unknown, override: unknown): unknown {
  if (Array.isArray(base) && Array.isArray(override) && isNamed(base) && isNamed(override)) {
    return mergeByName(base, override);
  }
  if (!isObject(override)) return override;
  const merged = isObject(base) ? { ...base } : {};
  for (const [key, value] of Object.entries(override)) {
    if (value === null) delete merged[key];
    else setKey(merged, key, mergeOverride(Object.hasOwn(merged, key) ? merged[key] : undefined, value));
  }
  return merged;
}

interface Named extends Record<string, unknown> {
  readonly name: string;
}

function isNamed(entries: readonly unknown[]): entries is readonly Named[] {
  const names = entries.map((entry) => (isObject(entry) ? entry.name : undefined));
  return names.every((name) => typeof name === "string") && new Set(names).size === names.length;
}

function mergeByName(base: readonly Named[], override: readonly Named[]): readonly unknown[] {
  const merged = new Map<string, unknown>(base.map((entry) => [entry.name, entry]));
  for (const entry of override) {
    if (entry.value === null) merged.delete(entry.name);
    else merged.set(entry.name, mergeOverride(merged.get(entry.name), entry));
  }
  return [...merged.values()];
}
