import { setTimeout as sleep } from "node:timers/promises";
import { type Backoff, delayMs } from "../../src/shared/retry.ts";
import type { Log } from "../model/log.ts";

/** How long a sink retries temporary failures. */
export interface RetryPolicy extends Backoff {
  /** Milliseconds without any success after which it gives up. */
  readonly giveUpAfterMs: number;
  readonly now: () => number;
  readonly sleep: (milliseconds: number) => Promise<void>;
}

export const patient: RetryPolicy = {
  giveUpAfterMs: 60_000,
  firstDelayMs: 100,
  maxDelayMs: 5_000,
  now: () => performance.now(),
  sleep: async (milliseconds) => {
    await sleep(milliseconds);
  },
  random: Math.random,
};

/** How connecting handles the errors of its service. */
export interface Connecting {
  readonly policy: RetryPolicy;
  readonly log: Log;
  /** Logged before each further attempt. */
  readonly event: string;
  /** The fault of an error, or undefined when it may be temporary. */
  readonly faultOf: (error: unknown) => Error | undefined;
  readonly awayFor: (seconds: number, error: unknown) => Error;
  readonly messageOf: (error: unknown) => string;
}

/** Connects, and retries while the service is unavailable, until the policy gives up. */
export async function connectPatiently(connect: () => Promise<void>, connecting: Connecting): Promise<void> {
  const { policy, log, event, faultOf, awayFor, messageOf } = connecting;
  const started = policy.now();
  for (let attempt = 1; ; attempt++) {
    try {
      return await connect();
    } catch (error) {
      const fault = faultOf(error);
      if (fault !== undefined) throw fault;
      if (policy.now() - started >= policy.giveUpAfterMs) throw awayFor(policy.giveUpAfterMs / 1000, error);
      log.warn(event, { attempt: attempt - 1, reason: messageOf(error) });
      await policy.sleep(delayMs(attempt, policy));
    }
  }
}
