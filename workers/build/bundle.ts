/** Bundles the workers into workers/dist/ and prints what they weigh, and how the function is uploaded. */
import { relative } from "node:path";
import { bundleWorkers, repositoryRoot, workersVersion } from "./bundleWorkers.ts";
import { sizeReport } from "./sizeReport.ts";
import { uploadCommand } from "./uploadCommand.ts";

for (const worker of await bundleWorkers()) {
  console.log(`${relative(repositoryRoot, worker.folder)}/\n${sizeReport(worker)}`);
  if (worker.zip !== undefined) {
    const path = relative(repositoryRoot, worker.zip.path);
    console.log(
      `\n${path}: ${(worker.zip.size / 1000).toFixed(1)} kB. To upload it where the generated function looks for it:`,
    );
    console.log(`  ${uploadCommand(path, workersVersion)}`);
  }
  console.log();
}
