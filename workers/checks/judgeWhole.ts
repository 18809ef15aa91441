import type { ErrorObject, ValidateFunction } from "ajv/dist/2020.js";
import { pointerKeys } from "../../src/shared/pointer.ts";
import type { FieldFailure, RecordChecks } from "../model/columnPlan.ts";
import { describeKeyword } from "./describe.ts";
import type { Compile } from "./exactSchemas.ts";
import { fieldValue } from "./fieldValue.ts";
import type { JudgedColumn } from "./judgeColumn.ts";
import type { SchemaObject } from "./schemaNode.ts";
import type { ValueType } from "./valueTypes.ts";

type Judgement = ReturnType<RecordChecks["judgeRecord"]>;

/** The exact check of rules between columns. */
export function judgeWhole(
  rules: readonly SchemaObject[],
  names: readonly string[],
  columns: readonly JudgedColumn[],
  compile: Compile,
): RecordChecks["judgeRecord"] {
  let validate: ValidateFunction | undefined;
  const judgements = new Map<string, Judgement>();
  const indexes = new Map(names.map((name, index) => [name, index]));

  return (values) => {
    validate ??= compile({ allOf: rules });
    if (validate(toObject(values, names, columns))) return undefined;
    const error = blamed(validate.errors ?? []);
    const name = columnOf(error);
    const key = `${error.schemaPath} ${name ?? ""}`;
    const known = judgements.get(key);
    if (known !== undefined) return known;
    const column = (name === undefined ? undefined : indexes.get(name)) ?? -1;
    const judgement = { column, failure: failureOf(error, columns[column]) };
    judgements.set(key, judgement);
    return judgement;
  };
}

/**
 * A missing value is an absent property. Without a prototype, an empty column called "constructor" is missing as well.
 */
function toObject(values: readonly string[], names: readonly string[], columns: readonly JudgedColumn[]): object {
  const record: Record<string, unknown> = Object.create(null);
  for (const [index, name] of names.entries()) {
    const text = values[index] ?? "";
    const { types, nullWhenEmpty } = columns[index] as JudgedColumn;
    if (text !== "") record[name] = fieldValue(text, types);
    else if (nullWhenEmpty) record[name] = null;
  }
  return record;
}

/** The error of a then or else is more useful than that of the if around it. */
function blamed(errors: readonly ErrorObject[]): ErrorObject {
  const last = errors.at(-1);
  if (last === undefined) throw new Error("ajv refused a record without an error");
  return (last.keyword === "if" ? errors.at(-2) : undefined) ?? last;
}

function columnOf({ params, instancePath }: ErrorObject): string | undefined {
  const missing = params.missingProperty ?? params.additionalProperty ?? params.propertyName;
  return typeof missing === "string" ? missing : pointerKeys(instancePath)[0];
}

const noTypes: JudgedColumn["types"] = new Set();

function failureOf({ keyword, schema, params }: ErrorObject, column: JudgedColumn | undefined): FieldFailure {
  if (keyword === "dependentRequired" || keyword === "dependencies") {
    return { rule: keyword, expected: `a value, because ${JSON.stringify(params.property)} has one` };
  }
  const types = keyword === "type" ? new Set([schema].flat() as ValueType[]) : (column?.types ?? noTypes);
  return { rule: keyword, expected: `${describeKeyword(keyword, schema, types)}, by a rule for the whole record` };
}
