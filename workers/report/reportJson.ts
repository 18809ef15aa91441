import type { ErrorCount, ErrorSample, Report } from "../model/report.ts";
import { visibleJson } from "./visibleText.ts";

/** Name of the file, also used in the page's link to it. */
export const reportJsonName = "report.json";

/**
 * A report as JSON text of two spaces' indentation that ends with a line end. Its keys are in the order of the types,
 * however the report was assembled. Characters that a terminal would interpret, or not show, are escaped.
 */
export function renderReportJson(report: Report): string {
  return `${visibleJson(JSON.stringify(ordered(report), null, 2))}\n`;
}

/** Key by key, so that a key which is not part of the format never ends up in a file that others read. */
function ordered(report: Report): Report {
  const { source, dialect, counts } = report;
  return {
    format: report.format,
    verdict: report.verdict,
    reason: report.reason,
    source: { uri: source.uri, size: source.size, etag: source.etag },
    schema: report.schema,
    compression: report.compression,
    encoding: report.encoding,
    dialect: { delimiter: dialect.delimiter, quote: dialect.quote, lineEnd: dialect.lineEnd },
    columns: report.columns.map(({ name, type }) => ({ name, type })),
    counts: {
      records: counts.records,
      valid: counts.valid,
      rejected: counts.rejected,
      lines: counts.lines,
      bytes: counts.bytes,
    },
    maxInvalid: report.maxInvalid,
    errors: report.errors,
    byRule: report.byRule.map(orderedCount),
    samples: report.samples.map(orderedSample),
    samplesCut: report.samplesCut,
    rejects: report.rejects,
  };
}

function orderedCount({ column, rule, expected, count }: ErrorCount): ErrorCount {
  return { column, rule, expected, count };
}

function orderedSample({ record, line, byte, field, column, rule, expected, found }: ErrorSample): ErrorSample {
  return { record, line, byte, field, column, rule, expected, found };
}
