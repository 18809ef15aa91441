import { isObject, setKey } from "../model/json.ts";
import type { Placeholder } from "../model/placeholder.ts";
import { type PlaceholderUse, propertySchema, type SchemaNode } from "../model/schemaNode.ts";
import { schemaTree } from "../model/schemas.ts";
import { parseText } from "../model/templateText.ts";
import { pointerKeys, pointerTo } from "../shared/pointer.ts";

/** The placeholders that the schema of the config allows in the text at a pointer. Within a document all are allowed. */
export function placeholderUse(pointer: string): PlaceholderUse {
  let node: SchemaNode | undefined = schemaTree("config");
  let use: PlaceholderUse = "none";
  for (const key of pointerKeys(pointer)) {
    if (node !== undefined && "x-override" in node) return "any";
    node = node?.items ?? propertySchema(node, key);
    use = node?.["x-placeholders"] ?? use;
  }
  return use;
}

type Placeholders = ReadonlyMap<string, Placeholder>;

/** The placeholders that can be used in the text at a pointer; undefined where the text is literal, `${` included. */
export function usableAt(pointer: string, known: Placeholders): Placeholders | undefined {
  const use = placeholderUse(pointer);
  if (use === "any") return known;
  return use === "prefix" ? new Map([...known].filter(([name]) => name === "PREFIX")) : undefined;
}

/** The value with each text in it replaced; keys stay. */
export function mapTexts(value: unknown, pointer: string, change: (text: string, pointer: string) => unknown): unknown {
  if (typeof value === "string") return change(value, pointer);
  if (Array.isArray(value)) return value.map((item, index) => mapTexts(item, pointerTo(pointer, index), change));
  if (!isObject(value)) return value;
  const mapped = {};
  for (const [key, item] of Object.entries(value)) setKey(mapped, key, mapTexts(item, pointerTo(pointer, key), change));
  return mapped;
}

/**
 * A config with a sample in place of each placeholder that can be used there, so that a JSON Schema can validate it before
 * anything is bound. Where none can be used the schema validates the text as written.
 */
export function withSamples(config: unknown, known: Placeholders): unknown {
  return mapTexts(config, "", (text, pointer) => {
    const usable = usableAt(pointer, known);
    return usable === undefined ? text : sampleText(text, usable);
  });
}

/** Text that cannot be parsed and placeholders that cannot be used stay unchanged: binding reports them. */
function sampleText(text: string, known: Placeholders): unknown {
  const parsed = parseText(text);
  if (!parsed.ok) return text;
  const [only] = parsed.parts;
  if (parsed.parts.length === 1 && only && "placeholder" in only) return known.get(only.placeholder)?.sample ?? text;
  return parsed.parts
    .map((part) =>
      "literal" in part ? part.literal : String(known.get(part.placeholder)?.sample ?? `\${${part.placeholder}}`),
    )
    .join("");
}
