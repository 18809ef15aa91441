import type { Ending } from "../program/endingOf.ts";

/**
 * The error of a call, by whose name a state machine tells outcomes apart: TryAgain, DataRefused, InputMissing, NotAllowed,
 * Configuration, Usage, Bug.
 */
export function errorFor({ outcome, message, hint }: Ending): Error {
  const error = new Error(hint === undefined ? message : `${message} (${hint})`);
  error.name = pascalCase(outcome);
  return error;
}

function pascalCase(words: string): string {
  return words.replace(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
