import { grouped } from "../../src/shared/text.ts";
import type { Report } from "../model/report.ts";
import { sizeInBytes } from "./factWords.ts";
import { html, type Markup } from "./html.ts";
import { counted, percentage } from "./numbers.ts";
import { shown } from "./shown.ts";

/** How many records there are, and how many of them are valid. */
export function countsSection(report: Report): Markup {
  const { counts, errors, byRule } = report;
  return html`<section aria-label="Counts">
<dl class="numbers">
${figure("Records", grouped(counts.records), html`<span>${counted(counts.lines, "line")},</span> <span>${sizeInBytes(counts.bytes)}</span>`)}
${figure("Valid", grouped(counts.valid), html`${percentage(counts.valid, counts.records) ?? ""}`, "is-valid")}
${figure("Rejected", grouped(counts.rejected), rejectedNote(report), counts.rejected > 0 ? "is-rejected" : "")}
${figure("Errors", grouped(errors), html`${errors === 0 ? "" : `of ${counted(byRule.length, "kind")}`}`)}
</dl>
${split(report)}
</section>`;
}

function figure(name: string, value: string, note: Markup, kind = ""): Markup {
  return html`<div><dt>${name}</dt><dd class="${kind}">${value}</dd><dd class="quiet">${note}</dd></div>`;
}

function rejectedNote({ counts, rejects }: Report): Markup {
  const share = percentage(counts.rejected, counts.records) ?? "";
  if (rejects === null) return html`${share}`;
  return html`${share}, listed in <a href="${relativeAddress(rejects)}">${shown(rejects)}</a>`;
}

/** With "./" no part of the path can be mistaken for the scheme of an address. */
function relativeAddress(path: string): string {
  return `./${path
    .split("/")
    .map((part) => encodeURIComponent(wellFormed(part)))
    .join("/")}`;
}

/** encodeURIComponent throws on a lone surrogate. */
function wellFormed(text: string): string {
  return text.replace(/\p{Cs}/gu, "\uFFFD");
}

/** The rejected share as a bar; the numbers above say the same in words. */
function split({ counts }: Report): Markup | string {
  if (counts.records === 0) return "";
  const bad = counts.rejected === 0 ? 0 : Math.max(0.7, (counts.rejected / counts.records) * 100);
  const good = Number((100 - bad).toFixed(2));
  return html`<svg class="split" viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true"><rect class="good" width="${good}" height="1"/><rect class="bad" x="${good}" width="${Number(bad.toFixed(2))}" height="1"/></svg>`;
}
