import type { DataColumn } from "./dataColumn.ts";
import { recordColumns } from "./recordColumns.ts";
import { shortColumns } from "./shortColumns.ts";

export interface Shape {
  readonly name: ShapeName;
  /** How a table calls it. */
  readonly title: string;
  readonly columns: readonly DataColumn[];
  /** At scale 1. */
  readonly records: number;
  /** Share of records with one bad field. */
  readonly badShare: number;
  readonly allQuoted: boolean;
  readonly seed: number;
}

export type ShapeName = (typeof shapeNames)[number];

export const shapeNames = [
  "random-text",
  "bad-30",
  "all-quoted",
  "short-60",
  "short-300",
  "million-good",
  "million-bad",
  "random-text-large",
] as const;

const plain = { columns: recordColumns, badShare: 0, allQuoted: false } as const;

/** About 340 MB each; the large one ten times that, the millions a third of it. */
export const shapes: Readonly<Record<ShapeName, Shape>> = {
  "random-text": { ...plain, name: "random-text", title: "random text", records: 3_000_000, seed: 1 },
  "bad-30": { ...plain, name: "bad-30", title: "30 % bad", records: 3_000_000, badShare: 0.3, seed: 2 },
  "all-quoted": { ...plain, name: "all-quoted", title: "all quoted", records: 2_490_000, allQuoted: true, seed: 3 },
  "short-60": shortShape("short-60", 60, 1_240_000, 4),
  "short-300": shortShape("short-300", 300, 248_000, 5),
  "million-good": { ...plain, name: "million-good", title: "1,000,000 good records", records: 1_000_000, seed: 6 },
  "million-bad": {
    ...plain,
    name: "million-bad",
    title: "1,000,000 bad records",
    records: 1_000_000,
    badShare: 1,
    seed: 7,
  },
  "random-text-large": {
    ...plain,
    name: "random-text-large",
    title: "random text, ten times as long",
    records: 30_000_000,
    seed: 8,
  },
};

function shortShape(name: ShapeName, count: number, records: number, seed: number): Shape {
  const title = `${count} short columns`;
  return { name, title, columns: shortColumns(count), records, badShare: 0, allQuoted: false, seed };
}
