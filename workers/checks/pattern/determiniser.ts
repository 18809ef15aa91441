import type { Alphabet } from "./alphabet.ts";
import type { GraphNode, PatternGraph } from "./patternGraph.ts";

/** The state from which no text matches, and the one from which every text does. */
export const dead = 0;
export const matched = 1;

/**
 * Turns the sets of states that a pattern may be in into single states, on demand: a text of any length then
 * costs one look-up per character. The class owns these states, which are discarded when they use too much memory.
 */
export class Determiniser {
  /** The state before the first character. */
  readonly start: number;
  /** Nodes visited so far: the work done beyond look-ups. */
  work = 0;
  /** How often everything was discarded. */
  forgotten = 0;
  readonly #graph: PatternGraph;
  readonly #nodes: readonly GraphNode[];
  readonly #alphabet: Alphabet;
  /** 1 for the classes of word characters. */
  readonly #words: Uint8Array;
  /** A match may start after the start of the text. */
  readonly #searches: boolean;
  readonly #maxCells: number;
  #cells = 0;
  /** By state: the nodes it represents, and where each class leads (-1: not known yet). */
  #members: Int32Array[] = [];
  #rows: Int32Array[] = [];
  /** By state: the kind of the preceding character. */
  #before: Before[] = [];
  /** By state: 1 accepts at the end of the text, 0 does not, -1 not known yet. */
  #ends: number[] = [];
  #states = new Map<string, number>();
  readonly #seen: Int32Array;
  readonly #taken: Int32Array;
  #round = 0;

  constructor(graph: PatternGraph, alphabet: Alphabet, words: Uint8Array, maxCells = 1 << 18) {
    this.#graph = graph;
    this.#nodes = graph.nodes;
    this.#alphabet = alphabet;
    this.#words = words;
    this.#maxCells = maxCells;
    this.#seen = new Int32Array(graph.nodes.length);
    this.#taken = new Int32Array(graph.nodes.length);
    this.#searches = this.#canStartLater();
    this.start = this.#forget();
  }

  get stateCount(): number {
    return this.#members.length;
  }

  /** A row of next states by class; -1 where `step` has to be called. */
  row(state: number): Int32Array {
    return this.#rows[state] as Int32Array;
  }

  /** The state after a character of this class. Numbers of states are invalid once `forgotten` has changed. */
  step(state: number, characterClass: number): number {
    const known = this.row(state)[characterClass] as number;
    if (known >= 0) return known;
    const next = this.#nodesAfter(state, characterClass);
    const forgotten = this.forgotten;
    const result = next === undefined ? matched : this.#stateOf(next, this.#words[characterClass] === 1 ? 2 : 1);
    if (this.forgotten === forgotten) this.row(state)[characterClass] = result;
    return result;
  }

  /** Whether the text matches when it ends here. */
  endsIn(state: number): boolean {
    if (this.#ends[state] === -1) this.#ends[state] = this.#matchesAtEnd(state) ? 1 : 0;
    return this.#ends[state] === 1;
  }

  /** The nodes after a character; undefined when the pattern has matched before it. */
  #nodesAfter(state: number, characterClass: number): Int32Array | undefined {
    const after: number[] = [];
    const round = this.#nextRound();
    const found = this.#follow(state, this.#words[characterClass] === 1, false, (node) => {
      if (node.kind !== "character" || (this.#alphabet.has[node.set] as Uint8Array)[characterClass] !== 1) return;
      if (this.#taken[node.next] === round) return;
      this.#taken[node.next] = round;
      after.push(node.next);
    });
    if (found) return undefined;
    if (this.#searches && this.#taken[this.#graph.start] !== round) after.push(this.#graph.start);
    return Int32Array.from(after).sort();
  }

  #matchesAtEnd(state: number): boolean {
    this.#nextRound();
    return this.#follow(state, false, true, () => {});
  }

  /** Visits every node that is reached without consuming a character; true when the match is among them. */
  #follow(state: number, nextIsWord: boolean, atEnd: boolean, visit: (node: GraphNode) => void): boolean {
    const before = this.#before[state] as Before;
    const isBoundary = (before === 2) !== nextIsWord;
    const pending = Array.from(this.#members[state] as Int32Array);
    for (let index = pending.pop(); index !== undefined; index = pending.pop()) {
      if (this.#seen[index] === this.#round) continue;
      this.#seen[index] = this.#round;
      this.work += 1;
      const node = this.#nodes[index] as GraphNode;
      switch (node.kind) {
        case "match":
          return true;
        case "character":
          visit(node);
          break;
        case "either":
          pending.push(node.next, node.other);
          break;
        case "start":
          if (before === 0) pending.push(node.next);
          break;
        case "end":
          if (atEnd) pending.push(node.next);
          break;
        case "boundary":
          if (isBoundary) pending.push(node.next);
          break;
        case "inside":
          if (!isBoundary) pending.push(node.next);
          break;
      }
    }
    return false;
  }

  /** False when every path into the pattern passes ^: without a match at the start there is none. */
  #canStartLater(): boolean {
    const round = this.#nextRound();
    const pending = [this.#graph.start];
    for (let index = pending.pop(); index !== undefined; index = pending.pop()) {
      if (this.#seen[index] === round) continue;
      this.#seen[index] = round;
      const node = this.#nodes[index] as GraphNode;
      if (node.kind === "match" || node.kind === "character") return true;
      if (node.kind === "start") continue;
      pending.push(node.next);
      if (node.kind === "either") pending.push(node.other);
    }
    return false;
  }

  #stateOf(members: Int32Array, before: Before): number {
    if (members.length === 0) return dead;
    const remembered = this.#graph.usesWords || before === 0 ? before : 1;
    const key = `${remembered}:${members.join()}`;
    const known = this.#states.get(key);
    if (known !== undefined) return known;
    if (this.#cells > this.#maxCells) {
      this.#forget();
      this.forgotten += 1;
    }
    return this.#add(key, members, remembered);
  }

  #add(key: string, members: Int32Array, before: Before): number {
    this.#states.set(key, this.#members.length);
    this.#cells += this.#alphabet.classCount + members.length;
    this.#rows.push(new Int32Array(this.#alphabet.classCount).fill(-1));
    this.#before.push(before);
    this.#ends.push(-1);
    return this.#members.push(members) - 1;
  }

  /** Keeps the dead, the matched and the start state, which always have the same numbers. */
  #forget(): number {
    this.#members = [];
    this.#rows = [];
    this.#before = [];
    this.#ends = [];
    this.#states = new Map();
    this.#cells = 0;
    const nothing = new Int32Array(0);
    this.row(this.#add("dead", nothing, 1)).fill(dead);
    this.row(this.#add("matched", nothing, 1)).fill(matched);
    this.#ends[dead] = 0;
    this.#ends[matched] = 1;
    return this.#add("start", Int32Array.of(this.#graph.start), 0);
  }

  #nextRound(): number {
    this.#round += 1;
    return this.#round;
  }
}

/** 0: the start of the text; 1: not a word character; 2: a word character. */
type Before = 0 | 1 | 2;
