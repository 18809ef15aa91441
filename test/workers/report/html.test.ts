import fc from "fast-check";
import { expect, test } from "vitest";
import { html, markupText, type Piece, trustedMarkup } from "../../../workers/report/html.ts";
import { plainText } from "../../../workers/report/visibleText.ts";
import { hostileText } from "./hostileText.ts";
import { textOf } from "./readPage.ts";

test("a text is escaped wherever it is put in", () => {
  const page = html`<p title="${"\"'"}">${"<b>&</b>"}</p>`;
  expect(markupText(page)).toBe('<p title="&quot;&#39;">&lt;b&gt;&amp;&lt;/b&gt;</p>');
});

test("markup and lists of markup are put in as they are, numbers as digits", () => {
  const items = [1, 2].map((number) => html`<li>${number}</li>`);
  expect(markupText(html`<ul>${items}${trustedMarkup("<hr>")}</ul>`)).toBe("<ul><li>1</li><li>2</li><hr></ul>");
});

test("any text comes back from between tags and from an attribute as its visible form", () => {
  fc.assert(
    fc.property(hostileText, (text) => {
      const page = markupText(html`<p title="${text}">${text}</p>`);
      const [, title = "", content = ""] = /^<p title="([^"<>]*)">([^<>]*)<\/p>$/.exec(page) ?? [];
      expect([textOf(title), textOf(content)]).toEqual([plainText(text), plainText(text)]);
    }),
  );
});

test("an object that came out of a file is not taken for markup", () => {
  const forged = JSON.parse('{"text":"<b>","markup":"<b>","Symbol(markup)":"<b>"}') as Piece;
  expect(markupText(html`<p>${forged}</p>`)).not.toContain("<b>");
});
