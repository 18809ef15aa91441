import { readdirSync, readFileSync } from "node:fs";
import Handlebars from "handlebars";
import { expect, test } from "vitest";
import { helpers } from "../../src/render/helpers.ts";

const templates = readdirSync("templates", { recursive: true, encoding: "utf8" }).filter((path) =>
  path.endsWith(".hbs"),
);

interface Node {
  readonly type: string;
  readonly path?: { readonly original: string };
  readonly params?: readonly unknown[];
  readonly program?: { readonly body: readonly Node[] };
  readonly inverse?: { readonly body: readonly Node[] };
}

function* expressions(body: readonly Node[]): Generator<Node> {
  for (const node of body) {
    if (node.type === "MustacheStatement" || node.type === "BlockStatement") yield node;
    if (node.program) yield* expressions(node.program.body);
    if (node.inverse) yield* expressions(node.inverse.body);
  }
}

const parameters = ["environment", "job", "purpose"];

for (const path of templates) {
  test(`${path} writes values only through helpers that quote, and has no logic but sections`, () => {
    const { body } = Handlebars.parse(readFileSync(`templates/${path}`, "utf8")) as unknown as { body: Node[] };
    for (const node of expressions(body)) {
      const name = node.path?.original ?? "";
      if (node.type === "BlockStatement") expect(["if", "each"]).toContain(name);
      // The parameters of a partial are written in a template of ours, so they are code of ours.
      else if (path.startsWith("partials/")) expect([...parameters, ...Object.keys(helpers)]).toContain(name);
      else expect(Object.keys(helpers)).toContain(name);
    }
  });
}
