/**
 * The workers beside programs that do the same: `npx tsx test/bench/workers/main.ts [--only validator,processor,cost]
 * [--scale 0.01] [--rounds 5] [--shapes a,b] [--large] [--write]`. Tables go to standard output; `--write` puts
 * them into test/bench/README.md, the large file among them.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { costMarkdown } from "./cost.ts";
import { readOptions } from "./options.ts";
import { measureProcessor } from "./processor.ts";
import { measureValidator } from "./validator.ts";
import { writeIntoReadme } from "./writeIntoReadme.ts";

const options = readOptions(process.argv.slice(2));
const scratch = mkdtempSync(join(tmpdir(), "gen-batch-config-bench-"));
try {
  const wanted = new Set(options.parts);
  const validator = wanted.has("validator") ? await measureValidator(options, scratch) : undefined;
  const processor = wanted.has("processor") ? await measureProcessor(options, scratch) : undefined;
  const cost = wanted.has("cost")
    ? costMarkdown({
        validatorRecordsPerSecond: validator?.recordsPerSecond,
        processorRecordsPerSecond: processor?.recordsPerSecond,
      })
    : undefined;
  const markdown = [validator?.markdown, processor?.markdown, cost].filter((text) => text !== undefined).join("\n");
  process.stdout.write(markdown);
  if (options.write) writeIntoReadme("bench:workers", markdown);
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
