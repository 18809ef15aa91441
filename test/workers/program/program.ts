/** A worker whose work is the text in WORK: what runWorker.test.ts starts. */
import { WorkerFault } from "../../../workers/model/fault.ts";
import type { ProcessorJob } from "../../../workers/program/job.ts";
import { runWorker } from "../../../workers/program/runWorker.ts";

const works: Readonly<Record<string, (job: ProcessorJob) => Promise<void>>> = {
  done: async ({ log, metrics }) => {
    log.info("sent", { records: 3 });
    metrics.emit({ Records: { value: 3, unit: "Count" } });
    // Something that a client may leave behind.
    setInterval(() => {}, 1000);
  },
  records: async ({ stdout }) => void stdout.write('{"id":1}\n'),
  fault: async () => {
    throw new WorkerFault("data-refused", "too many invalid records", { hint: "see the report" });
  },
  bug: async () => {
    throw new TypeError("x is undefined");
  },
  late: async () => {
    setTimeout(() => {
      throw new Error("in a callback");
    }, 1);
    await new Promise((settle) => setTimeout(settle, 60_000));
  },
  waits: async ({ signal, log }) => {
    await new Promise((_, fail) => {
      const alive = setInterval(() => {}, 1000);
      signal.addEventListener("abort", () => {
        clearInterval(alive);
        fail(signal.reason);
      });
      log.info("waiting");
    });
  },
  deaf: async ({ signal, log }) => {
    signal.addEventListener("abort", () => log.info("heard"));
    log.info("waiting");
    await new Promise((settle) => setTimeout(settle, 60_000));
  },
};

await runWorker("batch_processor", async () => works[process.env.WORK ?? ""] as (job: ProcessorJob) => Promise<void>);
