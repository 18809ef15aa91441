import { createReadStream } from "node:fs";
import Papa from "papaparse";
import { recordValidator } from "./recordValidator.ts";
import type { Counted, CountRequest } from "./request.ts";

/** Counts the records that break a rule as most programs on Node do it: papaparse makes objects and ajv checks each one. */
export function countWithPapaparse({ path, schemaPath }: Pick<CountRequest, "path" | "schemaPath">): Promise<Counted> {
  const validate = recordValidator(schemaPath);
  let records = 0;
  let bad = 0;
  // Without an encoding papaparse would decode each piece by itself and break the characters that lie across two.
  const text = createReadStream(path, { encoding: "utf8", highWaterMark: 1024 * 1024 });
  return new Promise((settle, fail) => {
    Papa.parse<Record<string, string>>(text, {
      header: true,
      delimiter: ",",
      newline: "\n",
      // The file ends with a line end, after which papaparse would see one more record.
      skipEmptyLines: true,
      chunk: ({ data }) => {
        records += data.length;
        for (const row of data) if (!validate(row)) bad += 1;
      },
      complete: () => settle({ records, bad }),
      error: fail,
    });
  });
}
