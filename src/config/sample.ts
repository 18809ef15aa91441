import type { Placeholder } from "../model/placeholder.ts";
import { parseText } from "../model/templateText.ts";
import { mapTexts, usableAt } from "./placeholderUse.ts";

/**
 * A config with a sample in the place of each placeholder that can be used there, so that a JSON Schema can judge it before
 * anything is bound. Where none can be used the schema judges the text as it is written.
 */
export function withSamples(config: unknown, known: ReadonlyMap<string, Placeholder>): unknown {
  return mapTexts(config, "", (text, pointer) => {
    const usable = usableAt(pointer, known);
    return usable === undefined ? text : sampleText(text, usable);
  });
}

/** Text that cannot be read, and a placeholder that cannot be used, stay as they are: binding reports them. */
function sampleText(text: string, known: ReadonlyMap<string, Placeholder>): unknown {
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
