import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Report } from "../../../workers/model/report.ts";
import { renderReportHtml } from "../../../workers/report/reportHtml.ts";
import { acceptedReport, reportWith, sampleReport } from "../../workers/report/sampleReport.ts";
import { chromium, openBrowser } from "../parts/chromium.ts";
import { present, reasonsToSkip } from "../parts/part.ts";
import { repositoryRoot } from "../parts/paths.ts";

const part = await chromium();
const reasons = reasonsToSkip({ chromium: part });

interface Opened {
  readonly page: Page;
  /** What went wrong, was refused or was asked for besides the page itself. */
  readonly complaints: readonly string[];
}

const hostile = [
  "<script>window.__pwned = true</script>",
  "<img src=x onerror='window.__pwned = true'>",
  '" onfocus="window.__pwned = true" autofocus tabindex="1',
  "' onfocus='window.__pwned = true' autofocus",
  "</title></style></script><svg onload=window.__pwned=true>",
  "javascript:window.__pwned=true",
  "\u202egnp.exe\0\ud800",
  `</textarea><iframe src="https://elsewhere.example/">`,
];

describe.skipIf(reasons.length > 0)(`the page of a report in a browser ${reasons.join("; ")}`, () => {
  let folder: string;
  let browser: Browser;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "gen-batch-config-report-"));
    browser = await openBrowser(present(part));
  });

  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true });
  });

  async function withPage(
    report: Report,
    options: BrowserContextOptions,
    work: (opened: Opened) => Promise<void>,
  ): Promise<void> {
    const path = join(folder, "report.html");
    writeFileSync(path, renderReportHtml(report));
    const address = pathToFileURL(path).href;
    const context = await browser.newContext(options);
    context.setDefaultTimeout(10_000);
    const complaints: string[] = [];
    try {
      const page = await context.newPage();
      // The browser tells of what the policy refused on the console.
      page.on("console", (message) => complaints.push(message.text()));
      page.on("pageerror", (error) => complaints.push(error.message));
      page.on("dialog", (dialog) => void dialog.dismiss().then(() => complaints.push("a dialog")));
      context.on("request", (request) => {
        if (request.url() !== address) complaints.push(`asked for ${request.url()}`);
      });
      await page.goto(address);
      await work({ page, complaints });
    } finally {
      await context.close();
    }
  }

  const wide = { viewport: { width: 1280, height: 900 } };
  const narrow = { viewport: { width: 360, height: 740 } };

  test("it opens without a complaint, asks for nothing else, and shows the counts and the errors", async () => {
    await withPage(sampleReport, wide, async ({ page, complaints }) => {
      expect(await page.title()).toBe("orders-2026-03-04.csv.gz: rejected");
      expect(await page.locator("h1").innerText()).toBe("orders-2026-03-04.csv.gz");
      expect(await page.locator(".numbers").innerText()).toMatch(/1,000,000[\s\S]*998,766[\s\S]*1,234[\s\S]*1,285/);
      expect(await firstColumn(page)).toEqual([
        "amount",
        "ordered_at",
        "country",
        "order_id",
        "customer_email",
        "quantity",
        "(whole record)",
        "note",
      ]);
      expect(await page.getByRole("table").count()).toBe(2);
      expect(complaints).toEqual([]);
    });
  });

  test("the policy refuses what was not there when the page was made", async () => {
    await withPage(sampleReport, wide, async ({ page, complaints }) => {
      await page.evaluate(`
        document.body.insertAdjacentHTML("beforeend", "<img src=x onerror='window.__pwned = true'><p style='color: red'>");
        const added = document.createElement("script");
        added.textContent = "window.__pwned = true";
        document.body.append(added);
      `);
      expect(await page.evaluate("window.__pwned")).toBe(undefined);
      const refused = (what: RegExp) => complaints.some((complaint) => what.test(complaint));
      await expect
        .poll(() => [refused(/img-src|image/), refused(/style/), refused(/script/)])
        .toEqual([true, true, true]);
    });
  });

  test("the keyboard reaches everything; Enter sorts", async () => {
    await withPage(sampleReport, wide, async ({ page }) => {
      await page.keyboard.press("Tab");
      expect(await focused(page)).toBe("Skip to the findings");
      const ring = await page.evaluate("getComputedStyle(document.activeElement).outlineStyle");
      expect(ring).toBe("solid");
      await page.keyboard.press("Enter");
      expect(await page.evaluate("document.activeElement.id")).toBe("main");
      expect(await tabUntil(page, "Column")).toBe(true);
      await page.keyboard.press("Enter");
      expect(await firstColumn(page)).toEqual([
        "(whole record)",
        "amount",
        "country",
        "customer_email",
        "note",
        "order_id",
        "ordered_at",
        "quantity",
      ]);
      expect(await sortOf(page, "Column")).toBe("ascending");
      expect(await sortOf(page, "Errors")).toBe(null);
      await page.keyboard.press("Space");
      expect((await firstColumn(page))[0]).toBe("quantity");
      expect(await tabUntil(page, "Errors")).toBe(true);
      await page.keyboard.press("Enter");
      expect((await firstColumn(page))[0]).toBe("amount");
      await page.keyboard.press("Enter");
      expect((await firstColumn(page))[0]).toBe("note");
      expect(await sortOf(page, "Errors")).toBe("ascending");
    });
  });

  test("samples are filtered by the keyboard, and the count is announced", async () => {
    await withPage(sampleReport, wide, async ({ page, complaints }) => {
      const count = page.locator("output");
      expect(await count.innerText()).toBe("100 of 100 shown");
      expect(await count.getAttribute("aria-live")).toBe("polite");
      await page.getByLabel("Column", { exact: true }).focus();
      // Typing in a list chooses by the beginning of the name.
      await page.keyboard.type("country");
      await expect.poll(() => count.innerText()).toMatch(/^1\d of 100 shown$/);
      const rows = page.locator("#samples tbody tr:visible");
      expect(new Set(await rows.locator("td.name").allInnerTexts())).toEqual(new Set(["country"]));
      await page.getByLabel("Rule", { exact: true }).selectOption({ index: 1 });
      await expect.poll(() => count.innerText()).toBe("0 of 100 shown");
      await page.getByRole("button", { name: "Show all" }).press("Enter");
      await expect.poll(() => count.innerText()).toBe("100 of 100 shown");
      expect(complaints).toEqual([]);
    });
  });

  test("a link to a sample shows it, also where the filter had hidden it", async () => {
    await withPage(sampleReport, wide, async ({ page }) => {
      const link = page.getByRole("link", { name: "record 17", exact: true });
      const first = page.locator("#sample-1");
      // Twice: the second time the address is the same already.
      for (const _ of [1, 2]) {
        await page.getByLabel("Column", { exact: true }).selectOption({ index: 2 });
        expect(await first.isVisible()).toBe(false);
        await link.press("Enter");
        await expect.poll(() => first.isVisible()).toBe(true);
      }
      const inView =
        "(({ top, bottom }) => top >= 0 && bottom <= innerHeight)(document.querySelector('#sample-1').getBoundingClientRect())";
      await expect.poll(() => page.evaluate(inView)).toBe(true);
    });
  });

  test("without scripts everything is there but the controls", async () => {
    await withPage(sampleReport, { ...wide, javaScriptEnabled: false }, async ({ page, complaints }) => {
      expect(await page.locator("form").isVisible()).toBe(false);
      expect(await page.locator("th button").count()).toBe(0);
      expect(await page.locator("#samples tbody tr").count()).toBe(100);
      expect(await page.locator("#samples tbody tr").last().isVisible()).toBe(true);
      expect(complaints).toEqual([]);
    });
  });

  for (const [name, report] of Object.entries({
    "a usual": sampleReport,
    "a hostile": reportWith(hostile.join("")),
    "a wordy": reportWith("x".repeat(1000)),
    "an accepted": acceptedReport,
  })) {
    test(`on a screen of 360 pixels, the page of ${name} report does not scroll sideways`, async () => {
      await withPage(report, narrow, async ({ page }) => {
        expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(360);
        const boxes = await page.locator(".scroll").count();
        expect(boxes).toBe(report.samples.length > 0 ? 2 : 0);
        for (const caption of await page.locator("caption span").all()) {
          const box = await caption.boundingBox();
          expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThanOrEqual(344);
        }
      });
    });
  }

  test("on a narrow screen the tables scroll in their boxes, also by the keyboard", async () => {
    await withPage(sampleReport, narrow, async ({ page }) => {
      const box = page.getByRole("region", { name: "Samples of errors" });
      await box.focus();
      await page.keyboard.press("ArrowRight");
      await expect.poll(() => box.evaluate((element: { scrollLeft: number }) => element.scrollLeft)).toBeGreaterThan(0);
    });
  });

  test("it follows a dark screen, and paper is light", async () => {
    const background = "getComputedStyle(document.body).backgroundColor";
    const text = "getComputedStyle(document.body).color";
    await withPage(sampleReport, wide, async ({ page }) => {
      expect(await page.evaluate(background)).toBe("rgb(246, 247, 249)");
    });
    await withPage(sampleReport, { ...wide, colorScheme: "dark" }, async ({ page }) => {
      expect(await page.evaluate(background)).toBe("rgb(18, 22, 27)");
      expect(await page.evaluate(text)).toBe("rgb(228, 232, 237)");
      await page.emulateMedia({ media: "print" });
      expect(await page.evaluate(text)).toBe("rgb(28, 37, 48)");
    });
  });

  test("it prints: no controls, and nothing is wider than the paper", async () => {
    // A4 without its margins, at 96 pixels to the inch.
    const paper = { viewport: { width: 680, height: 1000 } };
    for (const report of [sampleReport, reportWith(hostile.join("")), reportWith("x".repeat(1000))]) {
      await withPage(report, paper, async ({ page }) => {
        await page.emulateMedia({ media: "print" });
        expect(await page.locator("form").isVisible()).toBe(false);
        expect(await page.locator(".skip").isVisible()).toBe(false);
        const widest =
          "Math.max(...[...document.querySelectorAll('td, th, caption, dd')].map((cell) => cell.getBoundingClientRect().right))";
        expect(await page.evaluate(widest)).toBeLessThanOrEqual(680);
        const pdf = await page.pdf({ format: "A4" });
        expect(pdf.subarray(0, 5).toString()).toBe("%PDF-");
      });
    }
  });

  test.each(hostile)("%j is shown and runs nothing", async (text) => {
    await withPage(reportWith(text), wide, async ({ page, complaints }) => {
      const shown = await page.locator("#samples td.long").first().textContent();
      const visible = text.replace("\u202e", "RLO").replace("\0", "NUL").replace("\ud800", "U+D800");
      expect(shown).toBe(visible);
      await page.getByLabel("Column", { exact: true }).selectOption({ index: 1 });
      await page.getByRole("button", { name: "Column" }).click();
      await page.getByRole("link", { name: "record 1", exact: true }).click();
      expect(await page.evaluate("window.__pwned")).toBe(undefined);
      expect(await page.locator("img, iframe, svg[onload], [autofocus]").count()).toBe(0);
      expect(complaints).toEqual([]);
    });
  });

  // No test of every run: it writes the picture anew.
  if (process.env.UPDATE_PICTURE === "1") {
    test("the picture of the README is taken", async () => {
      await withPage(sampleReport, { viewport: { width: 1200, height: 1290 } }, async ({ page }) => {
        const path = join(repositoryRoot, ".github", "report.png");
        await page.screenshot({ path });
        expect(readFileSync(path).length).toBeLessThan(200_000);
      });
    });
  }
});

function firstColumn(page: Page): Promise<string[]> {
  return page.locator("table[data-sortable] tbody th").allInnerTexts();
}

function focused(page: Page): Promise<unknown> {
  return page.evaluate("document.activeElement.textContent");
}

function sortOf(page: Page, header: string): Promise<string | null> {
  return page.getByRole("columnheader", { name: header }).first().getAttribute("aria-sort");
}

/** Goes on with the Tab key until what has the focus reads so. */
async function tabUntil(page: Page, text: string): Promise<boolean> {
  for (let presses = 0; presses < 30; presses += 1) {
    await page.keyboard.press("Tab");
    if ((await focused(page)) === text) return true;
  }
  return false;
}
