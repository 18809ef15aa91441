import { isObject, setKey } from "../model/json.ts";
import type { Placeholder } from "../model/placeholder.ts";
import { parseText } from "../model/templateText.ts";

/**
 * The value with a sample in the place of each placeholder, so that a JSON Schema can judge it before anything is bound.
 * Text that cannot be read is left as it is: binding reports it.
 */
export function withSamples(value: unknown, known: ReadonlyMap<string, Placeholder>): unknown {
  if (typeof value === "string") return sampleText(value, known);
  if (Array.isArray(value)) return value.map((item) => withSamples(item, known));
  if (!isObject(value)) return value;
  const sampled = {};
  for (const [key, item] of Object.entries(value)) setKey(sampled, key, withSamples(item, known));
  return sampled;
}

function sampleText(text: string, known: ReadonlyMap<string, Placeholder>): unknown {
  const parsed = parseText(text);
  if (!parsed.ok) return text;
  const [only] = parsed.parts;
  if (parsed.parts.length === 1 && only && "placeholder" in only) {
    const placeholder = known.get(only.placeholder);
    if (placeholder) return placeholder.sample;
  }
  return parsed.parts
    .map((part) => ("literal" in part ? part.literal : String(known.get(part.placeholder)?.sample ?? text)))
    .join("");
}
