import { existsSync } from "node:fs";
import { Worker } from "node:worker_threads";
import { type Outcome, WorkerFault } from "../model/fault.ts";
import type { SegmentMerger } from "./merge/segmentMerger.ts";
import type { MergedMessage, ThreadMessage, ThreadTask } from "./threadMessages.ts";

/**
 * Starts threads that scan beside the main thread. Resolves when all of them have ended, rejects with the first failure.
 */
export async function scanInThreads(
  count: number,
  task: ThreadTask,
  merger: SegmentMerger,
  signal: AbortSignal,
): Promise<void> {
  const workers: Worker[] = [];
  try {
    const stopped = new Promise<never>((_, fail) => {
      signal.addEventListener("abort", () => fail(signal.reason), { once: true });
    });
    const ended = Promise.all(
      Array.from({ length: count }, (_, index) => {
        const worker = startThread(task);
        workers.push(worker);
        return merge(worker, index + 1, merger);
      }),
    );
    await Promise.race([ended, stopped]);
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
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

function merge(worker: Worker, thread: number, merger: SegmentMerger): Promise<void> {
  return new Promise((settle, fail) => {
    worker.on("message", (message: ThreadMessage) => {
      if (message.kind === "failed") {
        fail(faultOf(message));
        return;
      }
      merger.accept(thread * maxLoops + message.loop, message.result).then(() => {
        worker.postMessage({ loop: message.loop } satisfies MergedMessage);
      }, fail);
    });
    worker.on("error", fail);
    worker.on("exit", (code) => {
      if (code === 0) settle();
      else fail(new Error(`a validator thread ended with code ${code}`));
    });
  });
}

/** An error loses its class on its way from one thread to another. */
function faultOf({ error, outcome, hint }: Extract<ThreadMessage, { kind: "failed" }>): Error {
  if (outcome === undefined) return error as Error;
  const options = hint === undefined ? { cause: error } : { hint, cause: error };
  return new WorkerFault(outcome as Outcome, (error as Error).message, options);
}
