import { isAlias, isMap, isScalar, isSeq, type Node, type Pair, type Scalar, type YAMLMap, type YAMLSeq } from "yaml";
import { setKey } from "../model/json.ts";
import type { Position, Problem } from "../model/problem.ts";
import type { MemberPlace, Place } from "../model/text/places.ts";
import { pointerTo } from "../shared/pointer.ts";

export interface YamlMistake extends Pick<Problem, "rule" | "found" | "expected" | "hint"> {
  /** Offset in the text. */
  readonly at: number;
  readonly pointer?: string;
}

export interface YamlTree {
  readonly value: unknown;
  readonly place: Place;
  readonly mistakes: readonly YamlMistake[];
}

/** Converts YAML nodes of limited depth to plain JSON data, and reports what JSON cannot represent. */
export function yamlValue(contents: Node | null, positionOf: (offset: number) => Position): YamlTree {
  if (contents === null || (isScalar(contents) && contents.value === null && contents.source === "")) {
    return { value: {}, place: 0, mistakes: [] };
  }
  const walk: Walk = { positionOf, mistakes: [], anchors: new Map(), aliased: 0 };
  const { value, place } = convert(walk, contents, "");
  return { value, place, mistakes: walk.mistakes };
}

interface Walk {
  readonly positionOf: (offset: number) => Position;
  readonly mistakes: YamlMistake[];
  /** The value of the last node with this anchor; undefined while it is being read. */
  readonly anchors: Map<string, Converted | undefined>;
  /** Total size of what aliases repeated. */
  aliased: number;
}

interface Converted {
  readonly value: unknown;
  readonly place: Place;
  /** One for each value and key, and one for each character of text. */
  readonly size: number;
}

// Aliases can make a small text a huge tree.
const maxAliased = 100_000;

function convert(walk: Walk, node: unknown, pointer: string): Converted {
  if (isAlias(node)) return convertAlias(walk, node.source, offsetOf(node), pointer);
  const anchor = isScalar(node) || isMap(node) || isSeq(node) ? node.anchor : undefined;
  if (anchor !== undefined) walk.anchors.set(anchor, undefined);
  const converted = convertNode(walk, node, pointer);
  if (anchor !== undefined) walk.anchors.set(anchor, converted);
  return converted;
}

function convertNode(walk: Walk, node: unknown, pointer: string): Converted {
  if (isMap(node)) return convertMap(walk, node, pointer);
  if (isSeq(node)) return convertList(walk, node, pointer);
  if (isScalar(node)) return convertScalar(walk, node, pointer);
  return { value: null, place: 0, size: 1 }; // a pair without value, as in {a}
}

function convertAlias(walk: Walk, source: string, at: number, pointer: string): Converted {
  const nothing = { value: null, place: at, size: 1 };
  const refuse = (expected: string, hint: string): Converted => {
    walk.mistakes.push({ rule: "yaml-alias", at, pointer, found: `*${source}`, expected, hint });
    return nothing;
  };
  if (!walk.anchors.has(source))
    return refuse(`an anchor &${source} above it`, "put text that starts with * in quotes");
  const target = walk.anchors.get(source);
  if (target === undefined) return refuse("a value that does not contain itself", "write the value out");
  walk.aliased += target.size;
  if (walk.aliased > maxAliased) return refuse("aliases that repeat less", "write the values out");
  // A copy, so that a change of one does not change the other.
  return { value: structuredClone(target.value), place: at, size: target.size };
}

function convertScalar(walk: Walk, node: Scalar, pointer: string): Converted {
  const at = offsetOf(node);
  const { value } = node;
  if (typeof value === "string") return { value, place: at, size: 1 + value.length };
  if (value === null || typeof value === "boolean") return { value, place: at, size: 1 };
  if (typeof value === "number" && Number.isFinite(value)) return { value, place: at, size: 1 };
  const expected = "a number that JSON can represent";
  walk.mistakes.push({ rule: "yaml-value", at, pointer, found: node.source ?? String(value), expected });
  return { value: null, place: at, size: 1 };
}

function convertList(walk: Walk, node: YAMLSeq, pointer: string): Converted {
  const converted = node.items.map((item, index) => convert(walk, item, pointerTo(pointer, index)));
  const value = converted.map((item) => item.value);
  const items = converted.map((item) => item.place);
  return { value, place: { at: offsetOf(node), items }, size: converted.reduce((sum, { size }) => sum + size, 1) };
}

function convertMap(walk: Walk, node: YAMLMap, pointer: string): Converted {
  const value: Record<string, unknown> = {};
  const members = new Map<string, MemberPlace>();
  let size = 1;
  for (const pair of node.items) {
    const key = convertKey(walk, pair, pointer, offsetOf(node));
    if (key === undefined) continue;
    const at = pointerTo(pointer, key.text);
    const earlier = members.get(key.text);
    if (earlier !== undefined) walk.mistakes.push(duplicate(walk, key, at, earlier));
    const member = convert(walk, pair.value, at);
    setKey(value, key.text, member.value);
    members.set(key.text, {
      keyAt: key.at,
      value: typeof pair.value === "object" && pair.value ? member.place : key.at,
    });
    size += member.size + 1 + key.text.length;
  }
  return { value, place: { at: offsetOf(node), members }, size };
}

function duplicate(walk: Walk, key: Key, pointer: string, earlier: MemberPlace): YamlMistake {
  const { line, column } = walk.positionOf(earlier.keyAt);
  const hint = `it first appears at line ${line}, column ${column}`;
  return {
    rule: "yaml-duplicate-key",
    at: key.at,
    pointer,
    found: key.text,
    expected: "a key that appears once",
    hint,
  };
}

interface Key {
  readonly text: string;
  readonly at: number;
}

function convertKey(walk: Walk, { key }: Pair, pointer: string, mapAt: number): Key | undefined {
  const at = isScalar(key) || isMap(key) || isSeq(key) || isAlias(key) ? offsetOf(key) : mapAt;
  if (!isScalar(key) || typeof key.value !== "string") {
    const found = isScalar(key) ? key.value : "a collection or alias";
    walk.mistakes.push({
      rule: "yaml-key",
      at,
      pointer,
      found,
      expected: "a text key",
      hint: "put the key in quotes",
    });
    return undefined;
  }
  if (key.value === "<<" && key.type === "PLAIN") {
    const hint = "YAML 1.2 has no merge keys; write the keys out";
    walk.mistakes.push({ rule: "yaml-merge-key", at, pointer, found: "<<", expected: "a key of the config", hint });
    return undefined;
  }
  if (key.anchor !== undefined)
    walk.anchors.set(key.anchor, { value: key.value, place: at, size: 1 + key.value.length });
  return { text: key.value, at };
}

/** Nodes that were parsed from text have a range; the type also covers nodes made by hand. */
function offsetOf(node: Node): number {
  return node.range?.[0] ?? 0;
}
