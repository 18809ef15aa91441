import type { ByteWriter } from "./byteWriter.ts";
import type { Random } from "./random.ts";

/** A column of a data set: how its values are made, and its rules as JSON Schema and as SQL, which have to mean the same. */
export interface DataColumn {
  readonly name: string;
  /** Its property in the JSON Schema. */
  readonly schema: Readonly<Record<string, unknown>>;
  /** An empty field is an error. */
  readonly required: boolean;
  /** The type by which DuckDB reads it. */
  readonly duckdbType: string;
  /**
   * What has to be true of a value that is not missing, as SQL about `value`; undefined when the type says it all.
   * `value` is written for the column, of the type above.
   */
  readonly duckdbRule: ((value: string) => string) | undefined;
  /** Share of fields in quotes. */
  readonly quotedShare: number;
  /** Share of fields left empty, where that is allowed. */
  readonly emptyShare: number;
  /** Writes a good value, not empty. `quoted`: it stands in quotes, and quotes inside have to be doubled. */
  readonly write: (out: ByteWriter, random: Random, quoted: boolean) => void;
  /**
   * Ways to be wrong, by the JSON Schema keyword that refuses the value. Each is wrong for JSON Schema, for ajv with
   * `coerceTypes` and for DuckDB alike: DuckDB takes 12.5 for an integer, for example, so that one is not among them.
   */
  readonly bad: readonly BadValue[];
}

export interface BadValue {
  readonly rule: string;
  readonly write: (out: ByteWriter, random: Random) => void;
}

export const missing: BadValue = { rule: "required", write: () => {} };
