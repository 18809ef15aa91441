import { grouped } from "../../src/shared/text.ts";
import type { ErrorSample, Report } from "../model/report.ts";
import { html, type Markup } from "./html.ts";
import { counted } from "./numbers.ts";
import { columnName, columnNamePlainly, shown, shownFound, shownPlainly } from "./shown.ts";

/** The first errors, each with its position in the file and what was found there. */
export function samplesSection(report: Report): Markup | string {
  if (report.samples.length === 0) return "";
  const samples = report.samples.slice(0, maxShownSamples);
  const columns = numbered(samples.map(({ column }) => column));
  const rules = numbered(samples.map(({ rule }) => rule));
  return html`<section aria-labelledby="samples-title" id="samples">
<h2 id="samples-title">Where the errors are</h2>
${filterForm(columns, rules)}
<div class="scroll" role="region" aria-label="Samples of errors" tabindex="0">
<table>
<caption><span>${statement(report, samples.length)}</span></caption>
<thead><tr>
<th scope="col" class="number">Record</th>
<th scope="col" class="number">Line</th>
<th scope="col" class="number">Byte</th>
<th scope="col" class="number">Field</th>
<th scope="col" class="name">Column</th>
<th scope="col" class="rule">Rule</th>
<th scope="col" class="words">Expected</th>
<th scope="col" class="long">Found</th>
</tr></thead>
<tbody>
${samples.map((sample, position) => sampleRow(sample, position, columns, rules))}
</tbody>
</table>
</div>
<p class="help">Record numbers start at 1 and do not count the header. Line numbers start at 1 and include the header. Byte is the offset of the start of the record, from 0. A framed label such as <abbr class="mark" title="tab">TAB</abbr> or <abbr class="mark" title="space">·</abbr> marks an invisible character.</p>
</section>`;
}

/** The anchor of a sample on the page, from its position in the list of samples. */
export function sampleAnchor(position: number): string {
  return `sample-${position + 1}`;
}

/** More than anyone reads, and few enough for a browser to scroll smoothly. */
export const maxShownSamples = 1000;

function statement({ errors, samplesCut }: Report, shownSamples: number): string {
  if (samplesCut || shownSamples < errors) {
    return `The first ${grouped(shownSamples)} of ${counted(errors, "error")}, in the order of the file.`;
  }
  return errors === 1 ? "This is the only error." : `All ${grouped(errors)} errors, in the order of the file.`;
}

/** Each value once, in the order of its first occurrence, with its position and how often it occurs. */
type Numbered<Value> = ReadonlyMap<Value, { readonly position: number; count: number }>;

function numbered<Value>(values: readonly Value[]): Numbered<Value> {
  const numbers = new Map<Value, { readonly position: number; count: number }>();
  for (const value of values) {
    const known = numbers.get(value);
    if (known === undefined) numbers.set(value, { position: numbers.size, count: 1 });
    else known.count += 1;
  }
  return numbers;
}

/** Hidden until the script of the page enables it. Its values are positions, because names are data of the file. */
function filterForm(columns: Numbered<string | null>, rules: Numbered<string>): Markup {
  return html`<form class="filter" autocomplete="off" hidden>
<div><label for="filter-column">Column</label> <select name="column" id="filter-column"><option value="">All</option>${options(columns, columnNamePlainly)}</select></div>
<div><label for="filter-rule">Rule</label> <select name="rule" id="filter-rule"><option value="">All</option>${options(rules, shownPlainly)}</select></div>
<button type="reset">Show all</button>
<output aria-live="polite"></output>
</form>`;
}

function options<Value>(values: Numbered<Value>, nameOf: (value: Value) => string): readonly Markup[] {
  return [...values].map(
    ([value, { position, count }]) => html`<option value="${position}">${nameOf(value)} (${grouped(count)})</option>`,
  );
}

function sampleRow(
  sample: ErrorSample,
  position: number,
  columns: Numbered<string | null>,
  rules: Numbered<string>,
): Markup {
  const column = columns.get(sample.column)?.position ?? "";
  const rule = rules.get(sample.rule)?.position ?? "";
  return html`<tr id="${sampleAnchor(position)}" data-column="${column}" data-rule="${rule}">
<th scope="row" class="number">${grouped(sample.record)}</th>
<td class="number">${grouped(sample.line)}</td>
<td class="number">${grouped(sample.byte)}</td>
<td class="number">${sample.field === null ? "" : grouped(sample.field)}</td>
<td class="name">${columnName(sample.column)}</td>
<td><code>${shown(sample.rule)}</code></td>
<td class="words">${shown(sample.expected)}</td>
<td class="long">${shownFound(sample.found)}</td>
</tr>
`;
}
