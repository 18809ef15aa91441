import type { MessagePort } from "node:worker_threads";
import { WorkerFault } from "../model/fault.ts";
import { createStore } from "../store/openStore.ts";
import { RejectsRowBuffers } from "./scan/rejectsRowBuffers.ts";
import { scanLoop, takeSegment } from "./scan/scanLoop.ts";
import { type SegmentResult, segmentAt, segmentCount } from "./scan/segment.ts";
import { SegmentScanner } from "./scan/segmentScanner.ts";
import type { ScanSetting } from "./scan/setting.ts";
import type { MainMessage, ThreadMessage, ThreadTask } from "./threadMessages.ts";

type Send = (message: ThreadMessage, transferred?: ArrayBuffer[]) => void;
type Requested = Extract<MainMessage, { kind: "merged" }>["requested"];

/**
 * Waits for its task, scans segments in its own thread until none is left, and passes the results to the main thread.
 */
export async function runThread(port: MessagePort): Promise<void> {
  const send: Send = (message, transferred = []) => port.postMessage(message, transferred);
  const rowBuffers = new RejectsRowBuffers();
  const { task, merged } = listen(port, rowBuffers);
  try {
    await scanAll(await task, rowBuffers, merged, send);
  } catch (error) {
    const { outcome, hint } = error instanceof WorkerFault ? error : { outcome: undefined, hint: undefined };
    send({ kind: "failed", error, outcome, hint });
  } finally {
    port.close();
  }
}

async function scanAll(
  task: ThreadTask,
  rowBuffers: RejectsRowBuffers,
  merged: (loop: number) => Promise<Requested>,
  send: Send,
): Promise<void> {
  const { grid, header, schema, schemaUri } = task;
  const store = createStore(task.store);
  try {
    const reader = await store.open(task.data.uri, { etag: task.data.etag });
    const checks = async () => (await import("../checks/compileSchema.ts")).compileSchema(schema, header, schemaUri);
    const setting: ScanSetting = { ...task, checks, columnNames: header, segmentBytes: grid.segmentBytes, rowBuffers };
    const take = () => takeSegment(task.nextSegment, segmentCount(grid));
    await Promise.all(
      Array.from({ length: task.loops }, (_, loop) => {
        const scanner = new SegmentScanner(setting);
        return scanLoop(
          take,
          (index) => scanner.scan(reader, segmentAt(grid, index), () => undefined),
          async (result) => {
            const settled = merged(loop);
            sendResult(send, loop, result);
            const requested = await settled;
            if (requested === undefined) return;
            const pieces = scanner.writeRows(requested);
            const buffers = pieces.map(({ buffer }) => buffer);
            send({ kind: "rows", loop, pieces }, buffers);
          },
        );
      }),
    );
    await reader.close();
  } finally {
    store.destroy();
  }
}

/** For a view of a larger array, the whole array would be copied; `bytes` is in shared memory and is not copied. */
function sendResult(send: Send, loop: number, result: SegmentResult): void {
  const copied = {
    errors: result.errors.slice(),
    errorCounts: result.errorCounts.slice(),
    rejected: result.rejected.slice(),
    uniques: result.uniques.slice(),
  };
  const transferred = Object.values(copied).map(({ buffer }) => buffer);
  send({ kind: "result", loop, result: { ...result, ...copied } }, transferred);
}

/** The task when it arrives, and a promise for the next time that the main thread has merged a result of a loop. */
function listen(port: MessagePort, rowBuffers: RejectsRowBuffers) {
  const waiting = new Map<number, (requested: Requested) => void>();
  const task = new Promise<ThreadTask>((settle) => {
    port.on("message", (message: MainMessage) => {
      if (message.kind === "merged") waiting.get(message.loop)?.(message.requested);
      else if (message.kind === "written") rowBuffers.giveBack(message.buffers);
      else settle(message.task);
    });
  });
  const merged = (loop: number) => new Promise<Requested>((settle) => waiting.set(loop, settle));
  return { task, merged };
}
