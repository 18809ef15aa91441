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
  /** The column is required and allows null: then an empty field is null. Otherwise it is an absent property. */
  readonly nullWhenEmpty: boolean;
}

/** The exact check of one column. There may be millions of invalid values, so a failure is created once per rule. */
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
    // The error of a keyword that contains others, such as anyOf, comes after theirs.
    const rule = validate.errors?.at(-1)?.keyword ?? "schema";
    const known = failures.get(rule);
    if (known !== undefined) return known;
    const failure = { rule, expected: describeRule(rule, node, types, resolve) };
    failures.set(rule, failure);
    return failure;
  };
}
