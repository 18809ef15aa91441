import { Command, Option } from "commander";
import type { Worker } from "../../src/shared/contract.ts";
import { nearest } from "../../src/shared/nearest.ts";
import { quoted } from "../../src/shared/text.ts";
import type { SettingProblem } from "./settingsFault.ts";

export interface GivenArguments {
  /** The text specified with each flag. */
  readonly texts: ReadonlyMap<string, string>;
  readonly wantsHelp: boolean;
  readonly wantsVersion: boolean;
  readonly problems: readonly SettingProblem[];
}

/** Parses a command line (without program and script). Does not check values, only which flags there are. */
export function readArguments(worker: Worker, argv: readonly string[]): GivenArguments {
  const flags = worker.settings.flatMap(({ flag }) => (flag === undefined ? [] : [flag]));
  const command = commandWith(flags);
  const { operands, unknown } = command.parseOptions([...argv]);
  const problems = [...operands.map(strayWord), ...unknownProblems(unknown, flags)];
  const texts = new Map<string, string>();
  for (const flag of flags) {
    const given: unknown = command.getOptionValue(flag);
    if (given === true || (Array.isArray(given) && given.some((text) => text === "")))
      problems.push(withoutValue(flag));
    else if (Array.isArray(given) && given.length > 1) problems.push(severalTimes(flag, given.length));
    else if (Array.isArray(given)) texts.set(flag, String(given[0]));
  }
  const wants = (flag: string) => command.getOptionValue(flag) === true;
  return { texts, wantsHelp: wants("--help"), wantsVersion: wants("--version"), problems };
}

/**
 * For commander every value is optional, so that it neither mistakes the next flag for the value of this one nor stops
 * at the first mistake.
 */
function commandWith(flags: readonly string[]): Command {
  const command = new Command().helpOption(false);
  const add = (option: Option, name: string) => {
    // Values are kept under the flag itself: commander's own names would differ from the contract's.
    option.attributeName = () => name;
    command.addOption(option);
  };
  for (const flag of flags) {
    const collect = (text: string, earlier: unknown) => [...(Array.isArray(earlier) ? earlier : []), text];
    add(new Option(`${flag} [value]`).argParser(collect), flag);
  }
  add(new Option("-h, --help"), "--help");
  add(new Option("-V, --version"), "--version");
  return command;
}

function unknownProblems(words: readonly string[], flags: readonly string[]): SettingProblem[] {
  return words.flatMap((word, index) => {
    if (word.startsWith("-") && word !== "-") return [unknownFlag(word, flags)];
    // A word after an unknown flag is probably its value.
    return words[index - 1]?.startsWith("-") && !words[index - 1]?.includes("=") ? [] : [strayWord(word)];
  });
}

function unknownFlag(word: string, flags: readonly string[]): SettingProblem {
  const name = word.split("=")[0] ?? word;
  const close = nearest(name, [...flags, "--help", "--version"]);
  const text = `${quoted(name)} is not a flag`;
  return { kind: "usage", text, ...(close !== undefined && { hint: `did you mean ${close}?` }) };
}

function strayWord(word: string): SettingProblem {
  return { kind: "usage", text: `${quoted(word)} has no flag before it`, hint: "every value follows its flag" };
}

function withoutValue(flag: string): SettingProblem {
  return { kind: "usage", text: `${flag} has no value`, hint: `write a value that starts with - as ${flag}=-value` };
}

function severalTimes(flag: string, times: number): SettingProblem {
  return { kind: "usage", text: `${flag} is specified ${times} times`, hint: "specify it once" };
}
