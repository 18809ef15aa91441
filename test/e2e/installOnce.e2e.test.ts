import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { freePorts } from "./parts/freePort.ts";
import { installOnce } from "./parts/installOnce.ts";
import { locked } from "./parts/locked.ts";

let scratch: string;

beforeEach(() => {
  scratch = mkdtempSync(join(tmpdir(), "gen-batch-config-parts-"));
});

afterEach(() => rmSync(scratch, { recursive: true, force: true }));

describe("a part that is installed", () => {
  test("is installed once, however many ask for it at once, and again for other inputs", async () => {
    const folder = join(scratch, "part");
    let installs = 0;
    const install = async () => {
      installs++;
      writeFileSync(join(folder, "program"), "");
    };
    await Promise.all([1, 2, 3].map(() => installOnce(folder, ["1.0"], install)));
    await installOnce(folder, ["1.0"], install);
    expect(installs).toBe(1);
    await installOnce(folder, ["1.1"], install);
    expect(installs).toBe(2);
  });

  test("is installed anew from nothing when the install was interrupted, or its folder was moved", async () => {
    const folder = join(scratch, "part");
    const interrupted = installOnce(folder, ["1.0"], async () => {
      writeFileSync(join(folder, "half"), "");
      throw new Error("no more network");
    });
    await expect(interrupted).rejects.toThrow("no more network");
    await installOnce(folder, ["1.0"], async () => expect(existsSync(join(folder, "half"))).toBe(false));
    const moved = join(scratch, "moved");
    renameSync(folder, moved);
    let isInstalled = false;
    await installOnce(moved, ["1.0"], async () => {
      isInstalled = true;
    });
    expect(isInstalled).toBe(true);
  });
});

describe("a lock", () => {
  test("lets one at a time work, also when the first fails", async () => {
    let working = 0;
    const work = async (fails: boolean) => {
      expect(++working).toBe(1);
      await new Promise((settle) => setTimeout(settle, 20));
      working--;
      if (fails) throw new Error("failed");
    };
    const path = join(scratch, "one");
    const done = await Promise.allSettled([true, false, false].map((fails) => locked(path, () => work(fails))));
    expect(done.map(({ status }) => status)).toEqual(["rejected", "fulfilled", "fulfilled"]);
    expect(existsSync(`${path}.lock`)).toBe(false);
  });

  test("that was not touched for long is taken over, even when its number is that of a process", async () => {
    const path = join(scratch, "left");
    mkdirSync(scratch, { recursive: true });
    writeFileSync(`${path}.lock`, String(process.pid));
    utimesSync(`${path}.lock`, new Date(0), new Date(0));
    expect(await locked(path, async () => readFileSync(`${path}.lock`, "utf8"))).toBe(String(process.pid));
  });
});

test("ports are free, differ, and are none that an outgoing connection may take", async () => {
  const ports = await freePorts(20);
  expect(new Set(ports).size).toBe(20);
  for (const port of ports) {
    expect(port).toBeLessThan(32_768);
    const server = createServer();
    await new Promise<void>((settle, fail) => server.once("error", fail).listen(port, "127.0.0.1", settle));
    await new Promise((settle) => server.close(settle));
  }
});
