import { createHash } from "node:crypto";
import { grouped } from "../../src/shared/text.ts";
import type { Report } from "../model/report.ts";
import { countsSection } from "./countsSection.ts";
import { errorsSection } from "./errorsSection.ts";
import { columnsSection, factsSection } from "./factsSection.ts";
import { html, type Markup, markupText, trustedMarkup } from "./html.ts";
import { counted, percentage } from "./numbers.ts";
import { reportJsonName } from "./reportJson.ts";
import { samplesSection } from "./samplesSection.ts";
import { script } from "./script.ts";
import { shown, shownPlainly } from "./shown.ts";
import { style } from "./style.ts";

/**
 * A report as a page for people, in one file that loads nothing. Everything can be read where scripts are off; with them
 * the tables sort and filter. Ends with a line end.
 */
export function renderReportHtml(report: Report): string {
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${contentSecurityPolicy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${shownPlainly(fileNameOf(report))}: ${verdictWord(report).toLowerCase()}</title>
<style>${trustedMarkup(style)}</style>
</head>
<body>
<a class="skip" href="#main">Skip to the findings</a>
${verdictHeader(report)}
<main id="main" tabindex="-1">
${sections(report)}
</main>
<footer><p>The same facts as data: <a href="${reportJsonName}">${reportJsonName}</a>. Made by gen-batch-config.</p></footer>
<script>${trustedMarkup(script)}</script>
</body>
</html>
`;
  return markupText(page);
}

/** Which file, whether it was taken, and why. */
function verdictHeader(report: Report): Markup {
  return html`<header>
<p class="eyebrow">File check</p>
<h1>${shown(fileNameOf(report))}</h1>
<div class="verdict">
<p class="badge ${report.verdict}">${trustedMarkup(icons[report.verdict])}${verdictWord(report)}</p>
<p class="reason">${report.reason === null ? reasonWords(report) : shown(report.reason)}</p>
</div>
</header>`;
}

function verdictWord({ verdict }: Report): string {
  return verdict === "accepted" ? "Accepted" : "Rejected";
}

/** The last part of the uri, or all of it when that is nothing. */
function fileNameOf({ source }: Report): string {
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

// Hashes and not 'unsafe-inline': markup that got in after all could neither run nor restyle the page.
const contentSecurityPolicy = [
  "default-src 'none'",
  `style-src '${sourceHash(style)}'`,
  `script-src '${sourceHash(script)}'`,
  "base-uri 'none'",
  "form-action 'none'",
].join("; ");

function sections(report: Report): readonly (Markup | string)[] {
  return [countsSection, errorsSection, samplesSection, factsSection, columnsSection].map((section) => section(report));
}

function sourceHash(source: string): string {
  return `sha256-${createHash("sha256").update(source).digest("base64")}`;
}
