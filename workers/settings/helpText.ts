import exitCodes from "../../schemas/worker-exit-codes.json" with { type: "json" };
import { conditionText, type Worker, type WorkerSetting } from "../../src/shared/contract.ts";

/** The text of --help: typical uses first, then everything in the contract, at most 100 columns wide. */
export function helpText(worker: Worker): string {
  const flagged = worker.settings.filter(({ flag }) => flag !== undefined);
  const variables = worker.settings.filter(({ flag }) => flag === undefined);
  return [
    "Situations",
    ...worker.situations.flatMap(({ when, command }) => [`  ${when}`, `    ${command}`]),
    "",
    worker.meaning,
    "",
    "Arguments, each with the variable that can be used instead",
    ...flagged.flatMap((setting) => settingLines(`${setting.flag} (${setting.variable})`, setting)),
    ...entry("--help, --version", "This text; the version."),
    "",
    "Environment",
    ...variables.flatMap((setting) => settingLines(setting.variable, setting)),
    "",
    "Output",
    ...worker.outputs.flatMap(({ path, when, meaning }) => entry(path, `${meaning} Written ${when}.`)),
    "",
    "Exit codes",
    ...exitCodes.codes.flatMap(({ code, meaning }) => entry(String(code), meaning)),
    "",
  ].join("\n");
}

function settingLines(name: string, setting: WorkerSetting): string[] {
  const choices = setting.choices === undefined ? "" : ` One of ${setting.choices.join(", ")}.`;
  const byDefault = setting.default === undefined ? "" : ` Default: ${setting.default}.`;
  const example = setting.secret || setting.choices ? "" : ` Example: ${setting.example}.`;
  return entry(name, `${setting.meaning}${choices}${requirement(setting)}${byDefault}${example}`);
}

function requirement({ required, required_when = [] }: WorkerSetting): string {
  if (required) return " Required.";
  return required_when.length === 0 ? "" : ` Required when ${required_when.map(conditionText).join(", or ")}.`;
}

const width = 100;

function entry(name: string, text: string): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + 1 + word.length > width - 6) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [`  ${name}`, ...[...lines, line].map((part) => `      ${part}`)];
}
