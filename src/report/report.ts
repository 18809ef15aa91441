import { styleText } from "node:util";
import type { Problem } from "../model/problem.ts";
import { arrange } from "./arrange.ts";
import type { ProblemFormat } from "./formats.ts";
import { printable } from "./printable.ts";
import type { RuleHelp } from "./sarif.ts";
import { sentence } from "./sentence.ts";
import { summarize, summaryLine } from "./summary.ts";

export type { ProblemFormat } from "./formats.ts";

export interface ReportOptions {
  /** Default: text. */
  readonly format?: ProblemFormat;
  /** Colour, in the format text only. Default: none. */
  readonly color?: boolean;
  /** By rule id; rules that are not listed are reported without help. */
  readonly rules?: ReadonlyMap<string, RuleHelp>;
}

/** Formats a report, ending with a line break. The same problems in any order result in the same bytes. */
export async function formatProblems(problems: readonly Problem[], options: ReportOptions = {}): Promise<string> {
  const { format = "text", color = false, rules = new Map() } = options;
  const arranged = arrange(problems);
  // Formats are loaded when they are used, except for text, which people wait for.
  switch (format) {
    case "text":
      return formatText(arranged, color);
    case "json":
      return (await import("./json.ts")).formatJson(arranged);
    case "github":
      return (await import("./github.ts")).formatGithub(arranged);
    case "sarif":
      return (await import("./sarif.ts")).formatSarif(arranged, rules);
  }
}

/** For people: a line for each problem, its hint below it, and a line with the counts. */
function formatText(problems: readonly Problem[], color: boolean): string {
  const paint = color ? paintStyled : (_style: Style, text: string) => text;
  const lines = problems.flatMap((problem) => problemLines(problem, paint));
  return [...lines, summaryLine(summarize(problems)), ""].join("\n");
}

type Style = "red" | "yellow" | "bold" | "dim";

/** The caller has checked for a terminal, so `styleText` does not have to. */
function paintStyled(style: Style, text: string): string {
  return styleText(style, text, { validateStream: false });
}

function problemLines(problem: Problem, paint: typeof paintStyled): string[] {
  const { file, position, severity, rule, hint } = problem;
  const where = paint("bold", `${printable(file)}:${position.line}:${position.column}`);
  const weight = paint(severity === "error" ? "red" : "yellow", severity);
  const line = `${where}  ${weight}  ${sentence(problem)}  ${paint("dim", `[${printable(rule)}]`)}`;
  return hint === undefined ? [line] : [line, `   hint: ${printable(hint)}`];
}
