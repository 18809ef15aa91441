import type { PlaceholderUse } from "../../model/document.ts";
import type { Placeholder } from "../../model/placeholder.ts";
import { nearest } from "../../shared/nearest.ts";
import type { Mistake, Reading } from "./reading.ts";

export interface PlaceholderInText {
  readonly name: string;
  /** Written as `${jsonencode(NAME)}`. */
  readonly encoded: boolean;
  readonly at: number;
  readonly end: number;
  readonly place: PlaceholderUse["place"];
  /** The quotes are those of a value and contain nothing else. */
  readonly alone?: boolean;
}

/** Records a placeholder, reports what is wrong with it, and returns its row of the table when it is known. */
export function usePlaceholder(reading: Reading, use: PlaceholderInText): Placeholder | undefined {
  const { name, place } = use;
  const pointer = reading.pointer();
  reading.placeholders.push({ name, place, pointer, position: reading.positionOf(use.at) });
  const row = reading.known.get(name) ?? reading.known.get(upperCase(name));
  const mistake = wrongName(reading, use, row) ?? (row && wrongPlace(use, row));
  if (mistake)
    reading.report(use.at, { ...mistake, found: reading.text.slice(use.at, Math.min(use.end, use.at + 200)) });
  return row;
}

function upperCase(name: string): string {
  return name.toUpperCase().replaceAll("-", "_");
}

function wrongName(reading: Reading, { name }: PlaceholderInText, row: Placeholder | undefined): Mistake | undefined {
  if (!/^[A-Z][A-Z0-9_]*$/.test(name)) {
    const expected = "a name of capital letters, digits and underscores that starts with a letter";
    return { rule: "placeholder-name", expected, hint: `did you mean \${${row?.name ?? suggestion(reading, name)}}?` };
  }
  if (row !== undefined) return undefined;
  const close = nearest(name, reading.known.keys());
  const hint = close === undefined ? howToDeclare : `did you mean \${${close}}? If not, ${howToDeclare}`;
  return { rule: "placeholder-unknown", expected: "a placeholder that is declared", hint };
}

const howToDeclare = "declare it under placeholders in the config";

function suggestion(reading: Reading, name: string): string {
  return nearest(name, reading.known.keys()) ?? upperCase(name);
}

function wrongPlace({ place, encoded, alone }: PlaceholderInText, row: Placeholder): Mistake | undefined {
  const bare = `\${${row.name}}`;
  const rule = "placeholder-kind";
  if (encoded && (place === "bare" || row.kind === "string")) {
    const hint = place === "bare" && row.kind === "string" ? `write "${bare}"` : `write ${bare}`;
    return { rule, expected: "no jsonencode, because batch.hcl already encodes every value", hint };
  }
  if (place === "bare") {
    if (row.kind !== "string") return undefined;
    return { rule, expected: "quotes around a placeholder for text", hint: `write "${bare}"` };
  }
  if (row.kind === "string") return undefined;
  const expected = `a ${row.kind} without quotes, in the place of a whole value`;
  return {
    rule,
    expected,
    hint: alone ? `remove the quotes: ${bare}` : "text can contain only placeholders of kind string",
  };
}
