import { validators } from "../derived/validators.js";
import type { TemplateDocument } from "../model/document.ts";
import type { Placeholder } from "../model/placeholder.ts";
import type { Problem } from "../model/problem.ts";
import { isAboutForm, schemaFindings } from "../model/schemaProblems.ts";
import { schemaTree } from "../model/schemas.ts";

/** Everything that the JSON Schema of its kind rejects in a document, each at its position. */
export function schemaProblems(
  document: TemplateDocument,
  known: ReadonlyMap<string, Placeholder>,
): readonly Problem[] {
  const validate = validators[document.kind];
  if (validate(document.value)) return [];
  const findings = schemaFindings(validate.errors ?? [], document.value, schemaTree(document.kind));
  const open = new Set(
    document.placeholders.filter(({ name }) => known.get(name)?.pattern === undefined).map(({ pointer }) => pointer),
  );
  return findings
    .filter(({ rule, pointer }) => !(isAboutForm(rule) && open.has(pointer)))
    .map(({ atKey, ...finding }) => ({
      ...finding,
      severity: "error",
      file: document.path,
      position: atKey ? document.locateKey(finding.pointer) : document.locate(finding.pointer),
    }));
}
