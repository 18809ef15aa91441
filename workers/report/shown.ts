import { html, type Markup } from "./html.ts";
import { type Segment, visibleSegments } from "./visibleText.ts";

/** Characters shown of a text; a header name can be as long as the file. */
const limit = 300;

/**
 * A text of the report as part of the page: its invisible characters are named, its direction does not affect the text
 * around it, and it is truncated when it is long.
 */
export function shown(text: string): Markup {
  if (text === "") return html`<span class="note">(empty)</span>`;
  const { start, isCut } = cut(text);
  return html`<bdi>${visibleSegments(start).map(segmentMarkup)}</bdi>${isCut ? cutMark : ""}`;
}

/** What was found in a field. A long one was already truncated, with an ellipsis, when it was read from the file. */
export function shownFound(found: string | null): Markup {
  if (found === null) return html`<span class="note">(not shown)</span>`;
  if (found === "") return shown(found);
  const wasCut = found.length >= foundLimit && found.endsWith("…");
  return html`<code class="found">${shown(wasCut ? found.slice(0, -1) : found)}${wasCut ? cutMark : ""}</code>`;
}

/** The same where only plain characters are possible, such as in an option or the title. */
export function shownPlainly(text: string): string {
  if (text === "") return "(empty)";
  const { start, isCut } = cut(text);
  return isCut ? `${start}…` : start;
}

/** Whole-record errors have no column. A column that is called "(whole record)" is not styled as a note. */
export function columnName(column: string | null): Markup {
  return column === null ? html`<span class="note">${wholeRecord}</span>` : shown(column);
}

export function columnNamePlainly(column: string | null): string {
  return column === null ? wholeRecord : shownPlainly(column);
}

const wholeRecord = "(whole record)";

// See ErrorSample.found. Counted in UTF-16 units here, of which a text has at least as many as characters.
const foundLimit = 200;

const cutMark = html`<abbr class="mark" title="the rest is not shown">… cut</abbr>`;

function segmentMarkup(segment: Segment): Markup {
  if ("text" in segment) return html`${segment.text}`;
  return html`<abbr class="mark" title="${segment.meaning}">${segment.mark}</abbr>`;
}

function cut(text: string): { readonly start: string; readonly isCut: boolean } {
  if (text.length <= limit) return { start: text, isCut: false };
  // Never split a character.
  const splits = /[\uD800-\uDBFF]/.test(text.charAt(limit - 1)) && /[\uDC00-\uDFFF]/.test(text.charAt(limit));
  return { start: text.slice(0, splits ? limit - 1 : limit), isCut: true };
}
