import type { ConfigSource, Place } from "../model/configSource.ts";
import { isObject } from "../model/json.ts";
import type { Problem } from "../model/problem.ts";
import { pointerTo } from "../shared/pointer.ts";

/**
 * Texts of a config, keys too, that cannot reach AWS as they are. Half of a surrogate pair is no character, so that no file
 * can hold it; Terragrunt writes backspace and form feed in a way that Terraform cannot read; no argument or variable of a
 * program can hold a NUL; and the other control characters have no use in any name or value.
 */
export function characterProblems(source: ConfigSource): readonly Problem[] {
  const problems: Problem[] = [];
  const look = (text: string, pointer: string, place: (pointer: string) => Place) => {
    const found = unwritable.exec(text)?.[0];
    if (found === undefined) return;
    const expected = /\p{Cs}/u.test(found)
      ? "whole characters, not half of a surrogate pair"
      : "text without control characters other than tab and line breaks";
    problems.push({ rule: "config-characters", severity: "error", ...place(pointer), pointer, found: text, expected });
  };
  const walk = (value: unknown, pointer: string): void => {
    if (typeof value === "string") look(value, pointer, source.locate);
    else if (Array.isArray(value)) for (const [index, item] of value.entries()) walk(item, pointerTo(pointer, index));
    else if (isObject(value)) {
      for (const [key, item] of Object.entries(value)) {
        look(key, pointerTo(pointer, key), source.locateKey);
        walk(item, pointerTo(pointer, key));
      }
    }
  };
  walk(source.value, "");
  return problems;
}

const unwritable = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]|\p{Cs}/u;
