/** Columns of the documentation. What cannot be broken, such as a long ARN or address, may be longer. */
const maxColumns = 120;

/** An entry of a list: a name and what it means, in lines of at most 120 columns. */
export function item(name: string, text: string): string {
  return `${wrapped(`- ${name}: ${text}`, "  ")}\n`;
}

/** Text in lines of at most 120 columns, those after the first with an indent. Text in backticks is kept on one line. */
export function wrapped(text: string, indent = ""): string {
  const words = text.match(/(?:`[^`]*`|[^\s`])+/g) ?? [];
  const lines: string[] = [];
  let line = "";
  for (const word of words) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (line.trim() !== "" && longer.length > maxColumns) {
      lines.push(line);
      line = `${indent}${word}`;
    } else line = longer;
  }
  return [...lines, line].join("\n");
}

export function code(text: string): string {
  return text === "" ? "" : `\`${text}\``;
}
