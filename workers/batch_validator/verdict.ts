import type { MaxInvalid } from "../settings/settings.ts";

export type Verdict = { readonly isAccepted: true } | { readonly isAccepted: false; readonly reason: string };

/** Whether a file with so many rejected records is accepted as a whole. */
export function verdictOf(records: number, rejected: number, maxInvalid: MaxInvalid): Verdict {
  const { unit, amount, text } = maxInvalid;
  const isAccepted = unit === "records" ? rejected <= amount : isShare(rejected, records, amount);
  if (isAccepted) return { isAccepted };
  const are = rejected === 1 ? "is" : "are";
  return { isAccepted, reason: `${rejected} of ${records} records ${are} invalid; at most ${text} may be` };
}

/** In whole numbers: 0.29 % of 100,000 records are 290, and a little less as a product of doubles. Percentages have 6 decimals at most. */
function isShare(part: number, whole: number, percent: number): boolean {
  return BigInt(part) * 100_000_000n <= BigInt(Math.round(percent * 1_000_000)) * BigInt(whole);
}
