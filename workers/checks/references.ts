import { pointerKeys, pointerTo } from "../../src/shared/pointer.ts";
import { isObject, member, type SchemaNode, type SchemaObject } from "./schemaNode.ts";

/** The part of a schema that a `$ref` refers to. */
export interface Target {
  readonly pointer: string;
  readonly node: SchemaNode;
}

/** Resolves a `$ref`; undefined when it does not refer to a part of this schema. */
export type Resolve = (reference: string) => Target | undefined;

/** Only parts of the schema itself: nothing is fetched. */
export function referencesOf(root: SchemaObject): Resolve {
  const id = typeof root.$id === "string" ? root.$id.replace(/#$/, "") : undefined;
  const anchors = new Map<string, Target>();
  collectAnchors(root, "", anchors, 0);
  const cache = new Map<string, Target | undefined>();

  return (reference) => {
    if (!cache.has(reference)) cache.set(reference, find(reference));
    return cache.get(reference);
  };

  function find(reference: string): Target | undefined {
    const mark = reference.indexOf("#");
    const base = mark === -1 ? reference : reference.slice(0, mark);
    if (base !== "" && base !== id) return undefined;
    const fragment = decoded(mark === -1 ? "" : reference.slice(mark + 1));
    if (fragment === undefined) return undefined;
    if (fragment !== "" && !fragment.startsWith("/")) return anchors.get(fragment);
    let node: unknown = root;
    for (const key of pointerKeys(fragment)) {
      if (Array.isArray(node)) node = node[Number(key)];
      else if (isObject(node)) node = member(node, key);
      else return undefined;
    }
    return isObject(node) || typeof node === "boolean" ? { pointer: fragment, node } : undefined;
  }
}

function decoded(fragment: string): string | undefined {
  try {
    return decodeURIComponent(fragment);
  } catch {
    return undefined;
  }
}

/** Wherever they are: a property called $anchor has an object as its value, not text. */
function collectAnchors(node: unknown, pointer: string, anchors: Map<string, Target>, depth: number): void {
  if (typeof node !== "object" || node === null || depth > maxDepth) return;
  if (isObject(node) && typeof node.$anchor === "string") anchors.set(node.$anchor, { pointer, node });
  for (const [key, child] of Object.entries(node)) collectAnchors(child, pointerTo(pointer, key), anchors, depth + 1);
}

/** Deeper schemas are refused when they are checked. */
export const maxDepth = 100;
