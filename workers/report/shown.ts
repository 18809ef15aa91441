import { html, type Markup } from "./html.ts";
import { type Segment, visibleSegments } from "./visibleText.ts";

/** Characters shown of a text; a header name can be as long as the file. */
const limit = 300;

/**
 * A text of the report as a part of the page: its invisible characters named, kept apart from the direction of the text
 * around it, and cut when it is long.
 */
export function shown(text: string): Markup {
  if (text === "") return html`<span class="note">(empty)</span>`;
  const { beginning, isCut } = cut(text);
  return html`<bdi>${visibleSegments(beginning).map(segmentMarkup)}</bdi>${isCut ? cutMark : ""}`;
}

/** What was found in a field. It was cut already when it was taken from the file, where it ends in an ellipsis. */
export function shownFound(found: string | null): Markup {
  if (found === null) return html`<span class="note">(not shown)</span>`;
  if (found === "") return shown(found);
  const wasCut = found.length >= foundLimit && found.endsWith("…");
  return html`<code class="found">${shown(wasCut ? found.slice(0, -1) : found)}${wasCut ? cutMark : ""}</code>`;
}

/** The same for places that hold characters only, such as an option or the title. */
export function shownPlainly(text: string): string {
  if (text === "") return "(empty)";
  const { beginning, isCut } = cut(text);
  return isCut ? `${beginning}…` : beginning;
}

/** Whole-record errors have no column; a column may well be called "(whole record)", which is not set like a note. */
export function columnName(column: string | null): Markup {
  return column === null ? html`<span class="note">${wholeRecord}</span>` : shown(column);
}

export function columnNamePlainly(column: string | null): string {
  return column === null ? wholeRecord : shownPlainly(column);
}

const wholeRecord = "(whole record)";

// As ErrorSample.found says. Counted in UTF-16 units here, of which a text has at least as many as characters.
const foundLimit = 200;

const cutMark = html`<abbr class="mark" title="the rest is cut off">… cut</abbr>`;

function segmentMarkup(segment: Segment): Markup {
  if ("text" in segment) return html`${segment.text}`;
  return html`<abbr class="mark" title="${segment.meaning}">${segment.mark}</abbr>`;
}

function cut(text: string): { readonly beginning: string; readonly isCut: boolean } {
  if (text.length <= limit) return { beginning: text, isCut: false };
  // Not through the middle of a character.
  const splits = /[\uD800-\uDBFF]/.test(text.charAt(limit - 1)) && /[\uDC00-\uDFFF]/.test(text.charAt(limit));
  return { beginning: text.slice(0, splits ? limit - 1 : limit), isCut: true };
}
