/** The token at an offset, short enough for a message: a template, a string, a word or a character. Undefined at the end. */
export function tokenAt(text: string, at: number): string | undefined {
  tokens.lastIndex = at;
  return tokens.exec(text)?.[0];
}

const tokens =
  /(?:[$%]{1,9}|\\u[0-9a-fA-F]{4})\{[^}\r\n]{0,60}\}?|"(?:[^"\\\r\n]|\\.){0,60}"?|[\w.+-]{1,60}|\/[/*]|[\s\S]/uy;
