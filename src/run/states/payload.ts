import { isObject } from "../../model/json.ts";
import { evaluate } from "./intrinsics.ts";
import type { Scope } from "./jsonPath.ts";

/** A template with its paths filled in: the value of a key that ends in `.$` is a path or a call, all else is itself. */
export function fillIn(template: unknown, scope: Scope): unknown {
  if (Array.isArray(template)) return template.map((item) => fillIn(item, scope));
  if (!isObject(template)) return template;
  return Object.fromEntries(
    Object.entries(template).map(([key, value]) =>
      key.endsWith(".$") && typeof value === "string"
        ? [key.slice(0, -2), evaluate(value, scope)]
        : [key, fillIn(value, scope)],
    ),
  );
}
