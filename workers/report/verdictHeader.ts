import { grouped } from "../../src/shared/text.ts";
import type { Report } from "../model/report.ts";
import { html, type Markup, trustedMarkup } from "./html.ts";
import { counted, percentage } from "./numbers.ts";
import { shown } from "./shown.ts";

/** Which file, whether it was taken, and why. */
export function verdictHeader(report: Report): Markup {
  return html`<header>
<p class="eyebrow">File check</p>
<h1>${shown(fileNameOf(report))}</h1>
<div class="verdict">
<p class="badge ${report.verdict}">${trustedMarkup(icons[report.verdict])}${verdictWord(report)}</p>
<p class="reason">${report.reason === null ? reasonWords(report) : shown(report.reason)}</p>
</div>
</header>`;
}

export function verdictWord({ verdict }: Report): string {
  return verdict === "accepted" ? "Accepted" : "Rejected";
}

/** The last part of the uri, or all of it when that is nothing. */
export function fileNameOf({ source }: Report): string {
  return source.uri.slice(source.uri.lastIndexOf("/") + 1) || source.uri;
}

function reasonWords({ verdict, counts }: Report): string {
  if (verdict === "rejected") return "The file does not meet what was asked of it.";
  if (counts.records === 0) return "The file has no records.";
  if (counts.rejected === 0) return `${counted(counts.records, "record")}, all valid.`;
  const share = percentage(counts.rejected, counts.records);
  return (
    `${grouped(counts.valid)} of ${counted(counts.records, "record")} are valid. ` +
    `The other ${grouped(counts.rejected)} (${share}) were set aside.`
  );
}

const icons = {
  accepted: '<svg viewBox="0 0 20 20" aria-hidden="true"><path d="M4 10.5 8.5 15 16 6"/></svg>',
  rejected: '<svg viewBox="0 0 20 20" aria-hidden="true"><path d="M5 5 15 15M15 5 5 15"/></svg>',
} as const;
