import type { Writable } from "node:stream";
import { WorkerFault } from "../model/fault.ts";
import type { Delivery, MessageBatch, RecordSink } from "../model/recordSink.ts";
import { linesOf } from "./fileSink.ts";

/**
 * Writes messages to a stream, one per line, in the order of the calls: for trying out, and for pipes. A batch is
 * acknowledged when the stream has passed it to the operating system, so a slow reader slows the worker down. A reader
 * that exits (`| head`) ends the work with try-again: not everything was read, and the next attempt continues from
 * there.
 */
export class StdoutSink implements RecordSink {
  readonly #stream: Writable;
  #failure: Error | undefined;

  constructor(stream: Writable) {
    this.#stream = stream;
  }

  async connect(): Promise<void> {
    // Never removed: a broken pipe may be noticed late, and without a listener it would end the process.
    this.#stream.on("error", (error: Error) => {
      this.#failure ??= error;
    });
  }

  async send(batch: MessageBatch, delivery: Delivery): Promise<void> {
    if (this.#failure !== undefined) throw readerIsGone(this.#failure);
    if (batch.length === 0) return;
    await new Promise<void>((settle, fail) => {
      this.#stream.write(linesOf(batch), (error) => {
        if (error === null || error === undefined) settle();
        else fail(readerIsGone(error));
      });
    });
    delivery.acknowledge(0, batch.length);
  }

  /** The stream belongs to the process, and stays open. */
  async close(): Promise<void> {}
}

function readerIsGone(error: Error): WorkerFault {
  return new WorkerFault("try-again", `standard output was closed (${error.message})`, {
    hint: "The program that reads the pipe ended before all messages were written.",
    cause: error,
  });
}
