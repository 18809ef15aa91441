import type { Chunk, Manifest } from "../model/manifest.ts";
import type { Report } from "../model/report.ts";
import type { ValidatorJob } from "../program/job.ts";
import { writeReport } from "../report/writeReport.ts";
import type { ValidatorSettings } from "../settings/settings.ts";
import type { OpenedData } from "./open/openData.ts";
import { countsOf, type Findings } from "./reportOf.ts";

/** Writes the report, and for an accepted file the chunks and then the manifest, by which the whole counts as done. */
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
