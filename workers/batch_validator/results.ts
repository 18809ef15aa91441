import { WorkerFault } from "../model/fault.ts";
import type { Chunk, Manifest } from "../model/manifest.ts";
import type { ObjectStore } from "../model/objectStore.ts";
import type { Report } from "../model/report.ts";
import type { ValidatorJob } from "../program/job.ts";
import { renderReportHtml } from "../report/reportHtml.ts";
import { renderReportJson, reportJsonName } from "../report/reportJson.ts";
import type { ValidatorSettings } from "../settings/settings.ts";
import type { OpenedData } from "./openData.ts";
import { countsOf, type Findings } from "./reportOf.ts";

/** The files that a run writes to its output folder. */
const outputs = [
  "manifest.json",
  "chunks.json",
  "report.json",
  "report.html",
  "rejects.csv",
  "rejected.bin",
  "data.csv",
];

/** Throws `usage` when the run would overwrite what it reads. */
export function refuseOwnOutput({ input, schema, output }: ValidatorSettings): void {
  const written = new Set(outputs.map((name) => `${output}${name}`));
  for (const [flag, uri] of [
    ["--input", input],
    ["--schema", schema],
  ] as const) {
    if (uri === undefined || !written.has(uri)) continue;
    throw new WorkerFault("usage", `${flag} is ${uri}, which this run would overwrite`, {
      hint: "Choose a different --output folder.",
    });
  }
}

/** Writes the report and, for an accepted file, the chunks and then the manifest, whose presence completes the run. */
export async function writeResults(
  { settings, store }: ValidatorJob,
  report: Report,
  manifest?: Manifest,
  chunks: readonly Chunk[] = [],
): Promise<void> {
  const putChunks = () =>
    store.put(`${settings.output}chunks.json`, bytesOf(chunks), { contentType: "application/json" });
  await Promise.all([writeReport(store, settings.output, report), ...(manifest === undefined ? [] : [putChunks()])]);
  if (manifest === undefined) return;
  await store.put(`${settings.output}manifest.json`, bytesOf(manifest), { contentType: "application/json" });
}

export interface WrittenReport {
  readonly jsonUri: string;
  readonly htmlUri: string;
}

/**
 * Writes `report.json` and `report.html` under a folder (`s3://bucket/prefix` or `file:///folder`, with or without a
 * slash at its end). The page comes last: where there is one, the data it links to is there as well.
 */
export async function writeReport(store: ObjectStore, folderUri: string, report: Report): Promise<WrittenReport> {
  const folder = folderUri.endsWith("/") ? folderUri : `${folderUri}/`;
  const jsonUri = `${folder}${reportJsonName}`;
  const htmlUri = `${folder}report.html`;
  const encoder = new TextEncoder();
  await store.put(jsonUri, encoder.encode(renderReportJson(report)), { contentType: "application/json" });
  await store.put(htmlUri, encoder.encode(renderReportHtml(report)), { contentType: "text/html; charset=utf-8" });
  return { jsonUri, htmlUri };
}

function bytesOf(value: unknown): Uint8Array {
  return new TextEncoder().encode(`${JSON.stringify(value, null, 2)}\n`);
}

export function manifestOf(settings: ValidatorSettings, data: OpenedData, findings: Findings): Manifest {
  return {
    format: "gen-batch-config/manifest/1",
    source: data.source,
    data: data.reader.version,
    compression: data.compression,
    encoding: data.encoding,
    dialect: data.dialect,
    maxRecordBytes: settings.maxRecordBytes,
    columns: findings.columns,
    schema: settings.schema ?? null,
    counts: countsOf(data, findings),
    chunkSize: settings.chunkSize,
    chunks: findings.chunks.length,
  };
}
