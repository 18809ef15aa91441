import type { MaxInvalid } from "../settings/settings.ts";

export type Verdict = { readonly isAccepted: true } | { readonly isAccepted: false; readonly reason: string };

/** Whether a file with so many rejected records is accepted as a whole. */
export function verdictOf(records: number, rejected: number, maxInvalid: MaxInvalid): Verdict {
  const { unit, amount, text } = maxInvalid;
  // Multiplied, not divided: 5 % of 7 records is no whole number, and a division would round.
  const isAccepted = unit === "records" ? rejected <= amount : rejected * 100 <= amount * records;
  if (isAccepted) return { isAccepted };
  const are = rejected === 1 ? "is" : "are";
  return { isAccepted, reason: `${rejected} of ${records} records ${are} invalid; at most ${text} may be` };
}
