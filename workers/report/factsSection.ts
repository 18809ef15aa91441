import type { Report } from "../model/report.ts";
import { compressionWords, dialectWords, limitWords, sizeInBytes } from "./factWords.ts";
import { html, type Markup } from "./html.ts";
import { fileSize } from "./numbers.ts";
import { shown } from "./shown.ts";

/** Which file was checked, how it was read, and against what. */
export function factsSection(report: Report): Markup {
  const { source, schema } = report;
  const size = source.size < 1000 ? "" : `${fileSize(source.size)}, `;
  return html`<section aria-labelledby="file">
<h2 id="file">The file</h2>
<dl class="facts">
${fact("Address", html`<code>${shown(source.uri)}</code>`, "wide")}
${fact("Size", html`${size}${sizeInBytes(source.size)}`)}
${fact("ETag", html`<code>${shown(source.etag)}</code>`)}
${fact("Encoding", shown(report.encoding))}
${fact("Compression", html`${compressionWords(report.compression)}`)}
${fact("Rejected records allowed", shown(limitWords(report.maxInvalid)))}
${fact("Format", shown(dialectWords(report.dialect)), "wide")}
${fact("Schema", schema === null ? html`None: only the structure was checked` : html`<code>${shown(schema)}</code>`, "wide")}
</dl>
</section>`;
}

function fact(name: string, value: Markup, width = ""): Markup {
  return html`<div class="${width}"><dt>${name}</dt><dd>${value}</dd></div>`;
}
