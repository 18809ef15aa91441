import fc from "fast-check";
import { expect, test } from "vitest";
import type { Report } from "../../../workers/model/report.ts";
import { renderReportJson } from "../../../workers/report/reportJson.ts";
import { hostileText } from "./hostileText.ts";
import { acceptedReport, reportWith, sampleReport } from "./sampleReport.ts";

/** The same with the keys of every object the other way round. */
function turned(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(turned);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, inner]) => [key, turned(inner)]),
  );
}

test("a report comes back from its JSON", () => {
  expect(JSON.parse(renderReportJson(sampleReport))).toEqual(sampleReport);
  fc.assert(
    fc.property(hostileText, (text) => {
      expect(JSON.parse(renderReportJson(reportWith(text)))).toEqual(reportWith(text));
    }),
  );
});

test("the bytes do not depend on the order in which a report was put together", () => {
  const other = turned(sampleReport) as Report;
  expect(Object.keys(other)[0]).toBe("rejects");
  expect(renderReportJson(other)).toBe(renderReportJson(sampleReport));
});

test("a key that is not part of the format stays out", () => {
  const noted = { ...acceptedReport, secret: 1, counts: { ...acceptedReport.counts, secret: 1 } };
  expect(renderReportJson(noted)).toBe(renderReportJson(acceptedReport));
});

test("it is indented by two spaces and ends with one line end", () => {
  expect(renderReportJson(acceptedReport)).toMatch(
    /^\{\n {2}"format": "gen-batch-config\/report\/1",\n[\s\S]*[^\n]\n$/,
  );
});

test("a terminal that prints it is not given orders", () => {
  const json = renderReportJson(reportWith("\u001b[2J\u009b\u202e\ud800"));
  expect(json).toContain("\\u001b[2J\\u009b\\u202e\\ud800");
  expect(json.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}]/u);
});
