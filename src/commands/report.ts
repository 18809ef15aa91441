import { rules } from "../check/rules/index.ts";
import type { Problem } from "../model/problem.ts";
import { formatProblems } from "../report/report.ts";
import type { CommonOptions, Io } from "./io.ts";
import { ruleUrl } from "./ruleUrl.ts";

/** Writes problems in the requested format. As text, nothing is written when there are none. */
export async function report(
  problems: readonly Problem[],
  options: CommonOptions,
  io: Io,
  stream: "out" | "err",
): Promise<void> {
  const isWrong = problems.some(({ severity }) => options.strict || severity === "error");
  if (options.format === "text" && (problems.length === 0 || (options.quiet && !isWrong))) return;
  io[stream](
    await formatProblems(problems, {
      format: options.format,
      color: options.color && io.colors[stream],
      rules: new Map(rules.map((rule) => [rule.id, { ...rule, url: ruleUrl(rule.id) }])),
    }),
  );
}
