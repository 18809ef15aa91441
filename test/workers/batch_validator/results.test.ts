import { expect, test } from "vitest";
import { writeReport } from "../../../workers/batch_validator/results.ts";
import type { ObjectStore, PutOptions } from "../../../workers/model/objectStore.ts";
import { renderReportHtml } from "../../../workers/report/reportHtml.ts";
import { renderReportJson } from "../../../workers/report/reportJson.ts";
import { sampleReport } from "../report/sampleReport.ts";

interface Put {
  readonly uri: string;
  readonly text: string;
  readonly options: PutOptions | undefined;
}

/** A store that only takes objects. */
function recordingStore(puts: Put[]): ObjectStore {
  const unused = () => {
    throw new Error("a report is only put");
  };
  return {
    open: unused,
    get: unused,
    createWriter: unused,
    destroy: unused,
    put: async (uri, bytes, options) => {
      puts.push({ uri, text: new TextDecoder().decode(bytes), options });
      return { etag: '"1"' };
    },
  };
}

test.each(["s3://bucket/checked/orders", "s3://bucket/checked/orders/"])(
  "a report is written under %s",
  async (folder) => {
    const puts: Put[] = [];
    const written = await writeReport(recordingStore(puts), folder, sampleReport);
    expect(written).toEqual({
      jsonUri: "s3://bucket/checked/orders/report.json",
      htmlUri: "s3://bucket/checked/orders/report.html",
    });
    expect(puts).toEqual([
      { uri: written.jsonUri, text: renderReportJson(sampleReport), options: { contentType: "application/json" } },
      {
        uri: written.htmlUri,
        text: renderReportHtml(sampleReport),
        options: { contentType: "text/html; charset=utf-8" },
      },
    ]);
  },
);

test("there is no page when the data it links to cannot be written", async () => {
  const puts: Put[] = [];
  const store = recordingStore(puts);
  const failing: ObjectStore = {
    ...store,
    put: async (uri, bytes, options) => {
      if (uri.endsWith(".json")) throw new Error("full");
      return store.put(uri, bytes, options);
    },
  };
  await expect(writeReport(failing, "file:///out", sampleReport)).rejects.toThrow("full");
  expect(puts).toEqual([]);
});
