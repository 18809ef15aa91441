/** Line width of the documentation. Unbreakable text, such as a long ARN or address, may exceed it. */
const maxColumns = 120;

/** A list item: a name and its meaning, in lines of at most 120 columns. */
export function item(name: string, text: string): string {
  return `${wrapped(`- ${name}: ${text}`, "  ")}\n`;
}

/** Text in lines of at most 120 columns, all but the first indented. Text in backticks is kept on one line. */
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
