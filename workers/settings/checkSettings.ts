import { conditionText, type Worker, type WorkerCondition, type WorkerSetting } from "../../src/shared/contract.ts";
import { quoted } from "../../src/shared/text.ts";
import { completeLocation, kindsOfLocation } from "./readLocation.ts";
import { readValue, type Value } from "./readValue.ts";
import type { SettingProblem } from "./settingsFault.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

export interface CheckedSettings {
  /** By variable. Undefined if not specified and without a default; a location is a full uri. */
  readonly values: ReadonlyMap<string, Value>;
  readonly problems: readonly SettingProblem[];
}

/** Reads every setting from its flag, else its variable, else its default, and collects all problems. */
export function checkSettings(
  worker: Worker,
  texts: ReadonlyMap<string, string>,
  environment: Environment,
): CheckedSettings {
  const read = worker.settings.map((setting) => readSetting(setting, texts, environment));
  const situation = situationOf(read);
  const problems = read.flatMap((one) => problemOf(one, situation)).concat(groupProblems(read));
  const bucket = read.find(({ setting }) => setting.variable === "S3_BUCKET")?.value;
  return {
    values: new Map(read.map(({ setting, value }) => [setting.variable, complete(setting, value, bucket)])),
    problems,
  };
}

interface ReadSetting {
  readonly setting: WorkerSetting;
  readonly source: "flag" | "variable" | "default" | "nothing";
  readonly value: Value;
  /** Set when the text is invalid. */
  readonly problem?: SettingProblem;
}

function readSetting(
  setting: WorkerSetting,
  texts: ReadonlyMap<string, string>,
  environment: Environment,
): ReadSetting {
  const flagText = setting.flag === undefined ? undefined : texts.get(setting.flag);
  // In a job definition, an empty variable means an unset one.
  const variableText = environment[setting.variable] || undefined;
  const source =
    flagText !== undefined
      ? "flag"
      : variableText !== undefined
        ? "variable"
        : setting.default !== undefined
          ? "default"
          : "nothing";
  const text = flagText ?? variableText ?? setting.default;
  if (text === undefined) return { setting, source, value: undefined };
  const unbound = unboundProblem(setting, source, text);
  if (unbound !== undefined) return { setting, source, value: undefined, problem: unbound };
  const reading = readValue(setting, text);
  if ("value" in reading) return { setting, source, value: reading.value };
  const found = setting.secret ? "is malformed" : `is ${quoted(text)}`;
  const problem = { kind: kindOf(source), text: `${calledBy(setting, source)} ${found}; expected ${reading.expected}` };
  return { setting, source, value: undefined, problem };
}

/** A parameter or placeholder that was not replaced by a value. */
function unboundProblem(
  setting: WorkerSetting,
  source: ReadSetting["source"],
  text: string,
): SettingProblem | undefined {
  if (setting.secret) return undefined;
  const kind = kindOf(source);
  const name = calledBy(setting, source);
  const parameter = /^Ref::([A-Za-z0-9_.-]{1,100})$/.exec(text)?.[1];
  if (parameter !== undefined) {
    const hint = `submit the job with the parameter ${parameter}, or add a default for it to the job definition`;
    return { kind, text: `${name} is still Ref::${parameter}`, hint };
  }
  const placeholder = /\$\{([A-Z][A-Z0-9_]{0,62})\}/.exec(text)?.[1];
  if (placeholder === undefined) return undefined;
  return {
    kind,
    text: `${name} still contains \${${placeholder}}`,
    hint: `Terragrunt binds \${${placeholder}} in batch.hcl; register the job definition from there`,
  };
}

function kindOf(source: ReadSetting["source"]): SettingProblem["kind"] {
  return source === "flag" ? "usage" : "configuration";
}

function calledBy({ flag, variable }: WorkerSetting, source: ReadSetting["source"]): string {
  return source === "flag" ? (flag ?? variable) : variable;
}

/** What conditions refer to: the values of variables, and the kinds of locations. */
type Situation = ReadonlyMap<string, ReadonlySet<string>>;

function situationOf(read: readonly ReadSetting[]): Situation {
  const locations = read.flatMap(({ setting, value }) =>
    (setting.type === "location" || setting.type === "folder") && typeof value === "string"
      ? kindsOfLocation(value)
      : [],
  );
  const choices = read.flatMap(({ setting, value }) =>
    setting.type === "choice" && typeof value === "string" ? [[setting.variable, new Set([value])] as const] : [],
  );
  return new Map([...choices, ["location", new Set(locations)]]);
}

function applies(condition: WorkerCondition, situation: Situation): boolean {
  return Object.entries(condition).every(([name, values]) => values.some((value) => situation.get(name)?.has(value)));
}

function problemOf(read: ReadSetting, situation: Situation): SettingProblem[] {
  const { setting, source, problem } = read;
  const reason = setting.required_when?.find((condition) => applies(condition, situation));
  // Settings that this run does not need may have any value: one definition serves both destinations.
  if (problem !== undefined) {
    return setting.required_when !== undefined && reason === undefined && source === "variable" ? [] : [problem];
  }
  if (source !== "nothing" || !(setting.required || reason)) return [];
  // A setting that a job definition passes in the command is missing from the command; any other from the environment.
  const isArgument = setting.flag !== undefined && setting.job_definition?.value === undefined;
  const name = setting.flag === undefined ? setting.variable : `${setting.flag} (or ${setting.variable})`;
  const because = reason === undefined ? "" : `, because ${conditionText(reason)}`;
  const hint = setting.secret ? undefined : `for example ${setting.flag ?? setting.variable}${joinOf(setting)}`;
  return [
    {
      kind: isArgument ? "usage" : "configuration",
      text: `${name} is missing${because}`,
      ...(hint !== undefined && { hint }),
    },
  ];
}

function joinOf({ flag, example }: WorkerSetting): string {
  return `${flag === undefined ? "=" : " "}${example}`;
}

function groupProblems(read: readonly ReadSetting[]): SettingProblem[] {
  const names = new Set(read.flatMap(({ setting }) => (setting.one_of === undefined ? [] : [setting.one_of])));
  return [...names].flatMap((group): SettingProblem[] => {
    const members = read.filter(({ setting }) => setting.one_of === group);
    const flags = members.map(({ setting }) => setting.flag ?? setting.variable);
    const given = members.filter(({ source }) => source === "flag" || source === "variable");
    if (given.length === 1) return [];
    if (given.length === 0)
      return [{ kind: "usage", text: `${flags.join(" or ")} is missing`, hint: "specify one of them" }];
    const called = given.map(({ setting, source }) => calledBy(setting, source));
    return [{ kind: "usage", text: `${called.join(" and ")} are both specified`, hint: "specify only one of them" }];
  });
}

function complete({ type }: WorkerSetting, value: Value, bucket: Value): Value {
  if ((type !== "location" && type !== "folder") || typeof value !== "string") return value;
  return completeLocation(value, typeof bucket === "string" ? bucket : "");
}
