import { plainText } from "./visibleText.ts";

/**
 * Text that is safe in a page as it is. Only this file creates it, so a string from a report is never mistaken for it.
 */
export interface Markup {
  readonly [source]: string;
}

const source: unique symbol = Symbol("markup");

/** What may be inserted between the parts of a template. */
export type Piece = string | number | Markup | readonly Piece[];

/**
 * A part of a page. An inserted string becomes text, both between tags and inside double quotes: its markup is escaped,
 * and its invisible characters are made visible, because some of them change how the rest of the page reads.
 */
export function html(parts: TemplateStringsArray, ...pieces: readonly Piece[]): Markup {
  // `parts.raw` is not needed: our templates have no escape sequences that mean something else in HTML.
  const text = parts.map((part, index) => (index === 0 ? part : pieceText(pieces[index - 1] ?? "") + part));
  return trustedMarkup(text.join(""));
}

/** The exception: our own text, inserted into a page unchanged. Never call it with anything from a report. */
export function trustedMarkup(text: string): Markup {
  return { [source]: text };
}

export function markupText(markup: Markup): string {
  return markup[source];
}

function pieceText(piece: Piece): string {
  if (typeof piece === "string") return escapeHtml(plainText(piece));
  if (typeof piece === "number") return String(piece);
  return isList(piece) ? piece.map(pieceText).join("") : piece[source];
}

function isList(piece: Markup | readonly Piece[]): piece is readonly Piece[] {
  return Array.isArray(piece);
}

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] as string);
}
