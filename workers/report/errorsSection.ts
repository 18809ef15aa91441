import { grouped } from "../../src/shared/text.ts";
import type { ErrorCount, Report } from "../model/report.ts";
import { html, type Markup } from "./html.ts";
import { counted, percentage } from "./numbers.ts";
import { maxShownSamples, sampleAnchor } from "./samplesSection.ts";
import { columnName, shown } from "./shown.ts";

/** Every kind of error and how often it occurs, most frequent first. */
export function errorsSection(report: Report): Markup {
  if (report.byRule.length === 0) {
    return html`<section aria-labelledby="errors">
<h2 id="errors">Errors</h2>
<p class="none">No errors were found.</p>
</section>`;
  }
  const rows = report.byRule.slice(0, maxKinds);
  const examples = firstSamples(report);
  return html`<section aria-labelledby="errors">
<h2 id="errors">Errors by column and rule</h2>
<div class="scroll" role="region" aria-label="Errors by column and rule" tabindex="0">
<table data-sortable>
<caption><span>${statement(report)}</span></caption>
<thead><tr>
<th scope="col" class="name" data-sort="text">Column</th>
<th scope="col" class="rule" data-sort="text">Rule</th>
<th scope="col" class="words">Expected</th>
<th scope="col" class="number" data-sort="number" aria-sort="descending">Errors</th>
<th scope="col" class="share">Share</th>
<th scope="col" class="place">First in</th>
</tr></thead>
<tbody>
${rows.map((row) => errorRow(row, report, examples.get(kindOfError(row))))}
</tbody>
</table>
</div>
</section>`;
}

// A file with 10,000 columns can have as many kinds of errors.
const maxKinds = 500;

function statement({ errors, byRule }: Report): string {
  const kinds = byRule.length > maxKinds ? `The ${maxKinds} most frequent of ` : "";
  const rest = byRule.length > maxKinds ? "; report.json lists all of them" : "";
  return `${kinds}${counted(byRule.length, "kind")}, ${counted(errors, "error")} in total${rest}. A record can have several errors.`;
}

interface Example {
  readonly anchor: string;
  readonly record: number;
}

/** The first sample of each kind that the page shows. */
function firstSamples({ samples }: Report): ReadonlyMap<string, Example> {
  const examples = new Map<string, Example>();
  for (const [position, sample] of samples.slice(0, maxShownSamples).entries()) {
    const kind = kindOfError(sample);
    if (!examples.has(kind)) examples.set(kind, { anchor: sampleAnchor(position), record: sample.record });
  }
  return examples;
}

/**
 * What errors of one kind have in common, as a key. Columns and rules come from the data, so no separator would be
 * safe.
 */
function kindOfError({ column, rule, expected }: KindOfError): string {
  return JSON.stringify([column, rule, expected]);
}

interface KindOfError {
  readonly column: string | null;
  readonly rule: string;
  readonly expected: string;
}

function errorRow(row: ErrorCount, { errors }: Report, example: Example | undefined): Markup {
  return html`<tr>
<th scope="row" class="name">${columnName(row.column)}</th>
<td><code>${shown(row.rule)}</code></td>
<td class="words">${shown(row.expected)}</td>
<td class="number" data-value="${row.count}">${grouped(row.count)}</td>
<td class="share">${bar(row.count / errors)}${percentage(row.count, errors) ?? ""}</td>
<td>${example === undefined ? html`<span class="note">no sample</span>` : html`<a href="#${example.anchor}">record ${grouped(example.record)}</a>`}</td>
</tr>
`;
}

function bar(share: number): Markup {
  const width = Number(Math.max(1, Math.min(1, share) * 100).toFixed(1));
  return html`<svg viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true"><rect class="track" width="100" height="8"/><rect class="fill" width="${width}" height="8"/></svg>`;
}
