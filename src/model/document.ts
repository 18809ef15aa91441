import type { Position } from "./problem.ts";
import type { DocumentKind } from "./unitDeclaration.ts";

/** How a placeholder is used in a document: inside quotes as text, or bare as a whole value. */
export interface PlaceholderUse {
  readonly name: string;
  readonly place: "in-string" | "bare";
  /** Pointer to the value that contains it. */
  readonly pointer: string;
  readonly position: Position;
}

/**
 * A document as it is on disk: JSON that may contain `${PLACEHOLDER}`s, read before any of them is bound.
 * `value` has a sample in place of each placeholder, so that schemas and rules see a whole document; `placeholders` says
 * which parts of it are samples.
 */
export interface TemplateDocument<Value = unknown> {
  readonly kind: DocumentKind;
  /** Path as the user would type it. */
  readonly path: string;
  readonly value: Value;
  readonly placeholders: readonly PlaceholderUse[];
  /** Where the value at this pointer starts; the nearest existing ancestor for a pointer that does not exist. */
  readonly locate: (pointer: string) => Position;
  /** Where the key at this pointer starts; for an unknown or superfluous key. */
  readonly locateKey: (pointer: string) => Position;
}
