import { debianProgram, type Program } from "./debianProgram.ts";
import type { Part } from "./part.ts";

export type Shellcheck = Program;

export function shellcheck(): Promise<Part<Shellcheck>> {
  return debianProgram("shellcheck", "SHELLCHECK_PATH");
}
