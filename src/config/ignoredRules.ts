import type { ConfigSource } from "../model/configSource.ts";
import { isObject } from "../model/json.ts";
import { InvalidInput, type Problem } from "../model/problem.ts";
import { nearest } from "../shared/nearest.ts";
import { pointerTo } from "../shared/pointer.ts";

/**
 * Ids of the rules that the config switches off; its schema requires a reason for each.
 * An unknown id would silently switch off nothing, so it throws `InvalidInput`.
 */
export function ignoredRules(source: ConfigSource, rules: readonly { readonly id: string }[]): ReadonlySet<string> {
  const { ignore_rules } = source.value;
  const ignored = isObject(ignore_rules) ? Object.keys(ignore_rules) : [];
  const known = rules.map(({ id }) => id);
  const unknown = ignored.filter((id) => !known.includes(id));
  if (unknown.length > 0) throw new InvalidInput(unknown.map((id) => toProblem(id, known, source)));
  return new Set(ignored);
}

function toProblem(id: string, known: readonly string[], source: ConfigSource): Problem {
  const pointer = pointerTo("/ignore_rules", id);
  const close = nearest(id, known);
  return {
    rule: "ignored-rule",
    severity: "error",
    ...source.locateKey(pointer),
    pointer,
    found: id,
    expected: "the id of a lint rule",
    hint: close
      ? `did you mean ${close}?`
      : '"gen-batch-config explain" lists them; findings of a schema cannot be ignored',
  };
}
