import { type Browser, chromium as playwright } from "playwright-core";
import { debianProgram, type Program } from "./debianProgram.ts";
import type { Part } from "./part.ts";

export type Chromium = Program;

/** A browser without a window, from CHROMIUM_PATH or PATH, else from the system's package. */
export function chromium(): Promise<Part<Chromium>> {
  return debianProgram("chromium", "CHROMIUM_PATH");
}

/** Starts it with a profile of its own, which is gone when it is closed. */
export function openBrowser({ path }: Chromium): Promise<Browser> {
  return playwright.launch({ executablePath: path, headless: true, args: [...quietFlags] });
}

// Debian's package runs as root only without its sandbox; the others keep it from asking anybody on its own account.
const quietFlags = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
] as const;
