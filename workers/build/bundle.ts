/** Bundles the workers into workers/dist/ and prints what they weigh. */
import { relative } from "node:path";
import { bundleWorkers, repositoryRoot } from "./bundleWorkers.ts";
import { sizeReport } from "./sizeReport.ts";

for (const worker of await bundleWorkers()) {
  console.log(`${relative(repositoryRoot, worker.folder)}/\n${sizeReport(worker)}\n`);
}
