/** A JSON Schema or a part of one, known only to be an object. */
export type SchemaObject = Readonly<Record<string, unknown>>;

/** `true` accepts everything, `false` nothing. */
export type SchemaNode = SchemaObject | boolean;

export const isObject = (value: unknown): value is SchemaObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** An own property: names come from files, and one of them may be "constructor". */
export const member = (object: SchemaObject, key: string): unknown =>
  Object.hasOwn(object, key) ? object[key] : undefined;

/** The members of a map of schemas that is known to be one. */
export const nodesOf = (map: unknown): readonly [string, SchemaNode][] =>
  isObject(map) ? (Object.entries(map) as [string, SchemaNode][]) : [];

/** A schema that accepts what all of these accept. */
export function combined(nodes: readonly SchemaNode[]): SchemaNode {
  const [first, ...more] = nodes;
  return first === undefined ? true : more.length === 0 ? first : { allOf: nodes };
}
