import { html, type Markup } from "./html.ts";
import { shown, shownPlainly } from "./shown.ts";

/** Whole-record errors have no column; a column may well be called "(whole record)", which is not set like a note. */
export function columnName(column: string | null): Markup {
  return column === null ? html`<span class="note">${wholeRecord}</span>` : shown(column);
}

export function columnNamePlainly(column: string | null): string {
  return column === null ? wholeRecord : shownPlainly(column);
}

const wholeRecord = "(whole record)";
