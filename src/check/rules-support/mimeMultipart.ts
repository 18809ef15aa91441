/** What is wrong in a script or MIME document, and in which line (1-based). */
export interface LineMistake {
  readonly line: number;
  readonly found: string;
  readonly expected: string;
  readonly hint: string;
}

interface Headers {
  /** Values by name in lower case, each with its 1-based line. */
  readonly values: ReadonlyMap<string, { readonly text: string; readonly line: number }>;
  /** Index of the first line after the blank one that ends them. */
  readonly end: number;
  readonly mistakes: readonly LineMistake[];
}

/** Whether the text starts like a MIME message, as user data does that was written for a launch template by hand. */
export function looksLikeMime([first = ""]: readonly string[]): boolean {
  return /^(?:mime-version|content-type)\s{0,8}:/i.test(first);
}

/** What cloud-init would fail on in a MIME multi-part document. */
export function mimeMistakes(lines: readonly string[]): readonly LineMistake[] {
  const headers = readHeaders(lines, 0);
  const boundary = boundaryOf(headers.values.get("content-type")?.text ?? "");
  const mistakes = [...headers.mistakes, ...topMistakes(headers, lines[0] ?? "")];
  return boundary === undefined ? mistakes : [...mistakes, ...partMistakes(lines, headers.end, boundary)];
}

function topMistakes({ values }: Headers, first: string): LineMistake[] {
  const mistakes: LineMistake[] = [];
  const version = values.get("mime-version");
  if (version?.text !== "1.0") {
    mistakes.push({
      line: version?.line ?? 1,
      found: version?.text ?? first,
      expected: "the header MIME-Version: 1.0",
      hint: "start the document with MIME-Version: 1.0",
    });
  }
  const type = values.get("content-type");
  if (type === undefined || !/^multipart\//i.test(type.text) || boundaryOf(type.text) === undefined) {
    mistakes.push({
      line: type?.line ?? 1,
      found: type?.text ?? first,
      expected: "the header Content-Type: multipart/mixed with a boundary",
      hint: 'write Content-Type: multipart/mixed; boundary="==PART=="',
    });
  }
  return mistakes;
}

function partMistakes(lines: readonly string[], from: number, boundary: string): LineMistake[] {
  const [opening, closing] = [`--${boundary}`, `--${boundary}--`];
  const isEdge = (line: string) => line === opening || line === closing;
  const trimmed = lines.map((line) => line.trimEnd());
  const starts = trimmed.flatMap((line, index) => (index >= from && line === opening ? [index] : []));
  const mistakes = starts.flatMap((start) => {
    const next = trimmed.findIndex((line, index) => index > start && isEdge(line));
    return onePart(trimmed.slice(0, next === -1 ? undefined : next), start + 1);
  });
  if (starts.length === 0) {
    const other = trimmed.findIndex((line, index) => index >= from && line.startsWith("--"));
    const line = other === -1 ? Math.max(from, 1) : other + 1;
    const hint = "the line before each part is -- followed by exactly the boundary of the header";
    return [{ line, found: lines[line - 1] ?? "", expected: `a line ${opening} before each part`, hint }];
  }
  if (!trimmed.includes(closing)) {
    const line = lastWritten(trimmed);
    const hint = "end the document with the boundary between -- and --";
    mistakes.push({ line, found: lines[line - 1] ?? "", expected: `the line ${closing} at the end`, hint });
  }
  return mistakes;
}

const contentTypes = [
  "text/x-shellscript",
  "text/x-shellscript-per-boot",
  "text/x-shellscript-per-instance",
  "text/x-shellscript-per-once",
  "text/cloud-config",
  "text/cloud-config-archive",
  "text/cloud-config-jsonp",
  "text/cloud-boothook",
  "text/jinja2",
  "text/part-handler",
  "text/x-include-url",
  "text/x-include-once-url",
];

/** One part: `lines` up to its end, `from` the index of its first header. */
function onePart(lines: readonly string[], from: number): LineMistake[] {
  const { values, end, mistakes } = readHeaders(lines, from);
  const type = values.get("content-type");
  const name = type?.text.split(";")[0]?.trim().toLowerCase() ?? "";
  if (!contentTypes.includes(name)) {
    const expected = "a content type that cloud-init supports, such as text/x-shellscript or text/cloud-config";
    const hint = "a shell script has Content-Type: text/x-shellscript";
    return [...mistakes, { line: type?.line ?? from + 1, found: type?.text ?? lines[from] ?? "", expected, hint }];
  }
  const content = lines[end] ?? "";
  if (mistakes.length > 0 || !name.startsWith("text/x-shellscript") || content.startsWith("#!")) return [...mistakes];
  const hint = "put #!/bin/bash right below the blank line, without spaces before it";
  return [
    { line: Math.min(end, lines.length - 1) + 1, found: content, expected: "a script that starts with #!", hint },
  ];
}

/** Reads header lines up to the blank one; a line that is not a header ends them too, and is a mistake. */
function readHeaders(lines: readonly string[], from: number): Headers {
  const values = new Map<string, { text: string; line: number }>();
  let last: string | undefined;
  let index = from;
  for (; index < lines.length && lines[index]?.trim() !== ""; index += 1) {
    const line = lines[index] as string; // within the loop's bounds
    const colon = line.indexOf(":");
    const known = last === undefined ? undefined : values.get(last);
    if (/^[ \t]/.test(line) && last !== undefined && known) {
      values.set(last, { ...known, text: `${known.text} ${line.trim()}` });
    } else if (/^[A-Za-z-]{1,40}\s{0,8}:/.test(line)) {
      last = line.slice(0, colon).trim().toLowerCase();
      values.set(last, { text: line.slice(colon + 1).trim(), line: index + 1 });
    } else {
      const hint = "headers end with a blank line: add one above this line";
      const expected = "a blank line between the headers and what follows";
      return { values, end: index, mistakes: [{ line: index + 1, found: line, expected, hint }] };
    }
  }
  return { values, end: index + 1, mistakes: [] };
}

function boundaryOf(contentType: string): string | undefined {
  const at = contentType.toLowerCase().indexOf("boundary=");
  if (at === -1) return undefined;
  const rest = contentType.slice(at + "boundary=".length);
  const value = rest.startsWith('"') ? rest.slice(1).split('"')[0] : rest.split(/[;\s]/)[0];
  return value === "" ? undefined : value;
}

function lastWritten(lines: readonly string[]): number {
  return lines.findLastIndex((line) => line !== "") + 1;
}
