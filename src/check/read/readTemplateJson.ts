import type { TemplateDocument } from "../../model/document.ts";
import type { Placeholder } from "../../model/placeholder.ts";
import type { Problem } from "../../model/problem.ts";
import { locatorsFor } from "../../model/text/places.ts";
import { Reading, Stop } from "./reading.ts";
import { readRoot } from "./readValue.ts";

/**
 * `document` is present whenever the text could be read to its end, even when problems were repaired on the way.
 * Its `value` contains a copy of the sample of each placeholder; for an unknown one its name as text within quotes, and
 * null for a bare one: the caller finds the pointer in `placeholders` and can put a stub there that suits the schema.
 */
export interface ReadResult {
  readonly document?: Pick<TemplateDocument, "value" | "placeholders" | "locate" | "locateKey">;
  readonly problems: readonly Problem[];
}

export interface ReadOptions {
  /** How often Terraform evaluates a string: twice in an input of type object (default), once in one of type string. */
  readonly evaluations?: 1 | 2;
}

/**
 * Reads JSON that is a template for Terraform's `templatefile`, before any placeholder is bound.
 * Strict as RFC 8259; numbers become doubles. Linear in the length of the text, and never throws.
 */
export function readTemplateJson(
  text: string,
  file: string,
  known: ReadonlyMap<string, Placeholder>,
  { evaluations = 2 }: ReadOptions = {},
): ReadResult {
  const marked = text.startsWith(byteOrderMark);
  const reading = new Reading({ text: marked ? text.slice(1) : text, file, known, evaluations });
  if (marked) {
    const expected = "JSON without a byte order mark";
    reading.report(0, { rule: "json-bom", found: byteOrderMark, expected, hint: "save the file as UTF-8 without BOM" });
  }
  const root = readToEnd(reading);
  if (root === undefined) return { problems: reading.problems };
  const locators = locatorsFor(root.place, reading.positionOf);
  return {
    document: { value: root.value, placeholders: reading.placeholders, ...locators },
    problems: reading.problems,
  };
}

const byteOrderMark = "\ufeff";

function readToEnd(reading: Reading): ReturnType<typeof readRoot> | undefined {
  try {
    return readRoot(reading);
  } catch (error) {
    if (error instanceof Stop) return undefined;
    throw error;
  }
}
