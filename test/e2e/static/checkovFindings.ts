import { writeFileSync } from "node:fs";
import type { Json } from "../documents.ts";
import { type RunOptions, run } from "../parts/run.ts";

/** What checkov finds in a plan. Only values count: it would take a variable that a value comes from for the value. */
export function findingsInPlan(checkov: string, plan: Json, file: string): Promise<readonly string[]> {
  const { configuration, ...values } = plan;
  const root_module = withoutExpressions(configuration.root_module);
  writeFileSync(file, JSON.stringify({ ...values, configuration: { root_module } }));
  return findings(checkov, ["--file", file, "--framework", "terraform_plan"]);
}

function withoutExpressions({ resources = [], module_calls = {} }: Json): Json {
  const calls = Object.entries<Json>(module_calls).map(([name, { module }]) => [
    name,
    { expressions: {}, module: withoutExpressions(module) },
  ]);
  return {
    resources: resources.map((resource: Json) => ({ ...resource, expressions: {} })),
    module_calls: Object.fromEntries(calls),
  };
}

export function findingsInModule(checkov: string, folder: string): Promise<readonly string[]> {
  return findings(checkov, ["--directory", folder, "--framework", "terraform"]);
}

/** Each finding as its check and the resource. Exit code 1 says that there is one. */
async function findings(checkov: string, what: readonly string[]): Promise<readonly string[]> {
  const options: RunOptions = { accept: [0, 1], timeLimitSeconds: 300 };
  const { stdout } = await run(checkov, [...what, "--output", "json", "--compact", "--skip-download"], options);
  const report: Json = JSON.parse(stdout);
  if (report.summary === undefined || report.summary.parsing_errors > 0)
    throw new Error(`checkov read nothing: ${stdout}`);
  if (report.summary.passed === 0) throw new Error(`checkov checked nothing: ${stdout}`);
  return report.results.failed_checks.map((check: Json) => `${check.check_id} ${check.resource}`).sort();
}
