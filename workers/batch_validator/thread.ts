import { parentPort, workerData } from "node:worker_threads";
import type { ThreadTask } from "./threadMessages.ts";
import { runThread } from "./validatorThread.ts";

if (parentPort === null) throw new Error("thread.ts is started by batch_validator");
await runThread(parentPort, workerData as ThreadTask);
