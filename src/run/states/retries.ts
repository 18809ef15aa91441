import { isObject } from "../../model/json.ts";
import { isNamed, type StatesError } from "./statesError.ts";

/** Another try of what has failed. */
export interface Again {
  /** Counts from 1, without the first try. */
  readonly number: number;
  /** As many as there can be. */
  readonly most: number;
  /** To wait before it. */
  readonly seconds: number;
}

/** Remembers how often each rule of a state's Retry was used. */
export class Retries {
  readonly #rules: readonly Record<string, unknown>[];
  readonly #used = new Map<unknown, number>();

  constructor(rules: unknown) {
    this.#rules = Array.isArray(rules) ? rules.filter(isObject) : [];
  }

  /** The next try; undefined when there is none. */
  next({ error }: StatesError): Again | undefined {
    const rule = this.#rules.find(({ ErrorEquals }) => isNamed(error, Array.isArray(ErrorEquals) ? ErrorEquals : []));
    if (rule === undefined) return undefined;
    const used = this.#used.get(rule) ?? 0;
    const most = numberOr(rule.MaxAttempts, 3);
    if (used >= most) return undefined;
    this.#used.set(rule, used + 1);
    const wait = numberOr(rule.IntervalSeconds, 1) * numberOr(rule.BackoffRate, 2) ** used;
    const seconds = Math.min(wait, numberOr(rule.MaxDelaySeconds, mostSeconds), mostSeconds);
    return { number: used + 1, most, seconds };
  }
}

/** Somebody is watching: what is meant to spare a service that thousands call need not keep one machine waiting. */
const mostSeconds = 10;

function numberOr(value: unknown, otherwise: number): number {
  return typeof value === "number" ? value : otherwise;
}
