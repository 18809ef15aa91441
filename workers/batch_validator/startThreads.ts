import { existsSync } from "node:fs";
import { Worker } from "node:worker_threads";
import { type Outcome, WorkerFault } from "../model/fault.ts";
import type { SegmentMerger } from "./merge/segmentMerger.ts";
import type { MergedMessage, ThreadMessage, ThreadTask } from "./threadMessages.ts";

export interface ScanningThreads {
  /** Rejects when one of them fails. Never resolves: that they are done shows in what is merged. */
  readonly failure: Promise<never>;
  stop(): void;
}

/** Starts threads that scan beside the main thread, and hand what they find to the merger. */
export function startThreads(count: number, task: ThreadTask, merger: SegmentMerger): ScanningThreads {
  const workers = Array.from({ length: count }, () => startThread(task));
  let isOver = false;
  const failure = new Promise<never>((_, fail) => {
    for (const [index, worker] of workers.entries()) {
      mergeResults(worker, (index + 1) * maxLoops, merger, (error) => {
        if (!isOver) fail(error);
      });
    }
  });
  return {
    failure,
    stop: () => {
      isOver = true;
      // Nobody waits for it: ending a thread takes several milliseconds in which nothing is left to be done.
      for (const worker of workers) void worker.terminate();
    },
  };
}

/** The scanners of a thread are numbered from `thread * maxLoops` on. */
const maxLoops = 16;

/** Bundled, the thread lies beside this file as JavaScript. In the repository it is TypeScript, for which a loader is needed. */
function startThread(task: ThreadTask): Worker {
  const bundled = new URL("./thread.js", import.meta.url);
  if (existsSync(bundled)) return new Worker(bundled, { workerData: task });
  // A loader given with --import does not reach the threads of Node 20: the thread has to register it by itself.
  const loader = import.meta.resolve("tsx/esm/api");
  const source = new URL("./thread.ts", import.meta.url).href;
  const program = `import(${JSON.stringify(loader)}).then((tsx) => { tsx.register(); return import(${JSON.stringify(source)}); });`;
  return new Worker(program, { workerData: task, eval: true });
}

function mergeResults(worker: Worker, firstScanner: number, merger: SegmentMerger, fail: (error: Error) => void): void {
  worker.on("message", (message: ThreadMessage) => {
    if (message.kind === "failed") {
      fail(faultOf(message));
      return;
    }
    merger.accept(firstScanner + message.loop, message.result).then(() => {
      worker.postMessage({ loop: message.loop } satisfies MergedMessage);
    }, fail);
  });
  worker.on("error", fail);
  worker.on("exit", (code) => {
    if (!merger.isDone && code !== 0) fail(new Error(`a validator thread ended with code ${code}`));
  });
}

/** An error loses its class on its way from one thread to another. */
function faultOf({ error, outcome, hint }: Extract<ThreadMessage, { kind: "failed" }>): Error {
  if (outcome === undefined) return error as Error;
  const options = hint === undefined ? { cause: error } : { hint, cause: error };
  return new WorkerFault(outcome as Outcome, (error as Error).message, options);
}
