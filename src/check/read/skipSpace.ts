import { tokenAt } from "../../model/text/tokenAt.ts";
import { type Reading, Stop } from "./reading.ts";
import { skipDirective } from "./template.ts";

/** Moves over white space. Comments are reported and skipped; a directive is reported and ends the reading. */
export function skipSpace(reading: Reading): void {
  for (;;) {
    reading.take(space);
    const at = reading.at;
    if (!"/#%".includes(reading.text.charAt(at)) || at === reading.text.length) return;
    const token = tokenAt(reading.text, at);
    if (token === "//" || token === "#") {
      reportComment(reading, token);
      reading.take(restOfLine);
    } else if (token === "/*") {
      reportComment(reading, token);
      const end = reading.text.indexOf("*/", at + 2);
      if (end === -1) throw new Stop();
      reading.at = end + 2;
    } else if (token?.startsWith("%{")) {
      skipDirective(reading);
      throw new Stop(); // what the directive leaves of the text is not known, so the rest would be guesses
    } else {
      return;
    }
  }
}

const space = /[ \t\r\n]*/y;
const restOfLine = /[^\n]*/y;

function reportComment(reading: Reading, found: string): void {
  reading.report(reading.at, {
    rule: "json-syntax",
    found,
    expected: "no comment",
    hint: "JSON has no comments; remove it",
  });
}
