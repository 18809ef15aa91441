import type { MessagePort } from "node:worker_threads";
import { createStore } from "../bytes/openStore.ts";
import { compileSchema } from "../checks/compileSchema.ts";
import { WorkerFault } from "../model/fault.ts";
import { scanLoop } from "./scan/scanLoop.ts";
import { segmentAt, segmentCount } from "./scan/segment.ts";
import { SegmentScanner } from "./scan/segmentScanner.ts";
import { takeSegment } from "./takeSegment.ts";
import type { MergedMessage, ThreadMessage, ThreadTask } from "./threadMessages.ts";

/** Scans segments in a thread of its own until none is left, and hands the results to the main thread. */
export async function runThread(port: MessagePort, task: ThreadTask): Promise<void> {
  const send = (message: ThreadMessage, transferred: ArrayBuffer[] = []) => port.postMessage(message, transferred);
  const store = createStore(task.store);
  try {
    const reader = await store.open(task.data.uri, { etag: task.data.etag });
    const checks = compileSchema(task.schema, task.header, task.schemaUri);
    const merged = mergedSignals(port);
    const { grid, dialect, maxRecordBytes, seeds, module } = task;
    const setting = { checks, dialect, maxRecordBytes, segmentBytes: grid.segmentBytes, seeds, module };
    const take = () => takeSegment(task.nextSegment, segmentCount(grid));
    await Promise.all(
      Array.from({ length: task.loops }, (_, loop) => {
        const scanner = new SegmentScanner(setting);
        return scanLoop(
          take,
          (index) => scanner.scan(reader, segmentAt(grid, index), () => undefined),
          (result) => {
            const settled = merged(loop);
            // Of a part of a larger array the whole would be copied on its way; `bytes` lies in shared memory and stays there.
            const errors = result.errors.slice();
            const uniques = result.uniques.slice();
            send({ kind: "result", loop, result: { ...result, errors, uniques } }, [errors.buffer, uniques.buffer]);
            return settled;
          },
        );
      }),
    );
    await reader.close();
  } catch (error) {
    const { outcome, hint } = error instanceof WorkerFault ? error : { outcome: undefined, hint: undefined };
    send({ kind: "failed", error, outcome, hint });
  } finally {
    store.destroy();
    port.close();
  }
}

/** A promise for the next time that the main thread has merged what a loop has found. */
function mergedSignals(port: MessagePort): (loop: number) => Promise<void> {
  const waiting = new Map<number, () => void>();
  port.on("message", ({ loop }: MergedMessage) => waiting.get(loop)?.());
  return (loop) => new Promise((settle) => waiting.set(loop, settle));
}
