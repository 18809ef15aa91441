import { WrongUsage } from "../../model/problem.ts";
import type { JobDefinition } from "./jobDefinition.ts";

/** The arguments of a job: an argument `Ref::name` becomes the parameter of that name, which the definition may have a default for. */
export function bindCommand(definition: JobDefinition, given: Readonly<Record<string, string>>): readonly string[] {
  const parameters = { ...definition.parameters, ...given };
  return definition.command.map((argument) => {
    const name = /^Ref::(.+)$/s.exec(argument)?.[1];
    if (name === undefined) return argument;
    const value = Object.hasOwn(parameters, name) ? parameters[name] : undefined;
    if (value !== undefined) return value;
    throw new WrongUsage(
      `the command of ${definition.name} has Ref::${name}, which the state machine gives no value for`,
      `add ${name} under Parameters of the state that submits the job, or a default under parameters of the job definition`,
    );
  });
}
