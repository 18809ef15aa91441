import type { State, StateMachine, States, SubMachine } from "../../derived/types.ts";
import type { TemplateDocument } from "../../model/document.ts";
import { pointerTo } from "../../shared/pointer.ts";

/** States that can go to each other: those of the machine, of one Map or of one branch. */
export interface Scope {
  /** Pointer to the object that contains StartAt and States. */
  readonly pointer: string;
  readonly startAt: string;
  readonly states: States;
  readonly language: QueryLanguage;
}

export interface PlacedState {
  readonly name: string;
  readonly pointer: string;
  readonly state: State;
  readonly language: QueryLanguage;
}

export type QueryLanguage = "JSONPath" | "JSONata";

/** The scope of the whole machine and every scope within it, outermost first. */
export function scopesOf({ value }: TemplateDocument<StateMachine>): readonly Scope[] {
  return scopesWithin("", value, "JSONPath");
}

/** Every state of the machine, in all of its scopes. */
export function statesOf(document: TemplateDocument<StateMachine>): readonly PlacedState[] {
  return scopesOf(document).flatMap((scope) =>
    Object.entries(scope.states).map(([name, state]) => ({
      name,
      state,
      pointer: pointerTo(`${scope.pointer}/States`, name),
      language: state.QueryLanguage ?? scope.language,
    })),
  );
}

type Machine = Pick<SubMachine, "StartAt" | "States"> & { readonly QueryLanguage?: QueryLanguage };

function scopesWithin(pointer: string, machine: Machine, inherited: QueryLanguage): Scope[] {
  const language = machine.QueryLanguage ?? inherited;
  const inner = Object.entries(machine.States).flatMap(([name, state]) =>
    subMachines(state).flatMap(([path, below]) =>
      scopesWithin(`${pointerTo(`${pointer}/States`, name)}${path}`, below, language),
    ),
  );
  return [{ pointer, startAt: machine.StartAt, states: machine.States, language }, ...inner];
}

function subMachines({ Branches, ItemProcessor, Iterator: iterator }: State): (readonly [string, SubMachine])[] {
  return [
    ...(Branches ?? []).map((branch, index) => [`/Branches/${index}`, branch] as const),
    ...(ItemProcessor ? [["/ItemProcessor", ItemProcessor] as const] : []),
    ...(iterator ? [["/Iterator", iterator] as const] : []),
  ];
}
