import type { AST } from "@eslint-community/regexpp";
import { characterSet } from "./characterSets.ts";
import type { CodePointSet } from "./codePointSet.ts";
import { PatternRefused } from "./patternRefused.ts";

/** A non-deterministic automaton: it can be in several states at once, and so never backtracks. */
export interface PatternGraph {
  readonly nodes: readonly GraphNode[];
  readonly start: number;
  /** The character sets that nodes refer to, each once. */
  readonly sets: readonly CodePointSet[];
  /** \b or \B occurs. */
  readonly usesWords: boolean;
}

export type GraphNode =
  | { readonly kind: "match" }
  | { readonly kind: "character"; readonly set: number; readonly next: number }
  | { readonly kind: "either"; readonly next: number; readonly other: number }
  | { readonly kind: "start" | "end" | "boundary" | "inside"; readonly next: number };

/** Throws PatternRefused for a pattern that needs more than linear time, or more states than `maxStates`. */
export function patternGraph(pattern: AST.Pattern, maxStates: number): PatternGraph {
  const nodes: GraphNode[] = [{ kind: "match" }];
  const sets: CodePointSet[] = [];
  const setIndexes = new Map<string, number>();
  let usesWords = false;
  let work = 0;

  const start = alternatives(pattern.alternatives, 0);
  return { nodes, start, sets, usesWords };

  // Everything is built from its end: given the node that follows, each function returns the node to start with.

  function alternatives(choices: readonly AST.Alternative[], next: number): number {
    return choices
      .map(({ elements }) => elements.reduceRight((following, element) => part(element, following), next))
      .reduceRight((other, choice) => add({ kind: "either", next: choice, other }));
  }

  function part(element: AST.Element, next: number): number {
    count(element);
    switch (element.type) {
      case "Character":
      case "CharacterSet":
      case "CharacterClass":
        return add({ kind: "character", set: setIndex(characterSet(element)), next });
      case "Group":
      case "CapturingGroup":
        return alternatives(element.alternatives, next);
      case "Quantifier":
        return repeated(element, next);
      case "Assertion":
        return assertion(element, next);
      case "Backreference":
        throw refused(element, "the back-reference", "the text it compares with is not fixed");
      default:
        throw refused(element, element.type, "it needs the v flag");
    }
  }

  /** Greedy or lazy does not affect whether a text matches. */
  function repeated({ element, min, max }: AST.Quantifier, next: number): number {
    let following = next;
    if (max === Number.POSITIVE_INFINITY) {
      const loop = add({ kind: "either", next: 0, other: next });
      nodes[loop] = { kind: "either", next: part(element, loop), other: next };
      following = loop;
    } else {
      for (let copy = min; copy < max; copy += 1) {
        following = add({ kind: "either", next: part(element, following), other: next });
      }
    }
    for (let copy = 0; copy < min; copy += 1) following = part(element, following);
    return following;
  }

  function assertion(element: AST.Assertion, next: number): number {
    switch (element.kind) {
      case "start":
      case "end":
        return add({ kind: element.kind, next });
      case "word":
        usesWords = true;
        return add({ kind: element.negate ? "inside" : "boundary", next });
      default:
        throw refused(element, `the ${element.kind}`, "it reads the same characters more than once");
    }
  }

  function setIndex(set: CodePointSet): number {
    const key = set.join();
    const known = setIndexes.get(key);
    if (known !== undefined) return known;
    setIndexes.set(key, sets.length);
    return sets.push(set) - 1;
  }

  function add(node: GraphNode): number {
    return nodes.push(node) - 1;
  }

  /**
   * Counts what is built, not what the result contains: repetitions of nothing would take time without adding a state.
   */
  function count(element: AST.Element): void {
    work += 1;
    if (work <= maxStates) return;
    throw new PatternRefused(
      `with its repetitions expanded the pattern has more than ${maxStates} parts (counted up to character ${element.start + 1})`,
      element.start,
    );
  }
}

function refused(element: AST.Element, what: string, why: string): PatternRefused {
  const text = element.raw.length > 40 ? `${element.raw.slice(0, 40)}…` : element.raw;
  return new PatternRefused(
    `${what} ${text} at character ${element.start + 1} cannot be used, because ${why}, and a text could make it take forever`,
    element.start,
  );
}
