import { runWorker } from "../program/runWorker.ts";

await runWorker("batch_validator", async () => (await import("./validate.ts")).validate);
