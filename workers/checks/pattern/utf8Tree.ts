import type { Alphabet } from "./alphabet.ts";

/** How the bytes of UTF-8 lead to the classes of an alphabet, with equal parts shared. */
export interface Utf8Tree {
  /** Children come before their parents. */
  readonly nodes: readonly TreeNode[];
  /** By first byte: its class when it is a whole character, else the node for the next byte. */
  readonly leads: readonly ({ readonly characterClass: number } | { readonly node: number })[];
}

export interface TreeNode {
  /** Bytes from here to the end of the character. */
  readonly depth: number;
  /** By the lower six bits of the next byte: a node or, at depth 1, a class; `nothing` for what is not UTF-8. */
  readonly children: readonly number[];
}

/** No node and no class. */
export const nothing = -1;

export function utf8Tree(alphabet: Alphabet): Utf8Tree {
  const nodes: TreeNode[] = [];
  const known = new Map<string, number>();
  /** Nodes whose characters all belong to one class, by depth and class. */
  const uniform = new Map<string, number>();

  const leads = Array.from({ length: 256 }, (_, byte) => {
    if (byte < 0x80) return { characterClass: alphabet.classOf(byte) };
    if (byte >= 0xc0 && byte <= 0xdf) return { node: subtree(2, 1, (byte & 0x1f) << 6) };
    if (byte >= 0xe0 && byte <= 0xef) return { node: subtree(3, 2, (byte & 0x0f) << 12) };
    if (byte >= 0xf0 && byte <= 0xf7) return { node: subtree(4, 3, (byte & 0x07) << 18) };
    return { node: nothing };
  });
  return { nodes, leads };

  /** For the characters from `first`, encoded in `length` bytes, that differ in their last `depth` bytes. */
  function subtree(length: number, depth: number, first: number): number {
    const last = first + 64 ** depth - 1;
    if (isNeverWrittenIn(length, first, last)) return nothing;
    if (!isWrittenIn(length, first, last)) return mixed(length, depth, first);
    if (alphabet.lastAlike(first) < last) return mixed(length, depth, first);
    const key = `${depth}:${alphabet.classOf(first)}`;
    const shared = uniform.get(key) ?? mixed(length, depth, first);
    uniform.set(key, shared);
    return shared;
  }

  function mixed(length: number, depth: number, first: number): number {
    const step = 64 ** (depth - 1);
    const children = Array.from({ length: 64 }, (_, index) => {
      const at = first + index * step;
      if (depth > 1) return subtree(length, depth - 1, at);
      return isWrittenIn(length, at, at) ? alphabet.classOf(at) : nothing;
    });
    if (children.every((child) => child === nothing)) return nothing;
    const key = `${depth}:${children.join()}`;
    const node = known.get(key) ?? nodes.push({ depth, children }) - 1;
    known.set(key, node);
    return node;
  }
}

/** All of them are characters whose only encoding has that many bytes. */
function isWrittenIn(length: number, first: number, last: number): boolean {
  if (length === 2) return first >= 0x80;
  if (length === 3) return first >= 0x800 && (last < 0xd800 || first > 0xdfff);
  return first >= 0x10000 && last <= 0x10ffff;
}

/**
 * None of them is. Without this, a quarter of a million numbers beyond the last code point would be checked
 * individually.
 */
function isNeverWrittenIn(length: number, first: number, last: number): boolean {
  if (length === 2) return last < 0x80;
  if (length === 3) return last < 0x800 || (first >= 0xd800 && last <= 0xdfff);
  return last < 0x10000 || first > 0x10ffff;
}
