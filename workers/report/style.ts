import { type ColourRole, colours } from "./colours.ts";

/** The style sheet of the page. It uses system fonts, because the page loads nothing. */
export const style = `
:root { color-scheme: light dark; ${variables(colours.light)} }
@media screen and (prefers-color-scheme: dark) { :root { ${variables(colours.dark)} } }
*, ::before, ::after { box-sizing: border-box; }
body {
  margin: 0; background: var(--page); color: var(--text);
  font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
  font-variant-numeric: tabular-nums; -webkit-text-size-adjust: 100%; overflow-wrap: anywhere;
}
[hidden] { display: none !important; }
header, main, footer { max-width: 76rem; margin: 0 auto; padding: 0 1.5rem; }
header { padding-top: 2.5rem; }
footer { padding-top: 1.5rem; padding-bottom: 3rem; color: var(--quiet); font-size: .875rem; }
h1, h2, p, dl, dd, table, form { margin: 0; }
h1 { font-size: 1.875rem; line-height: 1.2; font-weight: 650; letter-spacing: -.015em; }
h2 { font-size: 1.1875rem; line-height: 1.3; font-weight: 650; }
a { color: var(--accent); text-underline-offset: .15em; }
a:hover { text-decoration-thickness: 2px; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; border-radius: 4px; }
code { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; font-size: .9em; }
.skip { position: absolute; left: 1rem; top: -10rem; padding: .5rem .875rem; background: var(--surface); border-radius: 4px; }
.skip:focus { top: .75rem; z-index: 1; }
.note { color: var(--quiet); font-style: italic; }
.quiet { color: var(--quiet); font-size: .875rem; }
.eyebrow { color: var(--quiet); font-size: .875rem; margin-bottom: .375rem; }
.mark {
  font: 600 .6875rem/1 ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace;
  color: var(--mark); background: var(--mark-surface); border: 1px solid currentColor; border-radius: 3px;
  padding: 0 .2em; margin: 0 .125em; text-decoration: none; white-space: nowrap; unicode-bidi: isolate;
}
.verdict { display: flex; flex-wrap: wrap; align-items: center; gap: .625rem 1rem; margin-top: 1.125rem; }
.badge {
  display: inline-flex; align-items: center; gap: .5rem; padding: .25rem .875rem .25rem .625rem; border-radius: 99px;
  font-weight: 650; border: 1px solid currentColor;
}
.badge svg { width: 1.125rem; height: 1.125rem; fill: none; stroke: currentColor; stroke-width: 2.25; stroke-linecap: round; stroke-linejoin: round; }
.accepted { color: var(--valid); background: var(--valid-surface); }
.rejected { color: var(--rejected); background: var(--rejected-surface); }
.reason { flex: 1 1 22rem; min-width: 0; font-size: 1.0625rem; }
section { margin-top: 1.5rem; background: var(--surface); border: 1px solid var(--line); border-radius: 10px; }
section > h2 { padding: 0 1.5rem; }
section > h2 { padding-top: 1.25rem; }
.numbers { display: grid; grid-template-columns: repeat(4, 1fr); padding: 1.25rem 0 1rem; }
.numbers > div { padding: 0 1.5rem; min-width: 0; }
.numbers > div + div { border-left: 1px solid var(--line); }
.numbers dt { color: var(--quiet); font-size: .875rem; }
.numbers dd { font-size: 1.75rem; line-height: 1.25; font-weight: 600; letter-spacing: -.01em; overflow-wrap: normal; }
.numbers dd.quiet { font-size: .875rem; line-height: 1.5; font-weight: 400; letter-spacing: 0; overflow-wrap: anywhere; }
.numbers .quiet > span { white-space: nowrap; }
.numbers .is-valid { color: var(--valid); }
.numbers .is-rejected { color: var(--rejected); }
svg.split { display: block; width: calc(100% - 3rem); height: .375rem; margin: 0 1.5rem 1.375rem; border-radius: 4px; }
svg.split .good { fill: var(--valid); }
svg.split .bad { fill: var(--rejected); }
.facts { display: grid; grid-template-columns: repeat(auto-fill, minmax(17rem, 1fr)); gap: 1rem 2rem; padding: 1rem 1.5rem 1.375rem; }
.facts > div { min-width: 0; }
.facts .wide { grid-column: 1 / -1; }
.facts dt { color: var(--quiet); font-size: .875rem; }
.facts dd { font-size: .9375rem; }
.scroll { overflow-x: auto; margin-top: .875rem; border-radius: 0 0 10px 10px; }
table { width: 100%; border-collapse: collapse; font-size: .9063rem; }
caption { text-align: left; padding: 0 1.5rem .625rem; color: var(--quiet); font-size: .9375rem; }
caption span { position: sticky; left: 1.5rem; display: inline-block; max-width: calc(100vw - 4rem); }
th, td { text-align: left; vertical-align: top; padding: .5rem .75rem; border-top: 1px solid var(--line); font-weight: 400; }
th:first-child, td:first-child { padding-left: 1.5rem; }
th:last-child, td:last-child { padding-right: 1.5rem; }
thead th { color: var(--quiet); font-size: .8125rem; font-weight: 600; white-space: nowrap; vertical-align: bottom; }
tbody th { font-weight: 600; }
.number { text-align: right; white-space: nowrap; overflow-wrap: normal; }
.name { min-width: 10.5rem; }
.rule { min-width: 7rem; }
.place { min-width: 7.5rem; }
.words { min-width: 10rem; }
.long { min-width: 13rem; }
.found { white-space: pre-wrap; }
tbody tr:hover { background: var(--page); }
tbody tr { scroll-margin-top: 4rem; }
tbody tr:target { background: var(--mark-surface); }
tbody tr:target .note { color: var(--text); }
.share { width: 13rem; min-width: 11rem; white-space: nowrap; }
.share svg { width: 6.5rem; height: .5rem; margin-right: .625rem; border-radius: 4px; vertical-align: .06em; }
.share .track { fill: var(--track); }
.share .fill { fill: var(--accent); }
button, select {
  font: inherit; color: var(--text); background: var(--surface); border: 1px solid var(--quiet); border-radius: 6px;
  padding: .3125rem .625rem; max-width: 100%; min-height: 2.25rem;
}
button { cursor: pointer; }
button:hover, select:hover { border-color: var(--accent); }
thead button { all: unset; cursor: pointer; display: inline-flex; gap: .3em; padding: .375rem 0; margin: -.375rem 0; }
thead button:hover { color: var(--text); }
thead button:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; border-radius: 3px; }
thead button::after { content: "\\2195"; }
[aria-sort="ascending"] button::after { content: "\\2191"; }
[aria-sort="descending"] button::after { content: "\\2193"; }
[aria-sort] button { color: var(--text); }
.filter { display: flex; flex-wrap: wrap; align-items: center; gap: .625rem 1rem; padding: .875rem 1.5rem 0; font-size: .9063rem; }
.filter div { display: inline-flex; align-items: center; gap: .5rem; min-width: 0; max-width: 100%; }
.filter label { color: var(--quiet); }
.filter select { min-width: 0; max-width: 16rem; text-overflow: ellipsis; }
.filter output { color: var(--quiet); }
details { padding: 1rem 1.5rem; }
summary { cursor: pointer; font-weight: 650; }
details ol { columns: 15rem; column-gap: 2rem; margin: .75rem 0 .25rem; padding-left: 2.5rem; font-size: .9063rem; }
details li { padding: .125rem 0; break-inside: avoid; }
.none { padding: .5rem 1.5rem 1.25rem; }
.help { padding: .875rem 1.5rem 1.25rem; border-top: 1px solid var(--line); color: var(--quiet); font-size: .875rem; }
@media (max-width: 46rem) {
  header, main, footer { padding-left: 1rem; padding-right: 1rem; }
  header { padding-top: 1.5rem; }
  h1 { font-size: 1.5rem; }
  .reason { flex-basis: 100%; }
  .numbers { grid-template-columns: 1fr 1fr; gap: 1rem 0; }
  .numbers > div { padding: 0 1rem; }
  .numbers > div:nth-child(3) { border-left: 0; }
  .numbers dd { font-size: 1.375rem; }
  section > h2, caption, .facts, .filter, .help, .none, details { padding-left: 1rem; padding-right: 1rem; }
  caption span { left: 1rem; }
  svg.split { width: calc(100% - 2rem); margin-left: 1rem; margin-right: 1rem; }
  th:first-child, td:first-child { padding-left: 1rem; }
  th:last-child, td:last-child { padding-right: 1rem; }
  .filter div { width: 100%; }
  .filter label { width: 4rem; flex: none; }
  .filter select { flex: 1; max-width: none; }
}
@media print {
  @page { margin: 1.5cm; }
  body { background: none; font-size: 9.5pt; }
  header, main, footer { max-width: none; padding-left: 0; padding-right: 0; }
  header { padding-top: 0; }
  .skip, .filter { display: none; }
  section { break-inside: auto; margin-top: 1rem; }
  section > h2, caption { break-after: avoid; }
  .scroll { overflow: visible; }
  caption span { max-width: none; }
  table, thead th { font-size: 8pt; }
  .numbers { grid-template-columns: repeat(4, 1fr); }
  .numbers > div:nth-child(3) { border-left: 1px solid var(--line); }
  .numbers dd { font-size: 14pt; }
  .mark { font-size: 6.5pt; }
  th, td { padding: .25rem .375rem; }
  thead { display: table-header-group; }
  tr { break-inside: avoid; }
  .name, .rule, .place, .words, .long, .share { min-width: 0; width: auto; }
  .share svg { display: none; }
  thead button::after, [aria-sort] button::after { content: none; }
  svg, .mark, .badge { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
@media (forced-colors: active) {
  svg.split .good, .share .track { fill: Canvas; stroke: CanvasText; }
  svg.split .bad, .share .fill { fill: Highlight; }
}
`;

function variables(palette: Readonly<Record<ColourRole, string>>): string {
  const declarations = Object.entries(palette).map(([role, colour]) => `--${kebab(role)}: ${colour};`);
  return declarations.join(" ");
}

function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
