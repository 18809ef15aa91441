import { closeSync, createReadStream, openSync, writeSync } from "node:fs";
import Papa from "papaparse";

export interface JsonLinesRequest {
  readonly path: string;
  /** Where the records begin and end in the file. Bytes; the end is exclusive. */
  readonly startByte: number;
  readonly endByte: number;
  readonly columns: readonly { readonly name: string; readonly isText: boolean }[];
  readonly target: string;
}

/**
 * Writes each record as a JSON object on a line of its own, with papaparse and JSON.stringify. Numbers keep their digits,
 * and an empty field is left out. Returns the number of records.
 */
export function toJsonLines({ path, startByte, endByte, columns, target }: JsonLinesRequest): Promise<number> {
  const file = openSync(target, "w");
  const names = columns.map(({ name }) => `${JSON.stringify(name)}:`);
  const bytes = { start: startByte, end: endByte - 1, highWaterMark: 1024 * 1024 };
  let records = 0;
  return new Promise((settle, fail) => {
    Papa.parse<readonly string[]>(createReadStream(path, { encoding: "utf8", ...bytes }), {
      delimiter: ",",
      newline: "\n",
      skipEmptyLines: true,
      chunk: ({ data }) => {
        records += data.length;
        let text = "";
        for (const fields of data) {
          const members = fields.flatMap((value, index) => {
            if (value === "") return [];
            return [`${names[index]}${columns[index]?.isText ? JSON.stringify(value) : value}`];
          });
          text += `{${members.join(",")}}\n`;
        }
        writeSync(file, text);
      },
      complete: () => {
        closeSync(file);
        settle(records);
      },
      error: fail,
    });
  });
}
