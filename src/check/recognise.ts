import { isObject } from "../model/json.ts";
import { documentKinds, kinds } from "../model/kinds.ts";
import type { DocumentKind, KindSpec } from "../model/unitDeclaration.ts";

/** What a JSON file describes: by its name, else by a key that only one kind of document has. */
export function recognise(path: string, value?: unknown): DocumentKind | undefined {
  const name = path.split(/[\\/]/).at(-1) ?? path;
  return byFileName.find(({ fileName }) => fileName.test(name))?.kind ?? byKey(value);
}

const specs: readonly (readonly [DocumentKind, KindSpec])[] = documentKinds.map((kind) => [kind, kinds[kind]]);

const named = specs.map(([kind, { fileName }]) => ({
  kind,
  isOwn: fileName !== undefined,
  fileName: fileName ?? new RegExp(`^${kind}(?:[.-].*)?\\.json$`),
}));

// A name that starts with that of a kind is of this kind, whatever it ends with: a kind's own patterns come after.
const byFileName = [...named.filter(({ isOwn }) => !isOwn), ...named.filter(({ isOwn }) => isOwn)];

function byKey(value: unknown): DocumentKind | undefined {
  if (!isObject(value)) return undefined;
  return specs.find(([, { keys = [] }]) => keys.some((key) => Object.hasOwn(value, key)))?.[0];
}
