import type { Chunk, Column } from "../model/manifest.ts";
import type { Report } from "../model/report.ts";
import type { MaxInvalid, ValidatorSettings } from "../settings/settings.ts";
import type { ErrorTally } from "./merge/errorTally.ts";
import type { RejectsCsv } from "./merge/rejectsCsv.ts";
import type { Samples } from "./merge/samples.ts";
import type { OpenedData, SourceFacts } from "./openData.ts";

/** What a scan found in the whole file. */
export interface Findings {
  readonly columns: readonly Column[];
  readonly tally: ErrorTally;
  readonly samples: Samples;
  readonly rejectsCsv: RejectsCsv;
  readonly chunks: readonly Chunk[];
  readonly records: number;
  readonly rejected: number;
  /** Line after the last one, from 1. */
  readonly line: number;
}

export function reportOf(settings: ValidatorSettings, data: OpenedData, findings: Findings, verdict: Verdict): Report {
  const { tally, samples, rejectsCsv } = findings;
  const names = data.header.names;
  const found = samples.toReport(tally.kinds, names);
  return {
    format: "gen-batch-config/report/1",
    verdict: verdict.isAccepted ? "accepted" : "rejected",
    reason: verdict.isAccepted ? null : verdict.reason,
    source: data.source,
    schema: settings.schema ?? null,
    compression: data.compression,
    encoding: data.encoding,
    dialect: data.dialect,
    columns: findings.columns,
    counts: countsOf(data, findings),
    maxInvalid: settings.maxInvalid.text,
    errors: tally.errors,
    byRule: tally.byRule(names),
    samples: found,
    samplesCut: found.length < tally.errors,
    rejects: rejectsCsv.rows > 0 ? "rejects.csv" : null,
  };
}

export function countsOf({ reader }: OpenedData, { records, rejected, line }: Findings): Report["counts"] {
  return { records, valid: records - rejected, rejected, lines: line - 1, bytes: reader.version.size };
}

/** The report of a file that was refused before its records were read. Only its bytes are counted. */
export function reportOfRefusal(settings: ValidatorSettings, facts: SourceFacts, reason: string): Report {
  const { source, compression, encoding } = facts;
  const { delimiter = ",", quote = '"' } = settings;
  return {
    format: "gen-batch-config/report/1",
    verdict: "rejected",
    reason,
    source,
    schema: settings.schema ?? null,
    compression,
    encoding,
    dialect: facts.dialect ?? { delimiter, quote, lineEnd: "lf" },
    columns: [],
    counts: { records: 0, valid: 0, rejected: 0, lines: 0, bytes: source.size },
    maxInvalid: settings.maxInvalid.text,
    errors: 0,
    byRule: [],
    samples: [],
    samplesCut: false,
    rejects: null,
  };
}

export type Verdict = { readonly isAccepted: true } | { readonly isAccepted: false; readonly reason: string };

/** Whether a file with that many rejected records is accepted as a whole. */
export function verdictOf(records: number, rejected: number, maxInvalid: MaxInvalid): Verdict {
  const { unit, amount, text } = maxInvalid;
  const isAccepted = unit === "records" ? rejected <= amount : isShare(rejected, records, amount);
  if (isAccepted) return { isAccepted };
  const are = rejected === 1 ? "is" : "are";
  return { isAccepted, reason: `${rejected} of ${records} records ${are} invalid; the maximum is ${text}` };
}

/**
 * In integers: 0.29 % of 100,000 records are 290, but slightly less as a product of doubles. Percentages have up to 6
 * decimals.
 */
function isShare(part: number, whole: number, percent: number): boolean {
  return BigInt(part) * 100_000_000n <= BigInt(Math.round(percent * 1_000_000)) * BigInt(whole);
}
