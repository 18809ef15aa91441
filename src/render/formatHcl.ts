/**
 * Aligns the `=` of neighbouring attributes as `terraform fmt` does. Templates are already indented and spaced; only
 * alignment depends on values, so only alignment is done here. A test compares the result with the real formatter.
 */
export function alignEquals(text: string): string {
  const lines = text.split("\n");
  const output: string[] = [];
  let run: Attribute[] = [];
  let heredoc: string | undefined;
  const flush = () => {
    const width = Math.max(0, ...run.map(({ key }) => [...key].length));
    for (const { indent, key, value } of run)
      output.push(`${indent}${key.padEnd(width + key.length - [...key].length)} = ${value}`);
    run = [];
  };
  for (const line of lines) {
    if (heredoc !== undefined) {
      output.push(line);
      if (line.trim() === heredoc) heredoc = undefined;
      continue;
    }
    const attribute = readAttribute(line);
    heredoc = /<<-?([A-Za-z_]\w*)$/.exec(line)?.[1];
    if (attribute === undefined || opensMore(attribute.value)) {
      if (attribute && heredoc !== undefined) {
        run.push(attribute);
        flush();
        continue;
      }
      flush();
      output.push(attribute ? `${attribute.indent}${attribute.key} = ${attribute.value}` : line);
    } else {
      run.push(attribute);
    }
  }
  flush();
  return output.join("\n");
}

interface Attribute {
  readonly indent: string;
  readonly key: string;
  readonly value: string;
}

function readAttribute(line: string): Attribute | undefined {
  const match = /^( *)([A-Za-z_][\w-]*|"(?:[^"\\]|\\.)*"|\([^=]*\)) *=(?![=>]) *(\S.*)$/.exec(line);
  if (match?.[1] === undefined || match[2] === undefined || match[3] === undefined) return undefined;
  return { indent: match[1], key: match[2], value: match[3] };
}

/** True when the value continues on the next line. */
function opensMore(value: string): boolean {
  const bare = value.replace(/"(?:[^"\\]|\\.)*"/g, '""');
  return /<<-?\w+$/.test(bare) || count(bare, /[([{]/g) !== count(bare, /[)\]}]/g);
}

function count(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0;
}
