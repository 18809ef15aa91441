import { isObject, setKey } from "../model/json.ts";
import { itemSchema, propertySchema, type SchemaNode } from "../model/schemaNode.ts";
import { schemaOf } from "../model/schemas.ts";
import type { DocumentName } from "../model/units.ts";

/** Puts the keys of a document in the order of its schema, so that an override never changes where a key stands. */
export function orderLikeSchema(document: unknown, name: DocumentName): unknown {
  return order(document, schemaOf(name));
}

function order(value: unknown, schema: SchemaNode | undefined): unknown {
  if (Array.isArray(value)) return value.map((item) => order(item, itemSchema(schema)));
  if (!isObject(value) || Object.getPrototypeOf(value) !== Object.prototype) return value;
  const inSchema = Object.keys(schema?.properties ?? {}).filter((key) => Object.hasOwn(value, key));
  const others = Object.keys(value).filter((key) => !inSchema.includes(key));
  const ordered = {};
  for (const key of [...inSchema, ...others]) setKey(ordered, key, order(value[key], propertySchema(schema, key)));
  return ordered;
}
