import type { Position } from "./problem.ts";
import type { DocumentKind } from "./unitDeclaration.ts";

/** How a placeholder stands in a document: inside quotes as text, or bare in the place of a whole value. */
export interface PlaceholderUse {
  readonly name: string;
  readonly place: "in-string" | "bare";
  /** Pointer to the value that holds it. */
  readonly pointer: string;
  readonly position: Position;
}

/**
 * A document as it stands on disk: JSON that may hold `${PLACEHOLDER}`s, read before any of them is bound.
 * `value` has a sample in each placeholder's place, so that schemas and rules see a whole document; `placeholders` tells
 * which parts of it are samples.
 */
export interface TemplateDocument<Value = unknown> {
  readonly kind: DocumentKind;
  /** Path as the user would type it. */
  readonly path: string;
  readonly value: Value;
  readonly placeholders: readonly PlaceholderUse[];
  /** Where the value at this pointer begins; the nearest existing ancestor for a pointer that does not exist. */
  readonly locate: (pointer: string) => Position;
  /** Where the key at this pointer begins; for an unknown or superfluous key. */
  readonly locateKey: (pointer: string) => Position;
}
