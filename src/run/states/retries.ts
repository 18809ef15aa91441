import { isObject } from "../../model/json.ts";
import { isNamed, type StatesError } from "./statesError.ts";

/** A retry of something that has failed. */
export interface Again {
  /** Counts from 1, the first attempt excluded. */
  readonly number: number;
  /** The maximum number of retries. */
  readonly max: number;
  /** Seconds to wait before it. */
  readonly seconds: number;
}

/** Counts how often each rule of a state's Retry was used. */
export class Retries {
  readonly #rules: readonly Record<string, unknown>[];
  readonly #used = new Map<unknown, number>();

  constructor(rules: unknown) {
    this.#rules = Array.isArray(rules) ? rules.filter(isObject) : [];
  }

  /** The next retry; undefined when there is none. */
  next({ error }: StatesError): Again | undefined {
    const rule = this.#rules.find(({ ErrorEquals }) => isNamed(error, Array.isArray(ErrorEquals) ? ErrorEquals : []));
    if (rule === undefined) return undefined;
    const used = this.#used.get(rule) ?? 0;
    const max = numberOr(rule.MaxAttempts, 3);
    if (used >= max) return undefined;
    this.#used.set(rule, used + 1);
    const wait = numberOr(rule.IntervalSeconds, 1) * numberOr(rule.BackoffRate, 2) ** used;
    const seconds = Math.min(wait, numberOr(rule.MaxDelaySeconds, maxSeconds), maxSeconds);
    return { number: used + 1, max, seconds };
  }
}

/** A user is watching: long waits are meant to spare a service with thousands of callers, not one machine. */
const maxSeconds = 10;

function numberOr(value: unknown, otherwise: number): number {
  return typeof value === "number" ? value : otherwise;
}
