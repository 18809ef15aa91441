import { rfc4180 } from "../model/dialect.ts";
import { WorkerFault } from "../model/fault.ts";
import type { ProcessorSettings } from "../settings/settings.ts";
import { bareEtag } from "./bareEtag.ts";
import { createWriter } from "./createWriter.ts";
import { destinationName } from "./destinationName.ts";
import type { ChunkResult, ProcessorParts } from "./parts.ts";
import { RangeRun } from "./rangeRun.ts";
import { readHeader } from "./readHeader.ts";
import { refuseOwnInput } from "./refuseOwnInput.ts";
import { RunReport } from "./runReport.ts";
import { withSink } from "./withSink.ts";

type RangeSettings = ProcessorSettings & { readonly input: string };

/**
 * Delivers a range of records of a file that was not validated, which is read from its beginning to find them. Records
 * that break the rules of CSV, or have not one field for each column, are left out and counted.
 *
 * There is no checkpoint: nothing says that the file will be the same at the next attempt, nor where to begin in it. So
 * an attempt that is stopped has its records sent again. Whoever minds validates the file first.
 */
export async function deliverRange(settings: RangeSettings, parts: ProcessorParts): Promise<ChunkResult> {
  refuseOtherEncoding(settings);
  refuseOwnInput(settings, [settings.input]);
  const { chunkId, startIndex, endIndex, input, destination } = settings;
  const { log, signal, attempt } = parts;
  const data = await parts.store.open(input);
  try {
    const dialect = {
      ...rfc4180,
      ...given("delimiter", settings),
      ...given("quote", settings),
      strayQuotes: settings.strayQuotes,
    };
    const header = await readHeader(data, dialect, { maxRecordBytes: settings.maxRecordBytes, signal });
    const context = { etag: bareEtag(data.version.etag), source: data.version.uri, chunkId };
    log.warn("no-manifest", {
      reason: "the range is looked for from the beginning of the file, and has no checkpoint",
    });
    return await withSink(settings, context, parts, async (opened) => {
      const writer = createWriter({ columns: header.columns, quote: dialect.quote }, settings, opened.limits);
      log.info("delivering", {
        startIndex,
        endIndex,
        input,
        destination: destinationName(destination),
        owner: attempt,
      });
      const run = new RangeRun(settings, { ...parts, ...opened, data, writer, header, dialect });
      const report = new RunReport(parts, () => ({ ...run.counts, retries: opened.retries?.() ?? 0 }));
      await report.around(() => run.deliver());
      return tellDone(settings, run.counts);
    });
  } finally {
    await data.close();
  }
}

/** Positions mean UTF-8, and only the validator makes that of another encoding. */
function refuseOtherEncoding({ encoding, input }: RangeSettings): void {
  if (encoding === undefined || /^utf-?8$/i.test(encoding)) return;
  throw new WorkerFault(
    "usage",
    `${input} was said to be ${JSON.stringify(encoding)}; expected UTF-8 without a manifest`,
    {
      hint: "Run batch_validator on it, and give the manifest.json of that run with --manifest.",
    },
  );
}

function given(name: "delimiter" | "quote", settings: RangeSettings): { delimiter?: string; quote?: string } {
  const value = settings[name];
  return value === undefined ? {} : { [name]: value };
}

function tellDone({ chunkId }: RangeSettings, counts: RangeRun["counts"]): ChunkResult {
  const { delivered, skipped, refused } = counts;
  if (refused > 0) {
    throw new WorkerFault(
      "data-refused",
      `the destination will never take ${refused} of the records of ${chunkId}; ${delivered} are delivered`,
      { hint: 'The log names them in its "refused" lines. With a manifest they are written down as well.' },
    );
  }
  return { chunkId, outcome: "done", delivered, skipped, refused, wasDone: false };
}
