import { runWorker } from "../program/runWorker.ts";

await runWorker("batch_processor", async () => (await import("./processChunk.ts")).processChunk);
