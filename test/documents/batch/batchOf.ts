import type { Config } from "../../../src/derived/types.ts";
import { batch } from "../../../src/documents/batch/batch.ts";
import { Fold } from "../../../src/documents/makeDocuments.ts";

/** The documents of the batch unit for a config with nothing but these keys. */
export function batchOf(config: Readonly<Record<string, unknown>>) {
  return new Fold(config as unknown as Config, {}).add(batch).documents;
}
