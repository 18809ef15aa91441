import { isObject } from "../../model/json.ts";

type Data = Readonly<Record<string, unknown>>;

/**
 * Seconds that a job can take from SubmitJob to the end of its last attempt: each attempt first waits for an instance, for as
 * long as the queue lets it, and then runs until its timeout. Undefined when a placeholder stands for one of the numbers, or
 * the job has no timeout.
 */
export function jobSeconds(job: Data, queue: Data): number | undefined {
  const attempts = numberAt(job.retry_strategy, "attempts") ?? 1;
  const attemptSeconds = numberAt(job.timeout, "attempt_duration_seconds");
  if (attemptSeconds === undefined) return undefined;
  return Math.min(mostSeconds, attempts * (attemptSeconds + runnableSeconds(queue)) + marginSeconds);
}

/** The longest that Step Functions waits: three years. */
export const mostSeconds = 99_999_999;

// Pulling the image, starting the container, and the time until Step Functions hears of the end.
const marginSeconds = 600;

/** The longest of the queue's limits. A queue without one would wait for days; the run gives up as if it had the default. */
function runnableSeconds({ job_state_time_limit_actions }: Data): number {
  const actions = Array.isArray(job_state_time_limit_actions) ? job_state_time_limit_actions : [];
  const limits = actions.flatMap((action) => numberAt(action, "max_time_seconds") ?? []);
  return limits.length === 0 ? defaultRunnableSeconds : Math.max(...limits);
}

const defaultRunnableSeconds = 14_400;

function numberAt(value: unknown, key: string): number | undefined {
  const found = isObject(value) ? value[key] : undefined;
  return typeof found === "number" ? found : undefined;
}
