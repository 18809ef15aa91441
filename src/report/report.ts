import type { Problem } from "../model/problem.ts";
import { arrange } from "./arrange.ts";
import type { ProblemFormat } from "./formats.ts";
import { paint } from "./paint.ts";
import { formatText } from "./plainText.ts";

export type { ProblemFormat } from "./formats.ts";

/** What a reader of a report may want to know about a rule. */
export interface RuleHelp {
  readonly summary: string;
  readonly why: string;
  /** A URL, or words. */
  readonly source: string;
}

export interface ReportOptions {
  /** Default: text. */
  readonly format?: ProblemFormat;
  /** Colour, in the format text only. Default: none. */
  readonly color?: boolean;
  /** By rule id; a rule that is absent is reported without help. */
  readonly rules?: ReadonlyMap<string, RuleHelp>;
}

/** Makes the text of a report, ending with a line break. Same problems, same bytes, in whatever order they were found. */
export async function formatProblems(problems: readonly Problem[], options: ReportOptions = {}): Promise<string> {
  const { format = "text", color = false, rules = new Map() } = options;
  const arranged = arrange(problems);
  // Each format is loaded when it is asked for; text is what people wait for.
  switch (format) {
    case "text":
      return formatText(arranged, paint(color));
    case "json":
      return (await import("./json.ts")).formatJson(arranged);
    case "github":
      return (await import("./github.ts")).formatGithub(arranged);
    case "sarif":
      return (await import("./sarif.ts")).formatSarif(arranged, rules);
  }
}
