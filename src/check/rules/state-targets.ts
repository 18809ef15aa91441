import type { State, StateMachine } from "../../derived/types.ts";
import type { TemplateDocument } from "../../model/document.ts";
import { defineRule, type Finding } from "../../model/rule.ts";
import { nearest } from "../../shared/nearest.ts";
import { pointerTo } from "../../shared/pointer.ts";
import { withinCycles } from "../rules-support/cycles.ts";
import { isSample } from "../rules-support/samples.ts";
import { type Scope, scopesOf } from "../rules-support/scopes.ts";

const machine = (StartAt: string, States: unknown) => ({ documents: { "example.asl.json": { StartAt, States } } });
const done = { Type: "Succeed" };

export const stateTargets = defineRule({
  id: "state-targets",
  severity: "error",
  summary: "Every state leads to a state in the same scope, every state can be reached, and every run can end.",
  why:
    "Step Functions rejects a state machine with a target that does not exist in the same scope: a state " +
    "within a Map or a branch cannot go to one outside. A state that nothing leads to is usually the result " +
    "of a misspelt target, and it never runs.",
  source:
    "https://docs.aws.amazon.com/step-functions/latest/apireference/API_ValidateStateMachineDefinitionDiagnostic.html",
  examples: {
    good: [
      { shows: "two states in a row", ...machine("First", { First: { Type: "Pass", Next: "Done" }, Done: done }) },
      {
        shows: "a Map with states of its own, and a choice",
        ...machine("Each", {
          Each: {
            Type: "Map",
            ItemProcessor: {
              StartAt: "Route",
              States: {
                Route: {
                  Type: "Choice",
                  Choices: [{ Variable: "$.kind", StringEquals: "large", Next: "Large" }],
                  Default: "Small",
                },
                Large: { Type: "Pass", End: true },
                Small: { Type: "Pass", End: true },
              },
            },
            End: true,
          },
        }),
      },
      {
        shows: "a cycle with a Wait in it",
        ...machine("Look", {
          Look: {
            Type: "Choice",
            Choices: [{ Variable: "$.kind", StringEquals: "large", Next: "Wait" }],
            Default: "Done",
          },
          Wait: { Type: "Wait", Seconds: 60, Next: "Look" },
          Done: done,
        }),
      },
      {
        shows: "a cycle that counts",
        ...machine("Add", {
          Add: { Type: "Pass", Parameters: { "count.$": "States.MathAdd($.count, 1)" }, Next: "Enough" },
          Enough: {
            Type: "Choice",
            Choices: [
              {
                And: [
                  { Variable: "$.count", IsPresent: true },
                  { Variable: "$.count", IsNumeric: true },
                  { Variable: "$.count", NumericLessThan: 10 },
                ],
                Next: "Add",
              },
            ],
            Default: "Done",
          },
          Done: done,
        }),
      },
    ],
    bad: [
      {
        shows: "a target that does not exist",
        ...machine("First", { First: { Type: "Pass", Next: "Dome" }, Done: done }),
      },
      {
        shows: "a start that does not exist",
        ...machine("Frist", { First: { Type: "Pass", Next: "Done" }, Done: done }),
      },
      {
        shows: "a state that nothing leads to",
        ...machine("First", { First: { Type: "Pass", End: true }, Done: done }),
      },
      {
        shows: "a run that never ends",
        ...machine("First", { First: { Type: "Pass", Next: "Second" }, Second: { Type: "Pass", Next: "First" } }),
      },
      {
        shows: "two states that never reach an end, next to one that does",
        ...machine("First", {
          First: {
            Type: "Choice",
            Choices: [{ Variable: "$.kind", StringEquals: "large", Next: "Large" }],
            Default: "Done",
          },
          Large: { Type: "Wait", Seconds: 60, Next: "Again" },
          Again: { Type: "Wait", Seconds: 60, Next: "Large" },
          Done: done,
        }),
      },
      {
        shows: "a cycle that does no work",
        ...machine("First", {
          First: { Type: "Pass", Next: "Route" },
          Route: {
            Type: "Choice",
            Choices: [{ Variable: "$.kind", StringEquals: "large", Next: "First" }],
            Default: "Done",
          },
          Done: done,
        }),
      },
      {
        shows: "a cycle that computes the same value again and again",
        ...machine("First", {
          First: { Type: "Pass", Parameters: { "name.$": "States.Format('{}', $$.Execution.Name)" }, Next: "Route" },
          Route: {
            Type: "Choice",
            Choices: [{ Variable: "$.kind", StringEquals: "large", Next: "First" }],
            Default: "Done",
          },
          Done: done,
        }),
      },
      { shows: "a state with neither Next nor End", ...machine("First", { First: { Type: "Pass" }, Done: done }) },
      {
        shows: "a state within a Map with a target outside",
        ...machine("Each", {
          Each: {
            Type: "Map",
            ItemProcessor: {
              StartAt: "One",
              States: { One: { Type: "Pass", Next: "Done" }, Two: { Type: "Pass", End: true } },
            },
            Next: "Done",
          },
          Done: done,
        }),
      },
      {
        shows: "the same name within a Map and outside",
        ...machine("Each", {
          Each: { Type: "Map", ItemProcessor: { StartAt: "Done", States: { Done: done } }, Next: "Done" },
          Done: done,
        }),
      },
    ],
  },
  *check({ stateMachines }) {
    for (const document of stateMachines) {
      const scopes = scopesOf(document);
      for (const scope of scopes) {
        yield* targetFindings(document, scope, scopes);
        yield* unreachable(document, scope);
        const stuck = [...endless(document, scope)];
        yield* stuck;
        if (stuck.length === 0) yield* idleCycles(document, scope);
      }
      yield* repeatedNames(document, scopes);
    }
  },
});

type Machine = TemplateDocument<StateMachine>;

interface Target {
  /** Pointer below the state. */
  readonly below: string;
  readonly name: string;
}

function targetsOf({ Next, Default, Choices = [], Catch = [] }: State): readonly Target[] {
  const each = (key: string, entries: readonly { readonly Next?: string }[]) =>
    entries.flatMap((entry, index) =>
      entry.Next === undefined ? [] : [{ below: `/${key}/${index}/Next`, name: entry.Next }],
    );
  return [
    ...(Next === undefined ? [] : [{ below: "/Next", name: Next }]),
    ...each("Choices", Choices),
    ...(Default === undefined ? [] : [{ below: "/Default", name: Default }]),
    ...each("Catch", Catch),
  ];
}

function statePointer(scope: Scope, name: string): string {
  return pointerTo(`${scope.pointer}/States`, name);
}

function* targetFindings(document: Machine, scope: Scope, scopes: readonly Scope[]): Iterable<Finding> {
  const targets: Target[] = [
    { below: `${scope.pointer}/StartAt`, name: scope.startAt },
    ...Object.entries(scope.states).flatMap(([name, state]) =>
      targetsOf(state).map((target) => ({ ...target, below: statePointer(scope, name) + target.below })),
    ),
  ];
  for (const { below: pointer, name } of targets) {
    if (Object.hasOwn(scope.states, name) || isSample(document, pointer)) continue;
    yield { document, pointer, found: name, ...missingTarget(name, scope, scopes) };
  }
  for (const [name, state] of Object.entries(scope.states)) {
    const remark = wayOut(state);
    if (remark) yield { document, ...remark, pointer: `${statePointer(scope, name)}${remark.pointer}` };
  }
}

function missingTarget(name: string, scope: Scope, scopes: readonly Scope[]): Pick<Finding, "expected" | "hint"> {
  const names = Object.keys(scope.states);
  const listed = names.length > 8 ? `${names.slice(0, 8).join(", ")}, …` : names.join(", ");
  const expected = `the name of a state in the same scope: ${listed}`;
  if (scopes.some(({ states }) => Object.hasOwn(states, name))) {
    return {
      expected,
      hint: "that state is in another scope: end this Map or branch, and continue from the state that contains it",
    };
  }
  const close = nearest(name, names);
  return { expected, hint: close ? `did you mean ${close}?` : "add the state, or name one that exists" };
}

/** A state whose type does not end a run has either Next or End; a Choice has its choices. */
function wayOut({
  Type,
  Next,
  End,
  Choices = [],
}: State): Pick<Finding, "pointer" | "found" | "expected" | "hint"> | undefined {
  if (Type === "Succeed" || Type === "Fail") return undefined;
  if (Type === "Choice") {
    const index = Choices.findIndex((choice) => choice.Next === undefined);
    if (index === -1) return undefined;
    return { pointer: `/Choices/${index}/Next`, expected: "the state that the choice leads to", hint: 'add "Next"' };
  }
  if (Next === undefined && End !== true) {
    return {
      pointer: "/Next",
      expected: 'Next, or "End": true',
      hint: "specify the next state, or that this is the last one",
    };
  }
  if (Next === undefined || End !== true) return undefined;
  return { pointer: "/End", found: End, expected: "only one of Next and End", hint: "remove one of the two" };
}

function* unreachable(document: Machine, scope: Scope): Iterable<Finding> {
  if (!Object.hasOwn(scope.states, scope.startAt)) return; // then none can be reached, and the start has been reported
  const reached = new Set([scope.startAt]);
  // Iterating over a set includes what is added meanwhile.
  for (const name of reached) {
    const state = Object.hasOwn(scope.states, name) ? scope.states[name] : undefined;
    for (const target of state ? targetsOf(state) : []) reached.add(target.name);
  }
  for (const name of Object.keys(scope.states)) {
    if (reached.has(name)) continue;
    yield {
      document,
      pointer: statePointer(scope, name),
      found: name,
      expected: "a state that another one leads to",
      hint: "name it in Next, Default, Choices or Catch of another state, or remove it",
      severity: "warning",
    };
  }
}

function* endless(document: Machine, scope: Scope): Iterable<Finding> {
  const ends = Object.values(scope.states).some(
    ({ Type, End }) => Type === "Succeed" || Type === "Fail" || End === true,
  );
  if (ends) {
    yield* withoutEnd(document, scope);
    return;
  }
  yield {
    document,
    pointer: `${scope.pointer}/States`,
    found: Object.keys(scope.states),
    expected: "one state at which a run ends",
    hint: 'give the last state "End": true, or add one of Type Succeed or Fail',
  };
}

/** States from which no path leads to the end, although there is one. The first of them is reported. */
function* withoutEnd(document: Machine, scope: Scope): Iterable<Finding> {
  const entries = Object.entries(scope.states);
  const before = new Map<string, string[]>();
  const ending = new Set<string>();
  for (const [name, state] of entries) {
    const targets = targetsOf(state);
    // A target that does not exist is reported elsewhere, and so is a state without a next one.
    const open = targets.length === 0 || targets.some((target) => !Object.hasOwn(scope.states, target.name));
    if (open || state.End === true) ending.add(name);
    for (const target of targets) {
      const known = before.get(target.name);
      if (known) known.push(name);
      else before.set(target.name, [name]);
    }
  }
  // Iterating over a set includes what is added meanwhile.
  for (const name of ending) for (const earlier of before.get(name) ?? []) ending.add(earlier);
  const found = entries.map(([name]) => name).filter((name) => !ending.has(name));
  const [first] = found;
  if (first === undefined) return;
  yield {
    document,
    pointer: statePointer(scope, first),
    found: shortened(found),
    expected: "a path from here to a state at which a run ends",
    hint: 'add a target outside the cycle to one of them, or set "End": true',
  };
}

/** Cycles of states that neither work, wait nor count: the input of a Choice never changes. */
function* idleCycles(document: Machine, scope: Scope): Iterable<Finding> {
  const idle = Object.entries(scope.states).filter(([, { Type }]) => Type === "Pass" || Type === "Choice");
  const left = new Map(
    idle.filter(([, state]) => !counts(state)).map(([name, state]) => [name, targetsOf(state).map((to) => to.name)]),
  );
  const within = withinCycles(left);
  const found = [...within.keys()];
  const [first] = found;
  if (first === undefined) return;
  yield {
    document,
    pointer: statePointer(scope, first),
    found: shortened(found),
    expected: "no cycle made only of Pass and Choice states: an execution would loop until the 25,000-event limit",
    hint: "go back to another state, or add a Task or Wait to the cycle",
  };
}

/** Its output may differ with every iteration: it counts, takes from a list, draws a random number or reads the time. */
function counts(state: State): boolean {
  return /States\.(?:MathAdd|MathRandom|UUID|Array)|\{%|\$\$\.State|\[-?\d*:/.test(JSON.stringify(state));
}

function shortened(names: readonly string[]): readonly string[] {
  return names.length > 8 ? [...names.slice(0, 8), "…"] : names;
}

function* repeatedNames(document: Machine, scopes: readonly Scope[]): Iterable<Finding> {
  const seen = new Set<string>();
  for (const scope of scopes) {
    for (const name of Object.keys(scope.states)) {
      if (seen.has(name)) {
        yield {
          document,
          pointer: statePointer(scope, name),
          found: name,
          expected: "a name that no other state of the machine has",
          hint: "rename one of the two, and the targets that refer to it",
        };
      }
      seen.add(name);
    }
  }
}
