import { debianProgram, type Program } from "./debianProgram.ts";
import type { Part } from "./part.ts";

/** A consumer that shares no code with what it checks. */
export function kcat(): Promise<Part<Program>> {
  return debianProgram("kcat", "KCAT_PATH");
}
