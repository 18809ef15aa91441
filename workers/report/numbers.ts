import { grouped } from "../../src/shared/text.ts";

/** "1,234 records", "1 record". */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${grouped(count)} ${count === 1 ? one : many}`;
}

/** "0.12%". A part above zero is never shown as 0%, nor one below the whole as 100%. Undefined when the whole is 0. */
export function percentage(part: number, whole: number): string | undefined {
  if (whole === 0) return undefined;
  const percent = (part / whole) * 100;
  if (part !== 0 && percent < 0.01) return "under 0.01%";
  if (part !== whole && percent > 99.99) return "over 99.99%";
  return `${percent.toFixed(2).replace(/\.?0+$/, "")}%`;
}

/** "118.4 MB", in powers of 1,000 as disks and S3 prices count. */
export function fileSize(bytes: number): string {
  const units = ["kB", "MB", "GB", "TB"];
  let value = bytes / 1000;
  for (const unit of units) {
    // A value that rounds to 1,000 belongs to the next unit.
    if (value < 999.95 || unit === "TB") return `${value.toFixed(1)} ${unit}`;
    value /= 1000;
  }
  throw new Error("the last unit fits every size");
}
