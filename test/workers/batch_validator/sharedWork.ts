/**
 * The validator whose main thread waits until so many other threads have each delivered a result: it would be through a small
 * file before they have started. What threads.test.ts starts: the number, then the arguments of the validator.
 */
import type { Worker } from "node:worker_threads";
import type { ObjectReader, ObjectStore } from "../../../workers/model/objectStore.ts";
import { runValidator } from "./validateFile.ts";

const [wanted, ...argv] = process.argv.slice(2);
const others = workersThatDeliver(Number(wanted));
const ending = await runValidator(argv, (store) => waitingFor(others.delivered, store));
console.log(JSON.stringify({ ...ending, delivered: others.count() }));

/** Resolves once so many threads have sent a result, each. */
function workersThatDeliver(wanted: number) {
  const heard = new Set<Worker>();
  let settle = () => {};
  const delivered = new Promise<void>((resolve) => {
    settle = resolve;
  });
  if (wanted === 0) settle();
  const take = (worker: Worker) =>
    worker.once("message", () => {
      heard.add(worker);
      if (heard.size === wanted) settle();
    });
  process.on("worker", take);
  return {
    delivered: delivered.finally(() => process.off("worker", take)),
    count: () => heard.size,
  };
}

/** Lets the first bytes through, in which the header is. The other threads open a store of their own. */
function waitingFor(delivered: Promise<void>, store: ObjectStore): ObjectStore {
  const open = store.open.bind(store);
  return Object.assign(store, {
    open: async (uri: string, expected?: { readonly etag: string }) => slowed(await open(uri, expected), delivered),
  });
}

function slowed(reader: ObjectReader, delivered: Promise<void>): ObjectReader {
  const readInto = reader.readInto.bind(reader);
  return Object.assign(reader, {
    readInto: async (start: number, target: Uint8Array, signal?: AbortSignal) => {
      if (target.length > 100_000) await delivered;
      await readInto(start, target, signal);
    },
  });
}
