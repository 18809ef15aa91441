import { readFileSync } from "node:fs";
import { Ajv2020, type Options } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";

type Row = Record<string, string>;

/** Checks a record of texts against a JSON Schema, as ajv means it. An empty field is a missing value. */
export function recordValidator(schemaPath: string): (row: Row) => boolean {
  const validate = compiled(schemaPath, {});
  return (row) => validate(withoutEmpty(row));
}

/** All that is wrong with a record, as "column keyword". */
export function recordErrors(schemaPath: string): (row: Row) => readonly string[] {
  const validate = compiled(schemaPath, { allErrors: true });
  return (row) => {
    validate(withoutEmpty(row));
    return (validate.errors ?? []).map(({ keyword, instancePath, params }) => {
      const column = keyword === "required" ? String(params.missingProperty) : instancePath.slice(1);
      return `${column} ${keyword}`;
    });
  };
}

function compiled(schemaPath: string, options: Options) {
  // 0.07 is no multiple of 0.01 in binary fractions, unless a difference that small is overlooked.
  const ajv = new Ajv2020({ coerceTypes: true, multipleOfPrecision: 6, ...options });
  // Its types are those of a CommonJS module, whose default export TypeScript takes for the module itself.
  (addFormats as unknown as (ajv: Ajv2020) => void)(ajv);
  return ajv.compile(JSON.parse(readFileSync(schemaPath, "utf8")) as object);
}

function withoutEmpty(row: Row): Row {
  for (const name in row) if (row[name] === "") delete row[name];
  return row;
}
