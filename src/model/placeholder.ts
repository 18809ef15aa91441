import table from "../../schemas/placeholders.json" with { type: "json" };

/** The kind of a placeholder's value; it decides where the placeholder may be used and how its value is written. */
export type PlaceholderKind = "string" | "list" | "map" | "number";

/** One row of the placeholder table in `schemas/placeholders.json`, or one that the user's config adds. */
export interface Placeholder {
  readonly name: string;
  readonly kind: PlaceholderKind;
  readonly meaning: string;
  /** A value of the right kind and form: replaces the real one while a document is checked, and as mock output. */
  readonly sample: unknown;
  /** Anchored regular expression (JSON Schema dialect) that a string, or each item of a list, matches. */
  readonly pattern?: string;
  /** Terragrunt expression that supplies the value; absent for PREFIX, which is bound when files are generated. */
  readonly expression?: string;
}

export const placeholders: readonly Placeholder[] = table.placeholders as readonly Placeholder[];
