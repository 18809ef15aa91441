import type { ValidateFunction } from "ajv/dist/2020.js";
import type { FieldFailure } from "../model/columnPlan.ts";
import { describeRule, requiredFailure } from "./describe.ts";
import type { Compile } from "./exactSchemas.ts";
import { fieldValue } from "./fieldValue.ts";
import type { Resolve } from "./references.ts";
import type { SchemaNode } from "./schemaNode.ts";
import type { ValueType } from "./valueTypes.ts";

/** What the exact check of a column needs. */
export interface JudgedColumn {
  readonly node: SchemaNode;
  readonly types: ReadonlySet<ValueType>;
  readonly required: boolean;
  /** The column has to be there, and allows null: what an empty field then is. Elsewhere it is an absent property. */
  readonly nullWhenEmpty: boolean;
}

/** The exact check of one column. Bad values come in millions, so a failure is made once per rule. */
export function judgeColumn(
  { node, types, required }: JudgedColumn,
  compile: Compile,
  resolve: Resolve,
): (text: string) => FieldFailure | undefined {
  let validate: ValidateFunction | undefined;
  const failures = new Map<string, FieldFailure>();

  return (text) => {
    if (text === "") return required ? requiredFailure : undefined;
    validate ??= compile(node);
    if (validate(fieldValue(text, types))) return undefined;
    // A keyword that holds others, such as anyOf, stands after what they say.
    const rule = validate.errors?.at(-1)?.keyword ?? "schema";
    const known = failures.get(rule);
    if (known !== undefined) return known;
    const failure = { rule, expected: describeRule(rule, node, types, resolve) };
    failures.set(rule, failure);
    return failure;
  };
}
