import { createHash } from "node:crypto";
import type { Report } from "../model/report.ts";
import { columnsSection } from "./columnsSection.ts";
import { countsSection } from "./countsSection.ts";
import { errorsSection } from "./errorsSection.ts";
import { factsSection } from "./factsSection.ts";
import { html, type Markup, markupText, trustedMarkup } from "./html.ts";
import { reportJsonName } from "./reportJson.ts";
import { samplesSection } from "./samplesSection.ts";
import { script } from "./script.ts";
import { shownPlainly } from "./shown.ts";
import { style } from "./style.ts";
import { fileNameOf, verdictHeader, verdictWord } from "./verdictHeader.ts";

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
