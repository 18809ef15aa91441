import type { SinkKind } from "./sinkKind.ts";

/** The standard output, for trying out and for pipes. There is no checkpoint, so everything is printed again. */
export const stdout: SinkKind<object> = {
  readSettings: () => ({}),
  nameOf: () => "stdout",
  keepsCheckpoint: false,
  worksInFunction: false,
  async open(_, { stdout: stream }) {
    const [{ StdoutSink }, { lineSinkLimits }] = await Promise.all([
      import("./stdoutSink.ts"),
      import("./fileSink.ts"),
    ]);
    return { sink: new StdoutSink(stream), limits: lineSinkLimits };
  },
};
