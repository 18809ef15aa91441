import { MessageWriter } from "../messages/messageWriter.ts";
import { WorkerFault } from "../model/fault.ts";
import type { Column } from "../model/manifest.ts";
import type { SinkLimits } from "../model/recordSink.ts";

/** Throws a WorkerFault (configuration) when a column of the key is none of the file's. */
export function createWriter(
  file: { readonly columns: readonly Column[]; readonly quote: string },
  { recordKey }: { readonly recordKey: readonly string[] },
  limits: SinkLimits,
): MessageWriter {
  const names = file.columns.map(({ name }) => name);
  const unknown = recordKey.filter((name) => !names.includes(name));
  if (unknown.length > 0) {
    throw new WorkerFault(
      "configuration",
      `RECORD_KEY names ${unknown.map((name) => JSON.stringify(name)).join(", ")}, which the file does not have`,
      { hint: `The file has ${listed(names)}.` },
    );
  }
  return new MessageWriter({ columns: file.columns, quote: file.quote, keyColumns: recordKey, limits });
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, 20).map((name) => JSON.stringify(name.slice(0, 100)));
  return names.length > shown.length ? `${shown.join(", ")} and ${names.length - shown.length} more` : shown.join(", ");
}
