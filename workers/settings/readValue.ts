import type { WorkerSetting } from "../../src/shared/contract.ts";
import { readLocation } from "./readLocation.ts";

/** The value of a setting: undefined where its text means that there is none. */
export type Value = string | number | MaxInvalid | readonly string[] | undefined;

export type Reading = { readonly value: Value } | { readonly expected: string };

/** Invalid records allowed: a count, or percent of all records. */
export interface MaxInvalid {
  /** As specified: "1000" or "5%". */
  readonly text: string;
  readonly unit: "records" | "percent";
  readonly amount: number;
}

/** Reads the text of one setting, or returns what was expected instead. */
export function readValue(setting: WorkerSetting, text: string): Reading {
  if (text === setting.none) return { value: undefined };
  const reading = readers[setting.type](text, setting);
  if ("value" in reading || setting.none === undefined) return reading;
  return { expected: `${reading.expected}, or ${setting.none}` };
}

const readers: Readonly<Record<WorkerSetting["type"], (text: string, setting: WorkerSetting) => Reading>> = {
  text: readText,
  count: readCount,
  share: readShare,
  choice: (text, { choices = [] }) =>
    choices.includes(text) ? { value: text } : { expected: `one of ${choices.join(", ")}` },
  character: readCharacter,
  location: (text) => readLocation(text, "object"),
  folder: (text) => readLocation(text, "folder"),
  columns: readColumns,
};

function readText(text: string, { pattern, expected }: WorkerSetting): Reading {
  if (pattern === undefined || new RegExp(pattern).test(text)) return { value: text };
  return { expected: expected ?? `text matching ${pattern}` };
}

type Range = Pick<WorkerSetting, "minimum" | "maximum">;

function readCount(text: string, { minimum = 0, maximum = Number.MAX_SAFE_INTEGER }: Range): Reading {
  const count = /^[0-9]{1,16}$/.test(text) ? Number(text) : Number.NaN;
  if (count >= minimum && count <= maximum) return { value: count };
  return { expected: `a whole number from ${minimum} to ${maximum}` };
}

function readShare(text: string): Reading {
  const percent = /^([0-9]{1,3}(?:\.[0-9]{1,6})?)%$/.exec(text)?.[1];
  if (percent !== undefined && Number(percent) <= 100) {
    return { value: { text, unit: "percent", amount: Number(percent) } };
  }
  const count = readCount(text, {});
  if ("value" in count) return { value: { text, unit: "records", amount: count.value as number } };
  return { expected: "a count such as 1000, or a percentage from 0% to 100%" };
}

const words: Readonly<Record<string, string>> = { tab: "\t", comma: ",", semicolon: ";", pipe: "|", space: " " };

function readCharacter(text: string): Reading {
  const character = Object.hasOwn(words, text) ? words[text] : text;
  // Line ends are impossible, and letters, digits and NUL are never used as such in a CSV file.
  if (character !== undefined && /^[\t -~]$/.test(character) && !/[A-Za-z0-9]/.test(character)) {
    return { value: character };
  }
  return {
    expected: `one ASCII character that is not a letter, digit or line end, or one of ${Object.keys(words).join(", ")}`,
  };
}

function readColumns(text: string): Reading {
  const columns = text.split(",").map((name) => name.trim());
  if (columns.every((name) => name !== "") && new Set(columns).size === columns.length) return { value: columns };
  return { expected: "different column names, comma-separated" };
}
