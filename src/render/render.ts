import type Handlebars from "handlebars";
import runtime from "handlebars/runtime.js";
import * as compiled from "../derived/templates.js";
import type { Model } from "../model/model.ts";
import type { RenderedFile } from "../model/renderedFile.ts";
import { alignEquals } from "./formatHcl.ts";
import { helpers } from "./helpers.ts";
import { type OutputFile, outputFiles } from "./outputFiles.ts";
import { toView } from "./view.ts";

/** Renders every file of the output folder, sorted by path. Touches nothing. */
export function render(model: Model): readonly RenderedFile[] {
  return outputFiles
    .filter((file) => file.when?.(model) ?? true)
    .map((file) => ({
      path: file.path,
      text: renderFile(file, model),
      template: `${file.path}.hbs`,
      ownership: file.ownership,
      ...(file.path.endsWith(".sh") && { executable: true }),
    }));
}

// The package's types describe the whole of Handlebars only under its main name; the run-time part has the same shape.
const engine = (runtime as unknown as typeof Handlebars).create();
engine.registerHelper(helpers);
for (const [name, partial] of Object.entries(compiled.partials)) engine.registerPartial(name, engine.template(partial));

function renderFile(file: OutputFile, model: Model): string {
  const template = `${file.path}.hbs`;
  const spec = compiled.templates[template];
  if (spec === undefined) throw new Error(`no template for ${file.path}`);
  const text = engine.template(spec)(toView(model, template));
  return /\.(hcl|tf)$/.test(file.path) ? alignEquals(text) : text;
}
