export interface Element {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
}

export interface PageContent {
  readonly style: string;
  readonly script: string;
  /** Start tags in their order. */
  readonly elements: readonly Element[];
  /** The text of each data cell of the table that is the n-th of the page. */
  cells(table: number): readonly string[];
}

/**
 * Reads what renderReportHtml writes, and nothing that is looser: attributes in double quotes, and every "<" begins a tag.
 * Throws at anything else, such as markup that came out of the data by halves.
 */
export function readPage(page: string): PageContent {
  const style = between(page, "<style>", "</style>");
  const script = between(page, "<script>", "</script>");
  const rest = page.replace(style, "").replace(script, "");
  return {
    style,
    script,
    elements: startTags(rest),
    cells: (table) => {
      const text = rest.split("<table").at(table + 1) ?? "";
      const cells = [...text.slice(0, text.indexOf("</table>")).matchAll(/<td[^>]*>(.*?)<\/td>/gs)];
      return cells.map((match) => textOf(match[1] as string));
    },
  };
}

export function textOf(markup: string): string {
  const text = markup.replace(/<[^>]*>/g, "");
  return text.replace(/&(amp|lt|gt|quot|#39);/g, (_, name: string) => characters[name] as string);
}

const characters: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', "#39": "'" };

function startTags(page: string): readonly Element[] {
  const tag = /^<(?:!doctype html|\/[a-z][a-z0-9]*|([a-z][a-z0-9]*)((?: [a-zA-Z][a-zA-Z-]*(?:="[^"<>]*")?)*)\/?)>/;
  const elements: Element[] = [];
  for (const piece of page.split(/(?=<)/)) {
    const match = tag.exec(piece);
    if (match === null) throw new Error(`not a tag of ours: ${piece.slice(0, 100)}`);
    if (piece.indexOf(">", match[0].length) !== -1) throw new Error(`a stray > in: ${piece.slice(0, 100)}`);
    if (match[1] !== undefined) elements.push({ name: match[1], attributes: attributesOf(match[2] ?? "") });
  }
  return elements;
}

function attributesOf(text: string): ReadonlyMap<string, string> {
  const attributes = [...text.matchAll(/ ([a-zA-Z-]+)(?:="([^"]*)")?/g)];
  return new Map(attributes.map(([, name, value]) => [name as string, textOf(value ?? "")]));
}

function between(text: string, start: string, end: string): string {
  const from = text.indexOf(start) + start.length;
  return text.slice(from, text.indexOf(end, from));
}
