import { isObject } from "../../model/json.ts";
import { defineRule, type Finding } from "../../model/rule.ts";
import { pointerTo } from "../../shared/pointer.ts";
import { isSample } from "../rules-support/samples.ts";

const container = (changes: Readonly<Record<string, unknown>>) => ({
  documents: { "batch-processing-job.json": { container_properties: changes } },
});

export const canonicalJson = defineRule({
  id: "canonical-json",
  severity: "warning",
  summary: "A container has no empty values: no empty lists or objects, no environment variables without a value.",
  why:
    "AWS Batch drops a variable whose value is empty, so the program finds it unset, and returns other lists " +
    "than it was sent. Where the two texts are compared literally, every plan shows a change and every apply " +
    "creates a new revision.",
  source: "https://github.com/hashicorp/terraform-provider-aws/issues/26960",
  examples: {
    good: [
      {
        shows: "what is not needed is left out",
        ...container({ environment: [{ name: "RECORD_KEY", value: "order_id" }] }),
      },
    ],
    bad: [
      { shows: "a variable without value", ...container({ environment: [{ name: "RECORD_KEY", value: "" }] }) },
      { shows: "empty lists", ...container({ mount_points: [], volumes: [] }) },
      { shows: "an empty object", ...container({ linux_parameters: { init_process_enabled: null } }) },
    ],
  },
  *check({ jobDefinitions }) {
    for (const document of jobDefinitions) {
      const { container_properties } = document.value;
      for (const finding of emptyValues(container_properties, "/container_properties")) {
        if (!isSample(document, finding.pointer)) yield { document, ...finding };
      }
      for (const [index, { name, value }] of (container_properties.environment ?? []).entries()) {
        const pointer = `/container_properties/environment/${index}/value`;
        if (value !== "" || isSample(document, pointer)) continue;
        yield {
          document,
          pointer,
          found: value,
          expected: `a value for ${name}, because AWS Batch drops a variable without one`,
          hint: "leave the variable out, and let the program treat unset as empty",
        };
      }
    }
  },
});

function* emptyValues(value: unknown, pointer: string): Iterable<Omit<Finding, "document">> {
  if (typeof value !== "object" || value === null) return;
  const entries = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  if (entries.length === 0) {
    const what = isObject(value) ? "object" : "list";
    yield { pointer, found: value, expected: `no empty ${what}`, hint: "remove the key" };
  }
  for (const [key, item] of entries) yield* emptyValues(item, pointerTo(pointer, key));
}
