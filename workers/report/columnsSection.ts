import { grouped } from "../../src/shared/text.ts";
import type { Report } from "../model/report.ts";
import { html, type Markup } from "./html.ts";
import { counted } from "./numbers.ts";
import { shown } from "./shown.ts";

/** The columns in the order of the file, folded away: most readers know them. */
export function columnsSection({ columns }: Report): Markup | string {
  if (columns.length === 0) return "";
  const rest = columns.length - mostColumns;
  return html`<section aria-label="Columns">
<details>
<summary>${counted(columns.length, "column")}</summary>
<ol>
${columns.slice(0, mostColumns).map(({ name, type }) => html`<li>${shown(name)} <span class="quiet">${shown(type)}</span></li>\n`)}
</ol>
${rest > 0 ? html`<p class="quiet">and ${grouped(rest)} more, which report.json lists</p>` : ""}
</details>
</section>`;
}

const mostColumns = 1000;
