import type { RecordSink } from "../model/recordSink.ts";

/** The sink; its connections stay open when a run closes it if they are kept for the next run. */
export function keptOpen(sink: RecordSink & { stop(): void }, kept: unknown): RecordSink {
  if (kept === undefined) return sink;
  return {
    connect: () => sink.connect(),
    send: (batch, delivery) => sink.send(batch, delivery),
    close: async () => sink.stop(),
  };
}
