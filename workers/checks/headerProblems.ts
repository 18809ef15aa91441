import { nearest } from "../../src/shared/nearest.ts";
import { WorkerFault } from "../model/fault.ts";
import type { RecordLayers } from "./recordLayers.ts";
import { shown } from "./schemaProblem.ts";

/** In what the columns of a file are not those of the schema, as sentences. */
export function headerProblems(
  { properties, required, additional }: RecordLayers,
  header: readonly string[],
): string[] {
  const present = new Set(header);
  const missing = [...required].filter(([name]) => !present.has(name)).map(([name]) => missingColumn(name, header));
  const refused = additional
    .filter(({ node }) => node === false)
    .flatMap(({ named }) => header.filter((name) => !named.has(name)));
  const unknown = [...new Set(refused)].map((name) => {
    const close = nearest(
      name,
      [...properties.keys()].filter((known) => !present.has(known)),
    );
    const suggestion = close === undefined ? "" : ` (is it ${shown(close)}?)`;
    return `the file has the column ${shown(name)}, which the schema does not allow${suggestion}`;
  });
  return [...missing, ...unknown];
}

function missingColumn(name: string, header: readonly string[]): string {
  const close = nearest(name, header);
  const suggestion = close === undefined ? "" : ` (is it ${shown(close)}?)`;
  return `the schema requires the column ${shown(name)}, which the file does not have${suggestion}`;
}

/** All of it in one fault. */
export function headerFault(uri: string, problems: readonly string[]): WorkerFault {
  const listed = problems.slice(0, 20);
  const rest = problems.length > listed.length ? `; and ${problems.length - listed.length} more` : "";
  return new WorkerFault(
    "data-refused",
    `the columns are not those of the schema ${uri}: ${listed.join("; ")}${rest}`,
    {
      hint: "Correct the first line of the file or the schema; names have to be the same letter by letter.",
    },
  );
}
