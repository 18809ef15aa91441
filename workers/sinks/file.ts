import { fileURLToPath } from "node:url";
import { WorkerFault } from "../model/fault.ts";
import type { SinkKind } from "./sinkKind.ts";

/** A local file, for trying out: one JSON object per line. */
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
  throw new WorkerFault("configuration", `DESTINATION_FILE is ${JSON.stringify(uri)}; expected a local file`, {
    hint: "S3 objects cannot be appended to. Write to ./records.jsonl, and copy it to S3 afterwards.",
  });
}
