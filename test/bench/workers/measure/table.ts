import type { Figures } from "./figures.ts";

/** A table in Markdown. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return `${[line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n")}\n`;
}

/** Median, and least to most behind it. */
export function shown(values: Figures | undefined, digits = 0): string {
  if (values === undefined || Number.isNaN(values.median)) return "–";
  return `${number(values.median, digits)} (${number(values.minimum, digits)}–${number(values.maximum, digits)})`;
}

export function number(value: number, digits = 0): string {
  return value.toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

export function times(values: Figures | undefined): string {
  return values === undefined || Number.isNaN(values.median) ? "–" : `${number(values.median, 1)} ×`;
}

export function megabytes(bytes: number | undefined): string {
  return bytes === undefined ? "–" : `${number(bytes / 1e6)} MB`;
}
