import { StatesError } from "./statesError.ts";

/**
 * The states that one execution has entered. AWS ends an execution with more than 25,000 events, and each state makes two of
 * them at least: it is entered and left.
 */
export class History {
  #entered = 0;

  /** `path` holds the latest states of this sequence of states and is added to. Throws StatesError for one state too many. */
  enter(name: unknown, path: unknown[]): void {
    this.#entered += 1;
    if (this.#entered > mostStates) throw new StatesError("States.Runtime", tooMany(name, path));
    path.push(name);
    if (path.length > mostNames) path.shift();
  }
}

const mostStates = 12_500;
/** Of a longer loop, these are named. */
const mostNames = 20;

function tooMany(name: unknown, path: readonly unknown[]): string {
  const limit = "more than 12,500 states were entered, and AWS ends an execution after 25,000 events";
  const before = path.lastIndexOf(name);
  const loop = path.slice(Math.max(0, before)).map(String);
  if (before === -1) return `${limit}; the last ones were ${loop.join(", ")}`;
  return loop.length === 1 ? `${limit}; ${loop[0]} leads to itself` : `${limit}; they go round: ${loop.join(", ")}`;
}
