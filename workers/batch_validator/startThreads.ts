import { existsSync } from "node:fs";
import { Worker } from "node:worker_threads";
import { type Outcome, WorkerFault } from "../model/fault.ts";
import type { RequestedRows, SegmentMerger } from "./merge/segmentMerger.ts";
import type { MainMessage, ThreadMessage, ThreadTask } from "./threadMessages.ts";

/** Threads that are started and idle. */
export interface Threads {
  /**
   * Lets them scan beside the main thread and pass their results to the merger. Rejects when one of them fails, and
   * never resolves: the merger sees when they are done.
   */
  scan(task: ThreadTask, merger: SegmentMerger): Promise<never>;
  stop(): void;
}

/** A thread needs about 20 ms to start, during which the main thread can find out what there is to do. */
export function startThreads(count: number): Threads {
  const workers = Array.from({ length: count }, startThread);
  let isOver = false;
  const failed = new Promise<never>((_, fail) => {
    for (const worker of workers) worker.on("error", (error) => (isOver ? undefined : fail(error)));
  });
  // Thrown when they start to scan.
  failed.catch(() => {});
  return {
    scan: (task, merger) => {
      const failure = new Promise<never>((_, fail) => {
        for (const [index, worker] of workers.entries()) {
          mergeResults(worker, (index + 1) * maxLoops, merger, (error) => {
            if (!isOver) fail(error);
          });
          worker.postMessage({ kind: "task", task } satisfies MainMessage);
        }
      });
      return Promise.race([failed, failure]);
    },
    stop: () => {
      isOver = true;
      // Not awaited: ending a thread takes several milliseconds, and nothing is left to do.
      for (const worker of workers) void worker.terminate();
    },
  };
}

/** The scanners of a thread are numbered from `thread * maxLoops` on. */
const maxLoops = 16;

/**
 * In a bundle, the thread is a JavaScript file beside this one. In the repository it is TypeScript, which needs a
 * loader.
 */
function startThread(): Worker {
  const bundled = new URL("./thread.js", import.meta.url);
  if (existsSync(bundled)) return new Worker(bundled);
  // A loader given with --import does not reach the threads of Node 20: the thread has to register it itself.
  const loader = import.meta.resolve("tsx/esm/api");
  const source = new URL("./thread.ts", import.meta.url).href;
  const program = `import(${JSON.stringify(loader)}).then((tsx) => { tsx.register(); return import(${JSON.stringify(source)}); });`;
  return new Worker(program, { eval: true });
}

function mergeResults(worker: Worker, firstScanner: number, merger: SegmentMerger, fail: (error: Error) => void): void {
  const send = (message: MainMessage, transferred: readonly ArrayBuffer[] = []) =>
    worker.postMessage(message, transferred);
  const requestedBy = new Map<number, RequestedRows>();
  const giveBack = (buffers: readonly ArrayBuffer[]) => send({ kind: "written", buffers }, buffers);
  worker.on("message", (message: ThreadMessage) => {
    if (message.kind === "failed") {
      fail(faultOf(message));
      return;
    }
    const { loop } = message;
    if (message.kind === "rows") {
      requestedBy.get(loop)?.deliver(message.pieces, giveBack);
      return;
    }
    merger.accept(firstScanner + loop, message.result).then((requested) => {
      if (requested === undefined) return send({ kind: "merged", loop, requested });
      requestedBy.set(loop, requested);
      const { record, line, rows } = requested;
      send({ kind: "merged", loop, requested: { record, line, rows } });
    }, fail);
  });
  worker.on("exit", (code) => {
    if (code !== 0) fail(new Error(`a validator thread ended with code ${code}`));
  });
}

/** An error loses its class when it is passed from one thread to another. */
function faultOf({ error, outcome, hint }: Extract<ThreadMessage, { kind: "failed" }>): Error {
  if (outcome === undefined) return error as Error;
  const options = hint === undefined ? { cause: error } : { hint, cause: error };
  return new WorkerFault(outcome as Outcome, (error as Error).message, options);
}
