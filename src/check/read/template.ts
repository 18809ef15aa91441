import { tokenAt } from "../../model/text/tokenAt.ts";
import { endOfBraces, readInterpolation } from "./interpolation.ts";
import { type Reading, Stop } from "./reading.ts";

/** Moves behind the `${…}` under the cursor; reports it when it is not a placeholder, or one without its brace. */
export function takePlaceholder(reading: Reading): { name: string; encoded: boolean } | undefined {
  const at = reading.at;
  const token = { found: tokenAt(reading.text, at) };
  const found = readInterpolation(reading.text, at);
  if (found.kind === "endless") {
    const mistake = { expected: "a } that ends the placeholder", hint: literally(reading, "$") };
    reading.stop(at, { rule: "placeholder-unclosed", ...token, ...mistake });
  }
  reading.at = found.end;
  if (found.kind === "placeholder") return found;
  if (found.kind === "unclosed") {
    const mistake = { expected: "a } after the name", hint: `write \${${found.name}}` };
    const written = reading.text.slice(at, Math.min(found.end, at + 200));
    reading.report(at, { rule: "placeholder-unclosed", found: written, ...mistake });
    return { name: found.name, encoded: false };
  }
  const hint = `compute the value in Terragrunt and name it; ${literally(reading, "$")}`;
  reading.report(at, { rule: "placeholder-expression", ...token, expected: "only a name between ${ and }", hint });
  return undefined;
}

/** Reports the `%{…}` under the cursor and moves behind it. */
export function skipDirective(reading: Reading): void {
  const at = reading.at;
  const end = endOfBraces(reading.text, at);
  const mistake = { expected: "no template directive", hint: literally(reading, "%") };
  reading.report(at, { rule: "placeholder-directive", found: tokenAt(reading.text, at), ...mistake });
  if (end === undefined) throw new Stop();
  reading.at = end;
}

/** Reports text that is meant as text, and that Terraform would evaluate in its second evaluation. */
export function reportEvaluated(reading: Reading, at: number): void {
  const found = tokenAt(reading.text, at) ?? "";
  const sign = found.startsWith("%") ? "%" : "$";
  const right = /^[$%].*\}$/.test(found) ? sign + found : escaped(reading, sign);
  const expected = `${escaped(reading, sign)} for a literal ${sign}{, because Terraform evaluates this text twice`;
  reading.report(at, { rule: "template-escape", found, expected, hint: `write ${right}` });
}

export function literally(reading: Reading, sign: string): string {
  return `a literal ${sign}{ is written ${escaped(reading, sign)} inside quotes`;
}

/** Each evaluation removes one sign. */
function escaped(reading: Reading, sign: string): string {
  return `${sign.repeat(reading.evaluations + 1)}{`;
}
