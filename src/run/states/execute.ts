import { setImmediate } from "node:timers/promises";
import { isObject } from "../../model/json.ts";
import { choose } from "./choose.ts";
import { type After, assigned, fillIn, onward, pathOr, placed, textOf } from "./dataFlow.ts";
import type { Scope } from "./jsonPath.ts";
import { type Again, Retries } from "./retries.ts";
import { isNamed, StatesError } from "./statesError.ts";

/** The services that a state machine uses. */
export interface Surroundings {
  /** Does the work of a Task. Throws StatesError for a failure that Retry and Catch may handle; anything else ends the execution. */
  readonly doTask: (resource: string, parameters: unknown) => Promise<unknown>;
  /** The items that the ItemReader of a Map names. */
  readonly readItems: (resource: string, parameters: unknown) => Promise<readonly unknown[]>;
  /** How many items of a Map to process at once, given the maximum of its definition (0: no maximum). */
  readonly concurrency: (allowed: number) => number;
  readonly wait: (seconds: number) => Promise<void>;
  /** Throws when nothing new should start. */
  readonly throwIfStopped: () => void;
  /** Called when a state has failed, with the retry that follows, if any. */
  readonly onFailure?: (error: StatesError, again: Again | undefined) => void;
}

type State = Readonly<Record<string, unknown>>;

/**
 * Runs a state machine in Amazon States Language with JSONPath, and returns its output. A Fail state or an uncaught failure
 * ends it with a StatesError.
 */
export function execute(machine: State, input: unknown, name: string, surroundings: Surroundings): Promise<unknown> {
  refuseJsonata(machine);
  const context = { Execution: { Input: input, Name: name, Id: name }, StateMachine: { Name: name } };
  return new Execution(surroundings).run(machine, { input, context, variables: {} }, new History());
}

class Execution {
  readonly #surroundings: Surroundings;

  constructor(surroundings: Surroundings) {
    this.#surroundings = surroundings;
  }

  async run(machine: State, start: Scope, history: History): Promise<unknown> {
    const states = isObject(machine.States) ? machine.States : {};
    let scope = start;
    let name = machine.StartAt;
    const path: unknown[] = [];
    for (;;) {
      const state = typeof name === "string" && Object.hasOwn(states, name) ? states[name] : undefined;
      if (!isObject(state)) throw new StatesError("States.Runtime", `there is no state ${JSON.stringify(name)}`);
      refuseJsonata(state);
      history.enter(name, path);
      // Without a pause, states that wait for nothing would block the handling of signals.
      await setImmediate();
      this.#surroundings.throwIfStopped();
      const context = { ...(scope.context as object), State: { Name: name } };
      const after = await this.#pass(state, { ...scope, context }, history);
      if (after.next === undefined) return after.scope.input;
      name = after.next;
      scope = after.scope;
    }
  }

  async #pass(state: State, scope: Scope, history: History): Promise<After> {
    const input = state.InputPath === null ? {} : pathOr(state.InputPath, scope);
    const own = { ...scope, input };
    switch (state.Type) {
      case "Pass": {
        const given = state.Parameters === undefined ? input : fillIn(state.Parameters, own);
        const result = state.Result === undefined ? given : state.Result;
        return onward(state, own, result, scope);
      }
      case "Choice": {
        const rule = choose(Array.isArray(state.Choices) ? state.Choices : [], own);
        const next = rule?.Next ?? state.Default;
        if (next === undefined)
          throw new StatesError("States.NoChoiceMatched", "no choice matches, and there is no Default");
        const variables = assigned(rule?.Assign ?? state.Assign, own);
        return { next, scope: { ...scope, variables, input: pathOr(state.OutputPath, own) } };
      }
      case "Wait":
        await this.#surroundings.wait(typeof state.Seconds === "number" ? state.Seconds : 0);
        return onward(state, own, input, scope);
      case "Succeed":
        return { next: undefined, scope: { ...scope, input: pathOr(state.OutputPath, own) } };
      case "Fail":
        throw new StatesError(textOf(state, "Error", own), textOf(state, "Cause", own));
      case "Task":
      case "Map":
      case "Parallel":
        return this.#tried(state, own, { scope, history });
      default:
        throw new StatesError("States.Runtime", `run does not support states of type ${JSON.stringify(state.Type)}`);
    }
  }

  /** With the Retry and the Catch of the state. */
  async #tried(
    state: State,
    own: Scope,
    { scope, history }: { readonly scope: Scope; readonly history: History },
  ): Promise<After> {
    const retries = new Retries(state.Retry);
    for (;;) {
      try {
        return onward(state, own, await this.#work(state, own, history), scope);
      } catch (error) {
        if (!(error instanceof StatesError)) throw error;
        const again = retries.next(error);
        this.#surroundings.onFailure?.(error, again);
        if (again !== undefined) {
          await this.#surroundings.wait(again.seconds);
          continue;
        }
        const caught = catcherOf(state, error);
        if (caught === undefined) throw error;
        const result = { Error: error.error, Cause: error.reason };
        const variables = assigned(caught.Assign, { ...own, input: result });
        return {
          next: caught.Next,
          scope: { ...scope, variables, input: placed(caught.ResultPath, result, scope.input) },
        };
      }
    }
  }

  #work(state: State, own: Scope, history: History): Promise<unknown> {
    if (state.Type === "Map") return this.#map(state, own, history);
    const given = state.Parameters === undefined ? own.input : fillIn(state.Parameters, own);
    if (state.Type === "Task") return this.#surroundings.doTask(String(state.Resource), given);
    const branches = Array.isArray(state.Branches) ? state.Branches : [];
    return inParallel(branches.map((branch) => this.run(branch, { ...own, input: given }, history)));
  }

  async #map(state: State, own: Scope, history: History): Promise<unknown> {
    const machine = state.ItemProcessor ?? state.Iterator;
    if (!isObject(machine)) throw new StatesError("States.Runtime", "a Map without an ItemProcessor");
    if (state.ItemBatcher !== undefined) throw new StatesError("States.Runtime", "run does not support ItemBatcher");
    const items = await this.#itemsOf(state, own);
    const allowed = typeof state.MaxConcurrency === "number" ? state.MaxConcurrency : 0;
    const failures: StatesError[] = [];
    const results: unknown[] = new Array(items.length);
    const tolerated = toleratedFailures(state, items.length);
    await inTurns(items, this.#surroundings.concurrency(allowed), async (item, index) => {
      const context = { ...(own.context as object), Map: { Item: { Index: index, Value: item } } };
      const ofItem = { ...own, context };
      const selector = state.ItemSelector ?? state.Parameters;
      const input = selector === undefined ? item : fillIn(selector, ofItem);
      try {
        // Each item of a Distributed Map is a separate execution.
        const ofRun = isDistributed(machine) ? new History() : history;
        results[index] = await this.run(machine, { ...ofItem, input }, ofRun);
        return true;
      } catch (error) {
        if (!(error instanceof StatesError)) throw error;
        failures.push(error);
        return failures.length <= tolerated;
      }
    });
    const [first] = failures;
    if (first !== undefined && failures.length > tolerated)
      throw mapFailure(state, first, failures.length, items.length);
    if (state.ResultWriter === undefined) return results;
    return { MapRunArn: "local", ResultWriterDetails: fillIn(parametersOf(state.ResultWriter), own) };
  }

  async #itemsOf(state: State, own: Scope): Promise<readonly unknown[]> {
    if (isObject(state.ItemReader)) {
      const { Resource: resource } = state.ItemReader;
      return this.#surroundings.readItems(String(resource), fillIn(parametersOf(state.ItemReader), own));
    }
    const items = pathOr(state.ItemsPath, own);
    if (Array.isArray(items)) return items;
    throw new StatesError("States.Runtime", "the items of a Map are not a list");
  }
}

function catcherOf(state: State, { error }: StatesError): State | undefined {
  const catchers = Array.isArray(state.Catch) ? state.Catch.filter(isObject) : [];
  return catchers.find(({ ErrorEquals }) => isNamed(error, Array.isArray(ErrorEquals) ? ErrorEquals : []));
}

function parametersOf(value: unknown): unknown {
  return isObject(value) ? (value.Parameters ?? {}) : {};
}

function toleratedFailures(state: State, items: number): number {
  const { ToleratedFailureCount: count, ToleratedFailurePercentage: percentage } = state;
  if (typeof count === "number") return count;
  return typeof percentage === "number" ? Math.floor((items * percentage) / 100) : 0;
}

function isDistributed(processor: unknown): boolean {
  const config = isObject(processor) ? processor.ProcessorConfig : undefined;
  return isObject(config) && config.Mode === "DISTRIBUTED";
}

/** An inline Map fails with the error of its item. */
function mapFailure(state: State, first: StatesError, failed: number, items: number): StatesError {
  if (!isDistributed(state.ItemProcessor)) return first;
  const reason = `${failed} of ${items} items failed, the first with ${first.message}`;
  return new StatesError("States.ExceedToleratedFailureThreshold", reason);
}

/**
 * Works on `atOnce` items at a time, in order. After work that returns false (do not continue) or throws, nothing new starts,
 * and running work is awaited.
 */
async function inTurns<Item>(
  items: readonly Item[],
  atOnce: number,
  work: (item: Item, index: number) => Promise<boolean>,
): Promise<void> {
  let next = 0;
  let goesOn = true;
  const errors: unknown[] = [];
  const turn = async () => {
    while (goesOn && next < items.length) {
      const index = next++;
      try {
        if (!(await work(items[index] as Item, index))) goesOn = false;
      } catch (error) {
        errors.push(error);
        goesOn = false;
      }
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, Math.min(atOnce, items.length)) }, turn));
  if (errors.length > 0) throw errors[0];
}

/** All results; after a failure the others are awaited, so that nothing is left running. */
async function inParallel(branches: readonly Promise<unknown>[]): Promise<readonly unknown[]> {
  const ends = await Promise.allSettled(branches);
  return ends.map((end) => {
    if (end.status === "rejected") throw end.reason;
    return end.value;
  });
}

/**
 * Counts the states that an execution has entered. AWS ends an execution with more than 25,000 events, and each state causes
 * at least two: it is entered and exited.
 */
class History {
  #entered = 0;

  /** Adds to `path`, which contains the latest states of this sequence. Throws StatesError for one state too many. */
  enter(name: unknown, path: unknown[]): void {
    this.#entered += 1;
    if (this.#entered > maxStates) throw new StatesError("States.Runtime", tooMany(name, path));
    path.push(name);
    if (path.length > maxNames) path.shift();
  }
}

const maxStates = 12_500;
/** How many states of a longer loop a message names. */
const maxNames = 20;

function tooMany(name: unknown, path: readonly unknown[]): string {
  const limit = "more than 12,500 states were entered, and AWS ends an execution after 25,000 events";
  const before = path.lastIndexOf(name);
  const loop = path.slice(Math.max(0, before)).map(String);
  if (before === -1) return `${limit}; the last ones were ${loop.join(", ")}`;
  return loop.length === 1 ? `${limit}; ${loop[0]} leads to itself` : `${limit}; they form a loop: ${loop.join(", ")}`;
}

function refuseJsonata({ QueryLanguage }: State): void {
  if (QueryLanguage === undefined || QueryLanguage === "JSONPath") return;
  throw new StatesError("States.Runtime", "run supports state machines in JSONPath, not in JSONata");
}
