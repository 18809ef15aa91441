import { pointerTo } from "../../src/shared/pointer.ts";
import { keywordProblem, type Level, rootProblem } from "./keywordProblem.ts";
import { keywords } from "./keywords.ts";
import { maxDepth, type Resolve } from "./references.ts";
import { nodesOf, type SchemaNode, type SchemaObject } from "./schemaNode.ts";
import type { SchemaProblem } from "./schemaProblem.ts";

/**
 * Everything that would make ajv refuse a schema, or silently check less than it says: keywords that are unknown or
 * have a wrong value, references to nothing or in a cycle, formats and patterns that cannot be used.
 */
export function checkKeywords(root: SchemaObject, resolve: Resolve): readonly SchemaProblem[] {
  const visit = new KeywordVisit(resolve);
  visit.visit(root, { pointer: "", level: "layer", depth: 0 });
  for (const name of ["$defs", "definitions"]) {
    for (const [key, node] of nodesOf(root[name])) {
      visit.visit(node, { pointer: pointerTo(`/${name}`, key), level: "unknown", depth: 0 });
    }
  }
  return visit.problems;
}

/** Where a part of a schema is, and what it applies to there. */
interface Place {
  readonly pointer: string;
  readonly level: Level;
  readonly depth: number;
}

class KeywordVisit {
  readonly problems: SchemaProblem[] = [];
  readonly #resolve: Resolve;
  readonly #visited = new Set<string>();
  /** The parts that are being visited, from the root down. */
  readonly #under = new Set<string>();

  constructor(resolve: Resolve) {
    this.#resolve = resolve;
  }

  visit(node: SchemaNode, place: Place): void {
    if (typeof node === "boolean") return;
    const { pointer, level, depth } = place;
    if (this.#under.has(pointer)) {
      this.#refuse(pointer, "a $ref that leads back here", "references without a cycle");
      return;
    }
    if (this.#wasVisited(place)) return;
    this.#visited.add(`${level} ${pointer}`);
    if (depth > maxDepth) {
      this.#refuse(pointer, "another level of nesting", `schemas nested at most ${maxDepth} levels deep`);
      return;
    }
    this.#under.add(pointer);
    for (const [name, value] of Object.entries(node)) this.#visitKeyword(name, value, node, place);
    this.#under.delete(pointer);
  }

  #wasVisited({ pointer, level }: Place): boolean {
    const sought: readonly Level[] = level === "unknown" ? ["layer", "record", "value", "unknown"] : [level];
    return sought.some((one) => this.#visited.has(`${one} ${pointer}`));
  }

  #visitKeyword(name: string, value: unknown, node: SchemaObject, { pointer, level, depth }: Place): void {
    const at = { pointer: pointerTo(pointer, name), level, depth };
    const problem =
      pointer === "" && (name === "$schema" || name === "$id")
        ? rootProblem(name, value)
        : keywordProblem(name, value, level, node);
    if (problem !== undefined) this.#refuse(at.pointer, problem.found, problem.expected);
    else if (name === "$ref") this.#follow(String(value), at);
    else this.#visitInside(name, value, at);
  }

  #follow(reference: string, { pointer, level, depth }: Place): void {
    const target = this.#resolve(reference);
    if (target !== undefined) this.visit(target.node, { pointer: target.pointer, level, depth: depth + 1 });
    else this.#refuse(pointer, reference, "a reference to a part of this schema like #/$defs/name");
  }

  #visitInside(name: string, value: unknown, { pointer, level, depth }: Place): void {
    // Definitions are visited where they are referenced, which shows what they apply to.
    if (name === "$defs" || name === "definitions") return;
    const below = { level: levelBelow(name, level), depth: depth + 1 };
    switch (keywords.get(name)?.contains) {
      case "schema":
        this.visit(value as SchemaNode, { pointer, ...below });
        break;
      case "list":
        for (const [index, node] of (value as SchemaNode[]).entries()) {
          this.visit(node, { pointer: pointerTo(pointer, index), ...below });
        }
        break;
      case "map":
        for (const [key, node] of nodesOf(value)) {
          if (!Array.isArray(node)) this.visit(node, { pointer: pointerTo(pointer, key), ...below });
        }
    }
  }

  #refuse(pointer: string, found: unknown, expected: string): void {
    this.problems.push({ pointer, found, expected });
  }
}

function levelBelow(name: string, level: Level): Level {
  if (name === "properties" || name === "additionalProperties" || name === "propertyNames") return "value";
  return level === "layer" && name !== "allOf" ? "record" : level;
}
