/** Text as inline code: the fence is longer than any run of backticks inside, and line breaks cannot end it. */
export function codeSpan(text: string): string {
  const flat = text.replaceAll(/[\r\n\u2028\u2029]+/g, " ").replaceAll("|", "\\|");
  const longest = Math.max(0, ...(flat.match(/`+/g) ?? []).map((run) => run.length));
  const fence = "`".repeat(longest + 1);
  const pad = flat.startsWith("`") || flat.endsWith("`") ? " " : "";
  return `${fence}${pad}${flat}${pad}${fence}`;
}

/** Text as words: nothing in it is markup, and it stays on its line and in its table cell. */
export function prose(text: string): string {
  return text.replaceAll(/[\r\n\u2028\u2029]+/g, " ").replaceAll(/[\\`*_{}[\]<>#|~!]/g, "\\$&");
}
