import { rules } from "../check/rules/index.ts";

/** What a report may say about each rule, by its id. */
export function ruleTexts(): ReadonlyMap<string, { summary: string; why: string; source: string }> {
  return new Map(rules.map(({ id, summary, why, source }) => [id, { summary, why, source }]));
}
