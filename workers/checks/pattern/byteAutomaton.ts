import type { ByteAutomaton } from "../../model/columnPlan.ts";
import type { Alphabet } from "./alphabet.ts";
import { type Determiniser, dead } from "./determiniser.ts";
import { minimise, type StateTable } from "./minimise.ts";
import { nothing, type Utf8Tree, utf8Tree } from "./utf8Tree.ts";

/** Every state of the pattern at once, over the bytes of UTF-8; undefined when there are more than 1,024. */
export function byteAutomaton(states: Determiniser, alphabet: Alphabet): ByteAutomaton | undefined {
  const table = exploreAll(states, alphabet.classCount);
  if (table === undefined) return undefined;
  return toBytes(minimise(table), utf8Tree(alphabet));
}

const maxStates = 1024;

/** Minimising shrinks large tables. Beyond these limits it would take longer than it is worth. */
const maxExploredStates = 4 * maxStates;
const maxWork = 2_000_000;

function exploreAll(states: Determiniser, classCount: number): StateTable | undefined {
  for (let state = 0; state < states.stateCount; state += 1) {
    for (let characterClass = 0; characterClass < classCount; characterClass += 1) states.step(state, characterClass);
    if (states.stateCount > maxExploredStates || states.work > maxWork || states.forgotten > 0) return undefined;
  }
  const next = Array.from({ length: states.stateCount }, (_, state) => states.row(state));
  return { start: states.start, next, accepts: next.map((_, state) => states.endsIn(state)) };
}

/**
 * Between the bytes of one character there are separate states. Those that lead to the same states are one, so that a
 * class of thousands of characters needs only a few.
 */
function toBytes({ start, next, accepts }: StateTable, tree: Utf8Tree): ByteAutomaton | undefined {
  const rows: Uint16Array[] = [];
  const ends: boolean[] = [];
  const between = new Map<string, number>();
  for (const ending of accepts) {
    rows.push(new Uint16Array(256));
    ends.push(ending);
  }
  if (rows.length > maxStates) return undefined;

  for (const [state, targets] of next.entries()) {
    if (accepts[state] && Array.from(targets).every((target) => target === state)) {
      // Once the pattern has matched, nothing more is read.
      (rows[state] as Uint16Array).fill(state);
      continue;
    }
    // By node of the tree, its state when the character started in `state`.
    const reached: number[] = [];
    for (const { children, depth } of tree.nodes) {
      const row = new Uint16Array(64);
      for (const [index, child] of children.entries()) {
        if (child !== nothing) row[index] = (depth === 1 ? targets[child] : reached[child]) as number;
      }
      reached.push(stateBetween(row));
      if (rows.length > maxStates) return undefined;
    }
    const row = rows[state] as Uint16Array;
    for (const [byte, lead] of tree.leads.entries()) {
      if ("characterClass" in lead) row[byte] = targets[lead.characterClass] as number;
      else if (lead.node !== nothing) row[byte] = reached[lead.node] as number;
    }
  }
  return compress(rows, ends, start);

  /** By the lower six bits of a continuation byte. */
  function stateBetween(continuations: Uint16Array): number {
    if (continuations.every((target) => target === dead)) return dead;
    const key = String.fromCharCode(...continuations);
    const known = between.get(key);
    if (known !== undefined) return known;
    between.set(key, rows.length);
    ends.push(false);
    const row = new Uint16Array(256);
    row.set(continuations, 0x80);
    return rows.push(row) - 1;
  }
}

/** Bytes that every state treats the same form one class. */
function compress(rows: readonly Uint16Array[], ends: readonly boolean[], start: number): ByteAutomaton {
  const classes = new Uint8Array(256);
  const samples: number[] = [];
  const known = new Map<string, number>();
  for (let byte = 0; byte < 256; byte += 1) {
    const key = rows.map((row) => row[byte]).join();
    let index = known.get(key);
    if (index === undefined) {
      index = samples.push(byte) - 1;
      known.set(key, index);
    }
    classes[byte] = index;
  }
  const classCount = samples.length;
  const next = new Uint16Array(rows.length * classCount);
  for (const [state, row] of rows.entries()) {
    for (const [index, byte] of samples.entries()) next[state * classCount + index] = row[byte] as number;
  }
  return { states: rows.length, start, classes, classCount, next, accepts: Uint8Array.from(ends, Number) };
}
