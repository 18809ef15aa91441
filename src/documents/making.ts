import type { Config } from "../derived/types.ts";
import type { DocumentName, DocumentOf, UnitName } from "../model/units.ts";

export type Data = Readonly<Record<string, unknown>>;

/** The documents of some units as they are generated: their defaults, with the user's override of each applied. */
export type Documents<Units extends UnitName> = Readonly<Record<DocumentOf<Units>, Data>>;

/** What a unit makes its documents from, each of them once. */
export interface Making<Before extends object> {
  readonly config: Config;
  /** The documents of units before this one. */
  readonly before: Before;
  /** The user's override of a document: a part of it, with `null` for what is left out. */
  readonly said: (name: DocumentName) => Data;
  /** The default of a document with the user's override applied. */
  readonly document: (name: DocumentName, byDefault: Data) => Data;
}
