import type { TemplateDocument } from "../../model/document.ts";
import { defineRule, type Finding, type Script, type Subject } from "../../model/rule.ts";
import { documentsOf, specOf, type UnitName, unitNames } from "../../model/units.ts";

export const placeholderSupplied = defineRule({
  id: "placeholder-supplied",
  severity: "error",
  summary: "The .hcl file of a unit passes every placeholder that its documents use to templatefile, and no other.",
  why:
    "A placeholder that it does not supply makes every plan fail with 'vars map does not contain key'. One " +
    "that no document uses keeps an unneeded dependency alive, which Terraform does not report.",
  source: "https://developer.hashicorp.com/terraform/language/functions/templatefile",
  examples: {
    good: [
      {
        shows: "a placeholder that batch.hcl supplies",
        documents: { "launch-template.json": { tags: { Bucket: "${S3_BUCKET}" } } },
      },
    ],
    bad: [
      {
        shows: "a placeholder of the table that batch.hcl does not supply",
        documents: { "launch-template.json": { tags: { Vpc: "${VPC_ID}" } } },
      },
      {
        shows: "a placeholder that no document uses any more",
        documents: {
          "compute-environment.json": {
            compute_resources: { security_group_ids: ["sg-0123456789abcdef0"] },
            fallback: null,
          },
          "job-queue.json": { compute_environment_order: [{ order: 1, compute_environment: "gss-dev-batch-compute" }] },
        },
      },
    ],
  },
  *check(subject) {
    for (const wiring of subject.wirings) {
      const unit = unitNames.find((name) => wiring.path.split(/[\\/]/).at(-1) === `${name}.hcl`);
      if (unit !== undefined) yield* checkUnit(unit, wiring, documentsBeside(wiring, unit, subject));
    }
  },
});

function* checkUnit(unit: UnitName, wiring: Script, documents: readonly TemplateDocument[]): Iterable<Finding> {
  const supplied = suppliedNames(wiring);
  const used = new Set<string>();
  for (const document of documents) {
    for (const { name, pointer } of document.placeholders) {
      used.add(name);
      if (supplied.has(name)) continue;
      yield {
        document,
        pointer,
        found: `\${${name}}`,
        expected: `one of the placeholders that ${wiring.path} supplies: ${[...supplied.keys()].join(", ")}`,
        hint: "use it in the config's override of this document and generate again",
      };
    }
  }
  // Only with every document at hand is it known which placeholders are unused.
  if (documents.length < documentsOf(unit).length) return;
  for (const [name, line] of supplied) {
    if (used.has(name)) continue;
    yield {
      document: wiring,
      pointer: String(line),
      found: name,
      expected: "a placeholder that a document uses",
      hint: "generate again: placeholders that no document uses are left out",
      severity: "warning",
    };
  }
}

/** The documents that the .hcl file of a unit reads. */
function documentsBeside({ path }: Script, unit: UnitName, subject: Subject): readonly TemplateDocument[] {
  const folder = path.replace(/\.hcl$/, "-json");
  const kinds = new Set<string>(documentsOf(unit).map((name) => specOf(name).kind));
  return Object.values(subject)
    .flatMap((part) => (Array.isArray(part) ? (part as readonly (TemplateDocument | Script)[]) : []))
    .filter((part) => "placeholders" in part)
    .filter((document) => kinds.has(document.kind) && document.path.replaceAll("\\", "/").startsWith(`${folder}/`));
}

/** The names that batch.hcl passes to templatefile, with their lines: the keys of its `{ for name, … in { … } : … }` objects. */
function suppliedNames({ text }: Script): ReadonlyMap<string, number> {
  const names = new Map<string, number>();
  let isWithin = false;
  for (const [index, line] of text.split("\n").entries()) {
    if (/^ *for name, \w+ in \{$/.test(line)) isWithin = true;
    else if (/^ *\} : name => /.test(line)) isWithin = false;
    const name = isWithin ? /^ +([A-Z][A-Z0-9_]*) *= /.exec(line)?.[1] : undefined;
    if (name !== undefined) names.set(name, index + 1);
  }
  return names;
}
