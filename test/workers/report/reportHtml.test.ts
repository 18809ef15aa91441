import { createHash } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { ErrorCount, Report } from "../../../workers/model/report.ts";
import { renderReportHtml } from "../../../workers/report/reportHtml.ts";
import { visibleSegments } from "../../../workers/report/visibleText.ts";
import { hostileText } from "./hostileText.ts";
import { readPage, textOf } from "./readPage.ts";
import { acceptedReport, reportWith, sampleReport } from "./sampleReport.ts";

const render = (changes: Partial<Report>) => renderReportHtml({ ...sampleReport, ...changes });
const firstSample = sampleReport.samples.slice(0, 1);

/** The elements that can be added by a text itself: the marks, the cut, and the note that it is empty. */
const ofText = new Set(["abbr", "bdi", "span", "code"]);

function skeleton(page: string): string[] {
  return readPage(page)
    .elements.filter(({ name }) => !ofText.has(name))
    .map(({ name, attributes }) => `${name} ${[...attributes.keys()].join(" ")}`);
}

const harmless = skeleton(renderReportHtml(reportWith("x")));

test("whatever the file and its sender say, the elements of the page and their attributes stay the same", () => {
  fc.assert(
    fc.property(hostileText, (text) => {
      const page = renderReportHtml(reportWith(text));
      expect(skeleton(page)).toEqual(harmless);
      for (const { name, attributes } of readPage(page).elements) {
        if (ofText.has(name)) expect(["class", "title", ""]).toContain([...attributes.keys()][0] ?? "");
      }
    }),
  );
});

test("the text of a cell is the visible form of what was found", () => {
  fc.assert(
    fc.property(
      hostileText.filter((text) => text !== "" && text.length <= 300 && !text.endsWith("…")),
      (text) => {
        const cell = readPage(renderReportHtml(reportWith(text)))
          .cells(1)
          .at(-1);
        const visible = visibleSegments(text).map((segment) => ("text" in segment ? segment.text : segment.mark));
        expect(cell).toBe(visible.join(""));
      },
    ),
  );
});

test("no invisible character reaches the page", () => {
  fc.assert(
    fc.property(hostileText, (text) => {
      expect(renderReportHtml(reportWith(text)).replaceAll("\n", "")).not.toMatch(
        /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}\u00a0\u200b\ufeff]/u,
      );
    }),
  );
});

test("a link to the rejected records stays beside the page, whatever they are called", () => {
  fc.assert(
    fc.property(hostileText, (text) => {
      const links = readPage(renderReportHtml(reportWith(text))).elements.filter(({ name }) => name === "a");
      const targets = links.map(({ attributes }) => attributes.get("href"));
      expect(targets[1]).toMatch(/^\.\/[\w%.!~*'()/-]*$/);
      expect(targets.filter((_, index) => index !== 1)).toEqual(["#main", "#sample-1", "report.json"]);
    }),
  );
});

test("the page allows its own style and script by their hashes, and nothing else", () => {
  const { style, script, elements } = readPage(renderReportHtml(sampleReport));
  const hash = (text: string) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
  const policy = elements.find(({ attributes }) => attributes.get("http-equiv") === "Content-Security-Policy");
  expect(policy?.attributes.get("content")).toBe(
    `default-src 'none'; style-src ${hash(style)}; script-src ${hash(script)}; base-uri 'none'; form-action 'none'`,
  );
});

test("the page names no address to load from, and has no style or handler in an attribute", () => {
  const { elements, style } = readPage(renderReportHtml(sampleReport));
  const attributes = elements.flatMap(({ attributes }) => [...attributes.keys()]);
  expect(attributes.filter((name) => /^on|^src|^style$|^srcset$|^background$|^ping$/.test(name))).toEqual([]);
  expect(elements.map(({ name }) => name)).not.toContain("link");
  expect(style).not.toMatch(/url\(|@import/);
});

test("the same report gives the same bytes", () => {
  expect(renderReportHtml(structuredClone(sampleReport))).toBe(renderReportHtml(sampleReport));
});

test("the page says what the report says", () => {
  const text = textOf(renderReportHtml(sampleReport));
  for (const fact of [
    "orders-2026-03-04.csv.gz: rejected",
    "1,234 of 1,000,000 records are invalid; the maximum is 1,000.",
    "998,766",
    "99.88%",
    "0.12%, listed in rejects.csv",
    "1,002,817 lines, 96,402,331 bytes",
    "24.3 MB, 24,318,877 bytes",
    '"9b2cf535f27731c974343645a3985328-3"',
    'Separated by commas, quoted with double quotes ("), lines end with LF or CRLF',
    "s3://gss-dev-batch-input/schemas/orders.schema.json",
    "At most 1,000 records",
    "8 kinds, 1,285 errors in total",
    "39.84%",
    "The first 100 of 1,285 errors, in the order of the file.",
    "(whole record)",
    "(not shown)",
  ]) {
    expect(text).toContain(fact);
  }
});

test("a page of a file without errors", async () => {
  const page = renderReportHtml(acceptedReport);
  const main = page.slice(page.indexOf("<header>"), page.indexOf("</main>"));
  await expect(main).toMatchFileSnapshot("accepted.html.txt");
});

test("an accepted file says how many records were rejected", () => {
  const page = textOf(render({ verdict: "accepted", reason: null }));
  expect(page).toContain("998,766 of 1,000,000 records are valid. The other 1,234 (0.12%) were rejected.");
});

test("a file without records has no percentages", () => {
  const counts = { records: 0, valid: 0, rejected: 0, lines: 1, bytes: 3 };
  const page = textOf(renderReportHtml({ ...acceptedReport, counts }).replace(/<style>.*<\/style>/s, ""));
  expect(page).toContain("The file contains no records.");
  expect(page).not.toMatch(/NaN|Infinity|\d%/);
});

test("all samples are said to be all, and one to be the only one", () => {
  expect(textOf(render({ errors: 100, samplesCut: false }))).toContain("All 100 errors, in the order of the file.");
  expect(textOf(render({ errors: 1, samplesCut: false, samples: firstSample }))).toContain("This is the only error.");
});

test("a value that was cut when it was taken from the file is marked so, and an ellipsis of its own is not", () => {
  const found = (text: string) =>
    readPage(render({ samples: firstSample.map((sample) => ({ ...sample, found: text })) }))
      .cells(1)
      .at(-1);
  expect(found(`${"x".repeat(200)}…`)).toBe(`${"x".repeat(200)}… cut`);
  expect(found("wait…")).toBe("wait…");
  expect(found("")).toBe("(empty)");
});

test("a kind of error leads to its first sample", () => {
  const { elements } = readPage(renderReportHtml(sampleReport));
  const ids = new Set(elements.map(({ attributes }) => attributes.get("id")));
  const links = elements.map(({ attributes }) => attributes.get("href")).filter((href) => href?.startsWith("#sample"));
  expect(links).toHaveLength(7);
  expect(links.every((href) => ids.has(href?.slice(1)))).toBe(true);
});

test("names of a million characters do not make a page that nobody can open", () => {
  const long = (index: number) => `${index}${"<\u202e".repeat(500_000)}`;
  const samples = Array.from({ length: 20 }, (_, index) => ({ ...reportWith(long(index)).samples[0], field: index }));
  const page = renderReportHtml({ ...reportWith(long(0)), samples: samples as Report["samples"], rejects: null });
  expect(page.length).toBeLessThan(2_000_000);
});

test("more kinds of errors and more samples than anybody reads are cut, and the page says so", () => {
  const byRule: ErrorCount[] = Array.from({ length: 10_000 }, (_, index) => ({
    column: `column ${index}`,
    rule: "type",
    expected: "a number",
    count: 1,
  }));
  const samples = Array.from({ length: 5000 }, () => firstSample[0] as (typeof firstSample)[number]);
  const page = render({ byRule, samples, errors: 10_000, samplesCut: true });
  expect(page).toContain(
    "The 500 most frequent of 10,000 kinds, 10,000 errors in total; report.json lists all of them.",
  );
  expect(page).toContain("The first 1,000 of 10,000 errors, in the order of the file.");
  expect(readPage(page).elements.filter(({ name }) => name === "tr")).toHaveLength(500 + 1000 + 2);
});
