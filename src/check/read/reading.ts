import type { PlaceholderUse } from "../../model/document.ts";
import type { Placeholder } from "../../model/placeholder.ts";
import type { Position, Problem } from "../../model/problem.ts";
import { positionsIn } from "../../model/text/lines.ts";
import { pointerTo } from "../../shared/pointer.ts";

/** What is wrong; the reading adds file, position and pointer. */
export type Mistake = Pick<Problem, "rule" | "found" | "expected" | "hint">;

/** Reading cannot continue; what was found so far is in `problems`. Never leaves this folder. */
export class Stop extends Error {}

export interface TextToRead {
  readonly text: string;
  readonly file: string;
  readonly known: ReadonlyMap<string, Placeholder>;
  /** How often Terraform evaluates a string: 2 for a document, 1 for a template that is an input of type string. */
  readonly evaluations: 1 | 2;
}

// A person fixes the first few and tries again; hostile text must not produce an endless list.
const maxProblems = 200;
// Terraform stops much later, but no document of ours is deeper than 10, and the stack is limited.
const maxDepth = 200;

/** A text while it is read: the cursor, the pointer to the value under it, and what was found. */
export class Reading {
  readonly text: string;
  readonly known: ReadonlyMap<string, Placeholder>;
  readonly evaluations: 1 | 2;
  readonly problems: Problem[] = [];
  readonly placeholders: PlaceholderUse[] = [];
  readonly positionOf: (offset: number) => Position;
  /** Offset of the next character. */
  at = 0;
  readonly #file: string;
  readonly #containers: Container[] = [];

  constructor({ text, file, known, evaluations }: TextToRead) {
    this.text = text;
    this.known = known;
    this.evaluations = evaluations;
    this.positionOf = positionsIn(text);
    this.#file = file;
  }

  /** Pointer to the value under the cursor; to the object itself while a key of it is read. */
  pointer(): string {
    const container = this.#containers.at(-1);
    if (container === undefined) return "";
    if (container.key === undefined) return container.pointer;
    container.below ??= pointerTo(container.pointer, container.key);
    return container.below;
  }

  enter(): void {
    if (this.#containers.length === maxDepth) {
      const found = this.text.charAt(this.at);
      this.stop(this.at, { rule: "json-depth", found, expected: `at most ${maxDepth} levels of nesting` });
    }
    this.#containers.push({ pointer: this.pointer() });
  }

  /** Moves the pointer to a member or item of the innermost container, or back to the container. */
  select(key: string | number | undefined): void {
    const container = this.#containers.at(-1) as Container; // called between enter and leave only
    container.key = key;
    container.below = undefined;
  }

  leave(): void {
    this.#containers.pop();
  }

  /** The pattern (sticky) at the cursor, which moves behind it; "" when it does not match there. */
  take(pattern: RegExp): string {
    pattern.lastIndex = this.at;
    const match = pattern.exec(this.text);
    if (match === null) return "";
    this.at = pattern.lastIndex;
    return match[0];
  }

  report(offset: number, mistake: Mistake): void {
    const position = this.positionOf(offset);
    const problem = { ...mistake, severity: "error", file: this.#file, position, pointer: this.pointer() } as const;
    if (this.problems.length < maxProblems) {
      this.problems.push(problem);
      return;
    }
    const expected = `at most ${maxProblems} problems; the rest was not read`;
    const hint = "fix the first ones and try again";
    this.problems.push({ ...problem, rule: "json-too-many-problems", found: maxProblems + 1, expected, hint });
    throw new Stop();
  }

  stop(offset: number, mistake: Mistake): never {
    this.report(offset, mistake);
    throw new Stop();
  }
}

interface Container {
  readonly pointer: string;
  key?: string | number | undefined;
  /** Pointer to the selected key, computed on demand. */
  below?: string | undefined;
}
