import { fileURLToPath } from "node:url";
import { WorkerFault } from "../model/fault.ts";
import type { SinkKind } from "./sinkKind.ts";

/** A file of this machine, for trying out: one JSON object a line. */
export const file: SinkKind<{ readonly uri: string }> = {
  readSettings: (get) => ({ uri: get("DESTINATION_FILE") }),
  nameOf: ({ uri }) => uri,
  keepsCheckpoint: true,
  worksInFunction: false,
  writesTo: ({ uri }) => ({ flag: "--destination-file", uri }),
  async open({ uri }) {
    const { FileSink, lineSinkLimits } = await import("./fileSink.ts");
    return { sink: new FileSink(pathOf(uri)), limits: lineSinkLimits };
  },
};

function pathOf(uri: string): string {
  if (uri.startsWith("file://")) return fileURLToPath(uri);
  throw new WorkerFault(
    "configuration",
    `DESTINATION_FILE is ${JSON.stringify(uri)}; expected a file of this machine`,
    {
      hint: "Objects of S3 cannot grow record by record. Write ./records.jsonl, and copy it there afterwards.",
    },
  );
}
