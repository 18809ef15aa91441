/** Why a part of the test cannot be had on this machine, as the end of a sentence. */
export interface Absent {
  readonly absent: string;
}

/** A part that is ready for use, or the reason why there is none. */
export type Part<Value extends object> = Value | Absent;

export function isAbsent(part: object): part is Absent {
  return "absent" in part;
}

/**
 * The reasons why a test cannot run here, one for each absent part; none means that it can.
 * A user's machine may lack a part, so the caller turns reasons into a skip. CI has to have them all: there a reason is thrown.
 */
export function reasonsToSkip(parts: Readonly<Record<string, object>>): readonly string[] {
  const reasons = Object.entries(parts).flatMap(([name, part]) => (isAbsent(part) ? [`${name}: ${part.absent}`] : []));
  if (reasons.length > 0 && process.env.CI === "true") {
    throw new Error(`CI has to have every part of the end-to-end tests.\n  ${reasons.join("\n  ")}`);
  }
  return reasons;
}

/** The value of a part of which `reasonsToSkip` had nothing to say. */
export function present<Value extends object>(part: Part<Value>): Value {
  if (isAbsent(part)) throw new Error(part.absent);
  return part;
}
