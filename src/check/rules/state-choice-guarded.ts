import type { ChoiceRule } from "../../derived/types.ts";
import { defineRule, type Finding } from "../../model/rule.ts";
import { statesOf } from "../rules-support/scopes.ts";

const machine = (
  choice: Readonly<Record<string, unknown>>,
  otherwise: Readonly<Record<string, unknown>> = { Default: "Lambda" },
) => ({
  documents: {
    "example.asl.json": {
      StartAt: "Route",
      States: {
        Route: {
          Type: "Choice",
          Choices: [
            { ...choice, Next: "Batch" },
            { Variable: "$.kind", StringEquals: "tiny", Next: "Lambda" },
          ],
          ...otherwise,
        },
        Batch: { Type: "Pass", End: true },
        Lambda: { Type: "Pass", End: true },
      },
    },
  },
});
const larger = { Variable: "$.chunkSize", NumericGreaterThan: 290_000 };

export const stateChoiceGuarded = defineRule({
  id: "state-choice-guarded",
  severity: "warning",
  summary: "A Choice compares a number only after it has checked that there is one, and has a Default.",
  why:
    "When the variable is missing, the comparison is not false: the whole run fails. When no choice matches " +
    "and there is no Default, the run fails as well. And texts are compared character by character, so a " +
    "chunk of 1000000 records counts as smaller than 290000.",
  source: "https://docs.aws.amazon.com/step-functions/latest/dg/state-choice.html",
  examples: {
    good: [
      {
        shows: "compared only when it is a number",
        ...machine({
          And: [{ Variable: "$.chunkSize", IsPresent: true }, { Variable: "$.chunkSize", IsNumeric: true }, larger],
        }),
      },
      {
        shows: "a check of the object that contains the number",
        ...machine({
          And: [
            { Variable: "$.counts", IsPresent: true },
            { Variable: "$.counts.chunks", IsNumeric: true },
            { Variable: "$.counts.chunks", NumericGreaterThan: 0 },
          ],
        }),
      },
      {
        shows: "sent elsewhere by an earlier choice when it is missing",
        documents: {
          "example.asl.json": {
            StartAt: "Route",
            States: {
              Route: {
                Type: "Choice",
                Choices: [
                  { Not: { Variable: "$.chunkSize", IsPresent: true }, Next: "Failed" },
                  { ...larger, Next: "Batch" },
                ],
                Default: "Lambda",
              },
              Batch: { Type: "Pass", End: true },
              Lambda: { Type: "Pass", End: true },
              Failed: { Type: "Fail" },
            },
          },
        },
      },
    ],
    bad: [
      { shows: "a comparison without a check before it", ...machine(larger) },
      {
        shows: "the check comes after the comparison",
        ...machine({ And: [larger, { Variable: "$.chunkSize", IsNumeric: true }] }),
      },
      {
        shows: "a check of another variable",
        ...machine({ And: [{ Variable: "$.chunkId", IsPresent: true }, larger] }),
      },
      {
        shows: "a check that another variable exists",
        ...machine({
          And: [{ Variable: "$.chunkSiz", IsPresent: true }, { Variable: "$.chunkSize", IsNumeric: true }, larger],
        }),
      },
      {
        shows: "a check that another variable is a number",
        ...machine({
          And: [{ Variable: "$.chunkSize", IsPresent: true }, { Variable: "$.chunkSiz", IsNumeric: true }, larger],
        }),
      },
      {
        shows: "a check that another variable exists before texts are compared",
        ...machine({
          And: [
            { Variable: "$.knd", IsPresent: true },
            { Variable: "$.kind", StringEquals: "large" },
          ],
        }),
      },
      { shows: "no Default", ...machine({ And: [{ Variable: "$.chunkSize", IsNumeric: true }, larger] }, {}) },
      {
        shows: "a chunk size that is compared as text",
        ...machine({ Variable: "$.chunkSize", StringGreaterThan: "290000" }),
      },
    ],
  },
  *check({ stateMachines }) {
    for (const document of stateMachines) {
      for (const { state, pointer } of statesOf(document)) {
        if (state.Type !== "Choice") continue;
        for (const finding of choiceFindings(state.Choices ?? [], `${pointer}/Choices`)) yield { document, ...finding };
        if (state.Default !== undefined) continue;
        yield {
          document,
          pointer: `${pointer}/Default`,
          expected: "the state that comes next when no choice matches",
          hint: "add Default: the usual next state, or a state of Type Fail that says what was not expected",
        };
      }
    }
  },
});

type Remark = Omit<Finding, "document">;

function* choiceFindings(choices: readonly ChoiceRule[], pointer: string): Iterable<Remark> {
  const guarded = new Set<string>();
  for (const [index, choice] of choices.entries()) {
    yield* ruleFindings(choice, `${pointer}/${index}`, guarded);
    for (const variable of absentIn(choice)) guarded.add(variable);
  }
}

/**
 * Evaluates a choice in the order in which Step Functions does: And stops at the first part that is false, Or at the
 * first that is true.
 */
function* ruleFindings(rule: ChoiceRule, pointer: string, guarded: ReadonlySet<string>): Iterable<Remark> {
  yield* strayChecks(rule.And ?? [], `${pointer}/And`, guarded);
  const known = new Set(guarded);
  for (const [index, part] of (rule.And ?? []).entries()) {
    yield* ruleFindings(part, `${pointer}/And/${index}`, known);
    for (const variable of presentIn(part)) known.add(variable);
  }
  const either = new Set(guarded);
  for (const [index, part] of (rule.Or ?? []).entries()) {
    yield* ruleFindings(part, `${pointer}/Or/${index}`, either);
    for (const variable of absentIn(part)) either.add(variable);
  }
  if (rule.Not) yield* ruleFindings(rule.Not, `${pointer}/Not`, guarded);
  yield* comparisonFindings(rule, pointer, guarded);
}

/** A check that something exists which the other parts of the And do not use. */
function* strayChecks(parts: readonly ChoiceRule[], pointer: string, guarded: ReadonlySet<string>): Iterable<Remark> {
  const used = parts.filter((part) => part.IsPresent !== true).flatMap(variablesIn);
  const checked = parts.flatMap(({ IsPresent, Variable }) =>
    IsPresent === true && Variable !== undefined ? [Variable] : [],
  );
  const unseen = used.find((variable) => ![...guarded, ...checked].some((seen) => isWithin(variable, seen)));
  if (unseen === undefined || checked.length === 0) return;
  const index = parts.findIndex((part) => part.Variable === unseen && Object.keys(part).some(asksForType));
  if (index >= 0 && used.filter((variable) => variable === unseen).length === 1) {
    yield {
      pointer: `${pointer}/${index}/Variable`,
      found: unseen,
      expected: `the variable that the And has checked: ${checked.join(", ")}`,
      hint: `write "Variable": "${checked[0]}": when ${unseen} is missing the run fails, whatever else exists`,
    };
    return;
  }
  for (const [index, { IsPresent, Variable: found }] of parts.entries()) {
    if (IsPresent !== true || found === undefined || used.some((variable) => isWithin(variable, found))) continue;
    yield {
      pointer: `${pointer}/${index}/Variable`,
      found,
      expected: `a check that ${unseen} exists, which the And uses next`,
      hint: `write "Variable": "${unseen}": when it is missing the run fails, whatever else exists`,
    };
  }
}

function asksForType(key: string): boolean {
  return /^Is(?!Present)/.test(key);
}

function variablesIn({ Variable, And = [], Or = [], Not }: ChoiceRule): readonly string[] {
  return [
    ...(Variable === undefined ? [] : [Variable]),
    ...[...And, ...Or, ...(Not ? [Not] : [])].flatMap(variablesIn),
  ];
}

/** Whether a variable is the other one, or a part of it. */
function isWithin(variable: string, whole: string): boolean {
  return variable === whole || variable.startsWith(`${whole}.`) || variable.startsWith(`${whole}[`);
}

function* comparisonFindings(rule: ChoiceRule, pointer: string, guarded: ReadonlySet<string>): Iterable<Remark> {
  const { Variable: variable } = rule;
  if (variable === undefined) return;
  const asText = Object.keys(rule).find((key) => key.startsWith("String"));
  if (asText !== undefined && /[.'"]chunkSize(?:['"]\])?$/.test(variable)) {
    const hint =
      `use ${asText.replace("String", "Numeric").replace("Matches", "Equals")} and write the number ` +
      "without quotes";
    yield {
      pointer: `${pointer}/${asText}`,
      found: rule[asText],
      expected: "a comparison of numbers",
      hint,
      severity: "error",
    };
  }
  if (!Object.keys(rule).some((key) => key.startsWith("Numeric")) || guarded.has(variable)) return;
  yield {
    pointer: `${pointer}/Variable`,
    found: variable,
    expected: "a check before the comparison that it exists and is a number",
    hint:
      `put { "Variable": "${variable}", "IsPresent": true } and { "Variable": "${variable}", ` +
      `"IsNumeric": true } before it in an And`,
  };
}

/** The variables that exist, and have a type, when the rule is true. */
function presentIn(rule: ChoiceRule): readonly string[] {
  const own =
    rule.Variable !== undefined && (rule.IsPresent === true || rule.IsNumeric === true) ? [rule.Variable] : [];
  return [...own, ...(rule.And ?? []).flatMap(presentIn), ...(rule.Not ? absentIn(rule.Not) : [])];
}

/** The variables that exist when the rule is false, because their absence would make it true. */
function absentIn(rule: ChoiceRule): readonly string[] {
  const own =
    rule.Variable !== undefined && (rule.IsPresent === false || rule.IsNumeric === false) ? [rule.Variable] : [];
  return [...own, ...(rule.Or ?? []).flatMap(absentIn), ...(rule.Not ? presentIn(rule.Not) : [])];
}
