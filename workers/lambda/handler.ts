import { writeSync } from "node:fs";
import process from "node:process";
import { sinkOf } from "../sinks/index.ts";
import { createStore } from "../store/openStore.ts";
import { createHandler } from "./createHandler.ts";

/** The handler that AWS Lambda calls. Connections are kept between the calls of one instance. */
export const handler = createHandler({
  environment: process.env,
  openStore: ({ region = "", bucket }) => createStore({ region, bucket }),
  openSink: ({ destination }, context, log, connections) =>
    sinkOf(destination).open({ context, log, stdout: process.stdout, connections }),
  // Writes the whole line before the call returns: an instance may be frozen right after it.
  write: (line) => {
    writeSync(1, line);
  },
});
