import type { ByteAutomaton } from "../../model/columnPlan.ts";
import { alphabetOf } from "./alphabet.ts";
import { byteAutomaton } from "./byteAutomaton.ts";
import { wordCharacters } from "./characterSets.ts";
import { Determiniser, dead, matched } from "./determiniser.ts";
import { parsePattern } from "./parsePattern.ts";
import { patternGraph } from "./patternGraph.ts";

/** A pattern that matches in time proportional to the text, whatever the text: patterns and texts come from others. */
export interface LinearPattern {
  /** Whether the pattern occurs in the text. Texts are well-formed (no lone surrogates). */
  test(text: string): boolean;
  /** The same as an automaton over UTF-8; undefined when it has too many states or depends on \b or \B. */
  automaton(): ByteAutomaton | undefined;
}

/**
 * Compiles an ECMAScript pattern as with the u flag. Throws PatternRefused for an invalid pattern, for look-around and
 * back-references, and when repetitions expand to more than 10,000 parts.
 */
export function compilePattern(source: string): LinearPattern {
  const known = recent.get(source);
  if (known !== undefined) return known;
  const pattern = compile(source);
  if (recent.size >= maxRecent) recent.clear();
  recent.set(source, pattern);
  return pattern;
}

/** A schema's pattern is compiled when it is checked, planned and judged, and columns share patterns. */
const recent = new Map<string, LinearPattern>();
const maxRecent = 500;

function compile(source: string): LinearPattern {
  const graph = patternGraph(parsePattern(source), 10_000);
  // A last set, which no node refers to, distinguishes word characters where \b needs them.
  const alphabet = alphabetOf(graph.usesWords ? [...graph.sets, wordCharacters] : graph.sets);
  const words = (graph.usesWords ? alphabet.has.at(-1) : undefined) ?? new Uint8Array(alphabet.classCount);
  const states = new Determiniser(graph, alphabet, words);

  function test(text: string): boolean {
    let state = states.start;
    for (let at = 0; at < text.length; at += 1) {
      const codePoint = text.codePointAt(at) as number;
      if (codePoint > 0xffff) at += 1;
      state = states.step(state, alphabet.classOf(codePoint));
      if (state === matched) return true;
      if (state === dead) return false;
    }
    return states.endsIn(state);
  }

  let automaton: ByteAutomaton | undefined;
  let isExplored = graph.usesWords;

  return {
    test,
    automaton: () => {
      if (!isExplored) automaton = byteAutomaton(new Determiniser(graph, alphabet, words), alphabet);
      isExplored = true;
      return automaton;
    },
  };
}
