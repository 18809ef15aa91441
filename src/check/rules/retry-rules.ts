import type { JobDefinition, RetryRule } from "../../derived/types.ts";
import type { TemplateDocument } from "../../model/document.ts";
import { defineRule, type Finding } from "../../model/rule.ts";
import { environmentsOf } from "../rules-support/environments.ts";
import { isSample } from "../rules-support/samples.ts";

const file = "batch-processing-job.json";
const jobWith = (attempts: number | null, evaluate_on_exit: unknown) => ({
  documents: { [file]: { retry_strategy: { attempts, evaluate_on_exit } } },
});

export const retryRules = defineRule({
  id: "retry-rules",
  severity: "error",
  summary: "The retry rules of a job cover every failure, can all take effect, and retry after a Spot reclaim.",
  why:
    "The first rule that matches decides, and a failure that none matches is retried: without a final " +
    "catch-all rule a rejected file uses up every attempt, and a rule that an earlier one covers never takes " +
    "effect. AWS Batch rejects rules without a number of attempts.",
  source: "https://docs.aws.amazon.com/batch/latest/APIReference/API_RetryStrategy.html",
  examples: {
    good: [
      {
        shows: "a Spot reclaim and exit code 75 are retried, nothing else",
        ...jobWith(3, [
          { action: "RETRY", on_status_reason: "Host EC2*" },
          { action: "RETRY", on_exit_code: "75" },
          { action: "EXIT", on_reason: "*" },
        ]),
      },
      {
        shows: "everything but exit code 65 is explicitly retried",
        ...jobWith(3, [
          { action: "EXIT", on_exit_code: "65" },
          { action: "RETRY", on_reason: "*" },
        ]),
      },
      { shows: "attempts alone: every failure is retried", ...jobWith(3, null) },
    ],
    bad: [
      {
        shows: "no catch-all rule: exit code 65 is tried three times",
        ...jobWith(3, [{ action: "RETRY", on_status_reason: "Host EC2*" }]),
      },
      {
        shows: "a rule after the catch-all rule",
        ...jobWith(3, [
          { action: "RETRY", on_status_reason: "Host EC2*" },
          { action: "EXIT", on_reason: "*" },
          { action: "RETRY", on_exit_code: "75" },
        ]),
      },
      {
        shows: "a rule that an earlier, wider one covers",
        ...jobWith(3, [
          { action: "RETRY", on_status_reason: "Host*" },
          { action: "EXIT", on_status_reason: "Host EC2*" },
          { action: "EXIT", on_reason: "*" },
        ]),
      },
      { shows: "on Spot, a reclaim ends the job", ...jobWith(3, [{ action: "EXIT", on_reason: "*" }]) },
      { shows: "on Spot, one attempt", ...jobWith(1, null) },
      {
        shows: "no number of attempts",
        ...jobWith(null, [
          { action: "EXIT", on_exit_code: "65" },
          { action: "RETRY", on_reason: "*" },
        ]),
      },
      {
        shows: "a rule without a condition",
        ...jobWith(3, [{ action: "RETRY" }, { action: "RETRY", on_reason: "*" }]),
      },
      {
        shows: "a rule for success, which is never retried",
        ...jobWith(3, [
          { action: "EXIT", on_exit_code: "0" },
          { action: "RETRY", on_reason: "*" },
        ]),
      },
    ],
  },
  *check(subject) {
    const onSpot = environmentsOf(subject).some(({ environment }) => environment.compute_resources?.type === "SPOT");
    for (const document of subject.jobDefinitions) {
      yield* listFindings(document);
      if (onSpot) yield* spotFindings(document);
    }
  },
});

const listPointer = "/retry_strategy/evaluate_on_exit";

function* listFindings(document: TemplateDocument<JobDefinition>): Iterable<Finding> {
  const { attempts, evaluate_on_exit: rules = [] } = document.value.retry_strategy ?? {};
  const last = rules.at(-1);
  if (last === undefined) return;
  if (attempts === undefined) {
    yield {
      document,
      pointer: "/retry_strategy/attempts",
      expected: "a number of attempts with evaluate_on_exit",
      hint: 'add "attempts": 3',
    };
  }
  for (const [index, rule] of rules.entries()) {
    const finding = ruleFinding(rule, rules.slice(0, index));
    if (finding) yield { document, pointer: `${listPointer}/${index}`, found: rule, ...finding };
  }
  if (rules.some(fitsEverything)) return;
  yield {
    document,
    pointer: `${listPointer}/${rules.length - 1}`,
    found: last,
    expected: "a last rule that matches every failure, because a failure that no rule matches is retried",
    hint: `${rules.length < 5 ? "add" : "make the fifth and last rule"} { "action": "EXIT", "on_reason": "*" }`,
  };
}

type Remark = Pick<Finding, "expected" | "hint" | "severity">;

function ruleFinding(rule: RetryRule, earlier: readonly RetryRule[]): Remark | undefined {
  if (named(rule).length === 0) {
    const expected = "one of on_status_reason, on_reason and on_exit_code";
    return { expected, hint: 'specify which failures it is for; "on_reason": "*" matches all' };
  }
  if (rule.on_exit_code === "0") {
    const hint = "remove the rule: a job that ends with 0 has succeeded and is not evaluated";
    return { expected: "a rule for failures", hint, severity: "warning" };
  }
  const covering = earlier.findIndex((candidate) => covers(candidate, rule));
  if (covering === -1) return undefined;
  const expected = `a rule that can take effect, but rule ${covering + 1} matches the same failures first`;
  return { expected, hint: `move it before rule ${covering + 1}, or remove it` };
}

function* spotFindings(document: TemplateDocument<JobDefinition>): Iterable<Finding> {
  const { attempts, evaluate_on_exit: rules = [] } = document.value.retry_strategy ?? {};
  const pointer = "/retry_strategy/attempts";
  if (attempts === undefined && rules.length > 0) return; // reported above
  if ((attempts ?? 1) < 2 && !isSample(document, pointer)) {
    yield {
      document,
      pointer,
      ...(attempts !== undefined && { found: attempts }),
      expected: "at least 2 attempts, because AWS reclaims Spot instances while jobs run",
      hint: 'set "attempts": 3; AWS Batch counts the first one too',
      severity: "warning",
    };
    return;
  }
  const index = rules.findIndex(fitsReclaim);
  if (rules[index]?.action !== "EXIT") return;
  yield {
    document,
    pointer: `${listPointer}/${index}`,
    found: rules[index],
    expected: "a rule before it that retries when a Spot instance is reclaimed",
    hint: 'put { "action": "RETRY", "on_status_reason": "Host EC2*" } first',
  };
}

type Condition = "on_status_reason" | "on_reason" | "on_exit_code";
const conditions: readonly Condition[] = ["on_status_reason", "on_reason", "on_exit_code"];

function named(rule: RetryRule): readonly Condition[] {
  return conditions.filter((condition) => rule[condition] !== undefined);
}

/**
 * The conditions that can fail. `*` always matches a reason; for an exit code it needs one, and an attempt
 * whose instance was lost has none.
 */
function selective(rule: RetryRule): readonly Condition[] {
  return named(rule).filter((condition) => condition === "on_exit_code" || rule[condition] !== "*");
}

function fitsEverything(rule: RetryRule): boolean {
  return named(rule).length > 0 && selective(rule).length === 0;
}

function covers(earlier: RetryRule, later: RetryRule): boolean {
  return (
    named(earlier).length > 0 &&
    selective(earlier).every((condition) => {
      const pattern = later[condition];
      return pattern !== undefined && coversPattern(earlier[condition] ?? "", pattern);
    })
  );
}

function coversPattern(wide: string, narrow: string): boolean {
  return wide.endsWith("*") ? narrow.startsWith(wide.slice(0, -1)) : wide === narrow;
}

/** What AWS Batch reports when the instance is gone: this status reason, and neither reason nor exit code. */
const reclaimed = "Host EC2 (instance i-0123456789abcdef0) terminated.";

function fitsReclaim(rule: RetryRule): boolean {
  return (
    named(rule).length > 0 &&
    selective(rule).every(
      (condition) => condition === "on_status_reason" && coversPattern(rule[condition] ?? "", reclaimed),
    )
  );
}
