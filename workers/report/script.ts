/**
 * Sorts and filters the tables; without scripts only these are missing. It reads numbers from attributes and moves
 * rows; text of the report is never parsed as markup. A string and not a function: compilers translate a function
 * differently, which would change its hash and the page.
 */
export const script = `
"use strict";
{
  for (const table of document.querySelectorAll("table[data-sortable]")) makeSortable(table);
  const filter = document.querySelector("form.filter");
  if (filter !== null) makeFilter(filter, document.querySelector("#samples tbody"));

  function makeSortable(table) {
    const headers = [...table.tHead.rows[0].cells];
    headers.forEach((header, column) => {
      const kind = header.dataset.sort;
      if (kind === undefined) return;
      const button = document.createElement("button");
      button.type = "button";
      button.append(...header.childNodes);
      header.append(button);
      button.addEventListener("click", () => {
        const first = kind === "number" ? "descending" : "ascending";
        const second = kind === "number" ? "ascending" : "descending";
        const direction = header.getAttribute("aria-sort") === first ? second : first;
        for (const other of headers) other.removeAttribute("aria-sort");
        header.setAttribute("aria-sort", direction);
        sort(table.tBodies[0], column, kind, direction);
      });
    });
  }

  function sort(body, column, kind, direction) {
    const keyOf = (cell) => (kind === "number" ? Number(cell.dataset.value) : cell.textContent);
    const keyed = [...body.rows].map((row) => ({ row, key: keyOf(row.cells[column]) }));
    const sign = direction === "ascending" ? 1 : -1;
    keyed.sort((a, b) => (a.key === b.key ? 0 : a.key < b.key ? -sign : sign));
    body.append(...keyed.map(({ row }) => row));
  }

  function makeFilter(form, body) {
    const rows = [...body.rows];
    const { column, rule } = form.elements;
    const count = form.querySelector("output");
    const grouped = (number) => String(number).replace(/\\B(?=(?:\\d{3})+$)/g, ",");
    const apply = () => {
      let shown = 0;
      for (const row of rows) {
        const fits = (select, value) => select.value === "" || select.value === value;
        row.hidden = !(fits(column, row.dataset.column) && fits(rule, row.dataset.rule));
        if (!row.hidden) shown += 1;
      }
      count.textContent = grouped(shown) + " of " + grouped(rows.length) + " shown";
    };
    // Before the browser follows the link: it does not scroll to a hidden row.
    const reveal = (event) => {
      const link = event.target.closest('a[href^="#sample-"]');
      if (link === null || !document.querySelector(link.hash).hidden) return;
      column.value = "";
      rule.value = "";
      apply();
    };
    form.addEventListener("change", apply);
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("reset", () => setTimeout(apply));
    document.addEventListener("click", reveal);
    form.hidden = false;
    apply();
  }
}
`;
