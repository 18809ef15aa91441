import { defineConfig } from "vitest/config";
import all from "../vitest.config.ts";

/**
 * The lane used while working, `npm run test:fast`: everything but properties over many random inputs, the command line
 * and the workers as processes, threads, bundles, and the disk. `npm test` has all of them.
 */
const slow = [
  // Properties, each over hundreds of random inputs.
  "test/property/**",
  "test/config/{readYaml,placeholderUse}.test.ts",
  "test/write/property.test.ts",
  "test/workers/scanner/**",
  "test/workers/checks/{byteChecks,compileSchema}.test.ts",
  "test/workers/checks/pattern/**",
  "test/workers/decode/decode.test.ts",
  "test/workers/batch_processor/{nothingLost,withoutManifest}.test.ts",
  "test/workers/batch_validator/scanData.test.ts",
  // Processes.
  "test/cli/**",
  "test/run/run.test.ts",
  "test/run/jobs/{lambdaHost,startProcess}.test.ts",
  "test/docs/commands.test.ts",
  "test/pipelines/**",
  "test/workers/batch_validator/badInput.test.ts",
  "test/workers/program/runWorker.test.ts",
  // Killed writers, locks and full disks.
  "test/write/{interrupted,lock,disk,obstacles}.test.ts",
  "test/workers/store/file/fileStore.test.ts",
  // Threads.
  "test/workers/batch_validator/threads.test.ts",
  // Modules in place of others.
  "test/documents/makeDocuments.test.ts",
  // Bundles, releases and data sets.
  "test/derive/**",
  "test/docker/**",
  "test/workers/build/**",
  "test/workers/bench/**",
];

export default defineConfig({
  test: {
    ...all.test,
    exclude: [...(all.test?.exclude ?? []), ...slow],
    globalSetup: ["test/fastSetup.ts"],
    // Modules are loaded once for all files: no test of this lane changes one.
    isolate: false,
  },
});
