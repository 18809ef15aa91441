import { grouped } from "../../src/shared/text.ts";
import type { Report } from "../model/report.ts";
import { compressionWords, dialectWords, limitWords, sizeInBytes } from "./factWords.ts";
import { html, type Markup } from "./html.ts";
import { counted, fileSize } from "./numbers.ts";
import { shown } from "./shown.ts";

/** Which file was checked, how it was read, and against which schema. */
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
${fact("Maximum rejected records", shown(limitWords(report.maxInvalid)))}
${fact("Format", shown(dialectWords(report.dialect)), "wide")}
${fact("Schema", schema === null ? html`None; only the structure was checked` : html`<code>${shown(schema)}</code>`, "wide")}
</dl>
</section>`;
}

function fact(name: string, value: Markup, width = ""): Markup {
  return html`<div class="${width}"><dt>${name}</dt><dd>${value}</dd></div>`;
}

/** The columns in the order of the file, collapsed: most readers know them. */
export function columnsSection({ columns }: Report): Markup | string {
  if (columns.length === 0) return "";
  const rest = columns.length - maxColumns;
  return html`<section aria-label="Columns">
<details>
<summary>${counted(columns.length, "column")}</summary>
<ol>
${columns.slice(0, maxColumns).map(({ name, type }) => html`<li>${shown(name)} <span class="quiet">${shown(type)}</span></li>\n`)}
</ol>
${rest > 0 ? html`<p class="quiet">and ${grouped(rest)} more, listed in report.json</p>` : ""}
</details>
</section>`;
}

const maxColumns = 1000;
