import { parentPort } from "node:worker_threads";
import { runThread } from "./validatorThread.ts";

if (parentPort === null) throw new Error("thread.ts is started by batch_validator");
await runThread(parentPort);
