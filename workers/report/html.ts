import { plainText } from "./visibleText.ts";

/** Text that may stand in a page as it is. Only this file makes one, so a string from a report can never be taken for it. */
export interface Markup {
  readonly [source]: string;
}

const source: unique symbol = Symbol("markup");

/** What may stand between the parts of a template. */
export type Piece = string | number | Markup | readonly Piece[];

/**
 * A part of a page. A string that is put in becomes text, between tags and inside of double quotes alike: its markup is
 * escaped, and its invisible characters are made visible, as some of them change how the rest of the page reads.
 */
export function html(parts: TemplateStringsArray, ...pieces: readonly Piece[]): Markup {
  // `parts.raw` is never used: a template of ours has no escape sequences that mean something else to HTML.
  const text = parts.map((part, index) => (index === 0 ? part : pieceText(pieces[index - 1] ?? "") + part));
  return trustedMarkup(text.join(""));
}

/** The exception: text of our own that is put into a page without a change. Never call it with anything from a report. */
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
