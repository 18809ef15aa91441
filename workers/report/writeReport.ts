import type { ObjectStore } from "../model/objectStore.ts";
import type { Report } from "../model/report.ts";
import { renderReportHtml } from "./reportHtml.ts";
import { renderReportJson, reportJsonName } from "./reportJson.ts";

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
