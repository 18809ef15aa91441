import { pointerTo } from "../../src/shared/pointer.ts";
import { formats } from "./formats.ts";
import { keywords } from "./keywords.ts";
import type { RecordLayers } from "./recordLayers.ts";
import type { Resolve } from "./references.ts";
import { combined, type SchemaNode } from "./schemaNode.ts";
import type { SchemaProblem } from "./schemaProblem.ts";
import { onlyText, type ValueType, valueTypes } from "./valueTypes.ts";

/**
 * Keywords without effect, for every column that the schema names, whether the file has it or not: a schema is valid or
 * not on its own.
 */
export function columnProblems({ properties }: RecordLayers, resolve: Resolve): readonly SchemaProblem[] {
  return [...properties.values()].flatMap((placed) => {
    const types = valueTypes(combined(placed.map(({ node }) => node)), resolve) ?? onlyText;
    return placed.flatMap(({ node, pointer }) => checkTypes(node, pointer, types, resolve));
  });
}

/**
 * Keywords that do not apply to the values of a column, such as a maxLength of integers. JSON Schema silently ignores
 * them, but their author expects them to be checked.
 */
function checkTypes(
  column: SchemaNode,
  pointer: string,
  types: ReadonlySet<ValueType>,
  resolve: Resolve,
): readonly SchemaProblem[] {
  if (typeof column === "boolean") return [];
  const own = column.type === undefined ? types : new Set([column.type].flat() as ValueType[]);
  const problems: SchemaProblem[] = [];
  for (const [name, value] of Object.entries(column)) {
    const at = pointerTo(pointer, name);
    const about = name === "format" ? formats.get(String(value))?.about : keywords.get(name)?.about;
    if (about === "text" && !own.has("string")) {
      problems.push({ pointer: at, found: value, expected: `a column of type string, not ${[...own].join(", ")}` });
    }
    if (about === "number" && !own.has("number") && !own.has("integer")) {
      problems.push({
        pointer: at,
        found: value,
        expected: `a column of type integer or number, not ${[...own].join(", ")}`,
      });
    }
    if (name === "$ref") {
      const target = resolve(String(value));
      if (target !== undefined) problems.push(...checkTypes(target.node, target.pointer, own, resolve));
    } else if (name === "allOf") {
      for (const [index, part] of (value as SchemaNode[]).entries()) {
        problems.push(...checkTypes(part, pointerTo(at, index), own, resolve));
      }
    }
  }
  return problems;
}
