import { execFileSync, fork } from "node:child_process";
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { Conflict, type ObjectStore, type ObjectVersion } from "../../../../workers/model/objectStore.ts";
import { fileFault } from "../../../../workers/store/file/fileFault.ts";
import { createStore } from "../../../../workers/store/openStore.ts";
import { faultOf } from "../faults.ts";
import { collect, seededBytes } from "../pieces.ts";

let folder: string;
let store: ObjectStore;
const uriOf = (name: string) => pathToFileURL(join(folder, name)).href;
const write = (name: string, bytes: string | Uint8Array) => {
  writeFileSync(join(folder, name), bytes);
  return uriOf(name);
};

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "gen-batch-config-bytes-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  store = createStore({ region: "eu-central-1" });
});

describe("a file", () => {
  test("is read in any range, in one go and as a stream", async () => {
    const bytes = seededBytes(5 * 1024 * 1024 + 3);
    const reader = await store.open(write("a b#%.bin", bytes));
    expect(reader.version.size).toBe(bytes.length);
    for (const [start, end] of [
      [0, bytes.length],
      [1, 2],
      [1024 * 1024 - 1, 4 * 1024 * 1024],
      [bytes.length, bytes.length],
    ] as const) {
      const target = new Uint8Array(new SharedArrayBuffer(end - start));
      await reader.readInto(start, target);
      expect(Buffer.compare(target, bytes.subarray(start, end))).toBe(0);
      expect(Buffer.compare(await collect(reader.stream(start, end)), bytes.subarray(start, end))).toBe(0);
    }
    await expect(reader.readInto(bytes.length, new Uint8Array(1))).rejects.toThrow(RangeError);
    await reader.close();
  });

  test("is left as soon as the reader leaves, so that it can be closed", async () => {
    const reader = await store.open(write("a", seededBytes(9 * 1024 * 1024)));
    for await (const _piece of reader.stream(0, reader.version.size)) break;
    const controller = new AbortController();
    const reading = (async () => {
      for await (const _piece of reader.stream(0, reader.version.size, controller.signal))
        controller.abort(new Error("enough"));
    })();
    await expect(reading).rejects.toThrow("enough");
    await reader.close();
  });

  test("has another version when its bytes, or only their time, have changed", async () => {
    const uri = write("a", "one");
    const version = await versionOf(uri);
    expect(await versionOf(uri, { etag: version.etag })).toEqual(version);
    writeFileSync(join(folder, "a"), "two");
    utimesSync(join(folder, "a"), 1, 1);
    expect(await faultOf(() => store.open(uri, { etag: version.etag }))).toMatch(
      new RegExp(
        `^input-missing: ${uri} is no longer the object that was validated: its ETag was ${version.etag}, it is now "3-`,
      ),
    );
  });

  test.each([
    ["grows", (path: string) => appendFileSync(path, "more")],
    ["is cut", (path: string) => writeFileSync(path, "short")],
    ["is written over", (path: string) => writeFileSync(path, seededBytes(9 * 1024 * 1024, 2))],
  ])("that %s while it is read is found out", async (_what, change) => {
    const uri = write("a", seededBytes(9 * 1024 * 1024));
    const reader = await store.open(uri);
    const target = new Uint8Array(reader.version.size);
    const stream = reader.stream(0, reader.version.size)[Symbol.asyncIterator]();
    await stream.next();
    change(join(folder, "a"));
    const rest = async () => {
      while ((await stream.next()).done !== true);
    };
    expect(await faultOf(rest)).toMatch(/^input-missing: .* is no longer the object that was validated/);
    expect(await faultOf(() => reader.readInto(0, target))).toMatch(/^input-missing: .* is no longer the object/);
    await reader.close();
  });

  test("that another one takes the name of is read to its own end", async () => {
    const bytes = seededBytes(3 * 1024 * 1024);
    const reader = await store.open(write("a", bytes));
    write("b", "other");
    renameSync(join(folder, "b"), join(folder, "a"));
    expect(Buffer.compare(await collect(reader.stream(0, bytes.length)), bytes)).toBe(0);
    await reader.close();
  });

  test("that stands where a folder should be is told when something is written in it", async () => {
    write("taken", "x");
    const expected = /^configuration: .* its folder is a file \((ENOTDIR|EEXIST)\) \|/;
    expect(await faultOf(() => store.put(uriOf("taken/a"), Buffer.from("x")))).toMatch(expected);
    expect(await faultOf(() => store.createWriter(uriOf("taken/a")).write(Buffer.from("x")))).toMatch(expected);
    expect(await faultOf(() => store.put(uriOf("taken/b/a"), Buffer.from("x")))).toMatch(expected);
  });

  test("that is none is refused by what it is, and a pipe is not waited for", async () => {
    mkdirSync(join(folder, "in"));
    execFileSync("mkfifo", [join(folder, "pipe")]);
    write("plain", "x");
    expect(await faultOf(() => store.open(uriOf("none")))).toMatch(
      /^input-missing: .* the file does not exist \(ENOENT\) \|/,
    );
    expect(await faultOf(() => store.open(uriOf("plain/x")))).toMatch(
      /^input-missing: .* the file does not exist \(ENOTDIR\) \|/,
    );
    expect(await faultOf(() => store.open(uriOf("in")))).toMatch(
      /^input-missing: .* is a folder, not a regular file \|/,
    );
    expect(await faultOf(() => store.open(uriOf("pipe")))).toMatch(
      /^input-missing: .* is a pipe or a device, not a regular file \|/,
    );
    expect(await faultOf(() => store.open("/dev/null"))).toMatch(
      /^input-missing: .* is a pipe or a device, not a regular file \|/,
    );
    expect(await faultOf(() => store.open("file:///a%00b"))).toMatch(/^usage: .* it is not a valid file name/);
    expect(await faultOf(() => store.open(uriOf("x".repeat(300))))).toMatch(/^usage: /);
  });
});

describe("what the system refuses", () => {
  const said = async (code: string, doing: "read" | "write") =>
    faultOf(() => Promise.reject(fileFault(Object.assign(new Error("x"), { code }), "file:///a", doing)));

  test("has an outcome that tells whether another attempt makes sense", async () => {
    expect(await said("EACCES", "read")).toMatch(/^not-allowed: file:\/\/\/a: this user may not read it/);
    expect(await said("ENOSPC", "write")).toMatch(
      /^configuration: file:\/\/\/a: no space is left on the disk \(ENOSPC\) \| Free some space/,
    );
    expect(await said("EDQUOT", "write")).toMatch(/^configuration: /);
    expect(await said("EROFS", "write")).toMatch(/^configuration: /);
    expect(await said("EIO", "read")).toMatch(/^try-again: /);
    expect(await said("EMFILE", "read")).toMatch(/^try-again: /);
  });

  test("is passed on as it is when it says nothing about the file", () => {
    const error = new TypeError("x");
    expect(fileFault(error, "file:///a", "read")).toBe(error);
  });
});

describe("a small file", () => {
  test("is there or is not, with the tag of its bytes", async () => {
    const uri = uriOf("new/folder/a.json");
    expect(await store.get(uri)).toBeUndefined();
    const { etag } = await store.put(uri, Buffer.from("one"));
    expect(await store.get(uri)).toEqual({ bytes: Buffer.from("one"), etag });
    expect((await store.put(uri, Buffer.from("two"))).etag).not.toBe(etag);
    expect((await store.put(uri, Buffer.from("one"))).etag).toBe(etag);
    expect(readdirSync(join(folder, "new/folder"))).toEqual(["a.json"]);
  });

  test("is not replaced when it is not the one that was read, or there when there should be none", async () => {
    const uri = uriOf("a.json");
    await expect(store.put(uri, Buffer.from("x"), { ifMatch: '"none"' })).rejects.toThrow(Conflict);
    const { etag } = await store.put(uri, Buffer.from("one"), { ifAbsent: true });
    await expect(store.put(uri, Buffer.from("two"), { ifAbsent: true })).rejects.toThrow(Conflict);
    const { etag: next } = await store.put(uri, Buffer.from("two"), { ifMatch: etag });
    await expect(store.put(uri, Buffer.from("three"), { ifMatch: etag })).rejects.toThrow(Conflict);
    expect(await store.get(uri)).toEqual({ bytes: Buffer.from("two"), etag: next });
    expect(readdirSync(folder)).toEqual(["a.json"]);
  });

  test("cannot take the place of a folder, and leaves nothing beside it", async () => {
    mkdirSync(join(folder, "a"));
    expect(await faultOf(() => store.put(uriOf("a"), Buffer.from("x")))).toMatch(/^configuration: .* it is a folder/);
    expect(readdirSync(folder)).toEqual(["a"]);
  });

  test("is written by one after the other, also from several processes: no step is lost", async () => {
    const uri = uriOf("count.json");
    await store.put(uri, Buffer.from("0"));
    const steps = 20;
    const ends = Array.from({ length: 3 }, () => count(uri, steps));
    // In this process too, where a process id tells nothing.
    const local = Promise.all(
      [0, 1].map(async () => {
        for (let step = 0; step < steps; ) step += (await increment(store, uri)) ? 1 : 0;
      }),
    );
    expect(await Promise.all(ends)).toEqual([0, 0, 0]);
    await local;
    expect(readFileSync(join(folder, "count.json"), "utf8")).toBe(String(5 * steps));
    expect(readdirSync(folder)).toEqual(["count.json"]);
  });

  test.each([
    ["of a process that is gone", { pid: 2 ** 22 - 1 }, 0],
    ["of an earlier process with the same id", { pid: process.pid }, 0],
    ["of another machine, long ago", { host: "elsewhere", pid: 1 }, 60],
    ["that was never written to its end", undefined, 60],
    ["of something else", "[1,2]", 60],
  ])("is written in spite of a lock %s", async (_what, holder, ageSeconds) => {
    const text =
      typeof holder === "object" ? JSON.stringify({ host: hostname(), token: "t", ...holder }) : (holder ?? "");
    write(".a.json.lock", text);
    const then = Date.now() / 1000 - ageSeconds;
    utimesSync(join(folder, ".a.json.lock"), then, then);
    await store.put(uriOf("a.json"), Buffer.from("x"));
    expect(readdirSync(folder)).toEqual(["a.json"]);
  });

  test("waits for a lock whose holder lives", async () => {
    write(".a.json.lock", JSON.stringify({ host: hostname(), pid: process.ppid, token: "t" }));
    let isDone = false;
    const putting = store.put(uriOf("a.json"), Buffer.from("x")).then(() => {
      isDone = true;
    });
    await new Promise((settle) => setTimeout(settle, 100));
    expect(isDone).toBe(false);
    rmSync(join(folder, ".a.json.lock"));
    await putting;
  });
});

describe("a large file", () => {
  test("appears when its writer is closed, with the version that it is opened with", async () => {
    const bytes = seededBytes(3_000_000);
    const writer = store.createWriter(uriOf("out/a.bin"));
    const reused = new Uint8Array(70_001);
    for (let offset = 0; offset < bytes.length; offset += reused.length) {
      const piece = bytes.subarray(offset, offset + reused.length);
      reused.set(piece);
      await writer.write(reused.subarray(0, piece.length));
      expect(readdirSync(join(folder, "out"))).not.toContain("a.bin");
    }
    const version = await writer.close();
    expect(Buffer.compare(readFileSync(join(folder, "out/a.bin")), bytes)).toBe(0);
    expect(await versionOf(uriOf("out/a.bin"))).toEqual(version);
    expect(readdirSync(join(folder, "out"))).toEqual(["a.bin"]);
    await expect(writer.write(bytes)).rejects.toThrow("closed or aborted");
  });

  test("may be empty", async () => {
    expect((await store.createWriter(uriOf("a")).close()).size).toBe(0);
    expect(readFileSync(join(folder, "a")).length).toBe(0);
  });

  test("leaves nothing behind when it is aborted, and the file that was there stays", async () => {
    write("a", "old");
    const writer = store.createWriter(uriOf("a"));
    await writer.write(seededBytes(100_000));
    await writer.abort();
    await writer.abort();
    expect(readdirSync(folder)).toEqual(["a"]);
    expect(readFileSync(join(folder, "a"), "utf8")).toBe("old");
    await store.createWriter(uriOf("never")).abort();
    expect(readdirSync(folder)).toEqual(["a"]);
  });

  test("cannot be written where a file stands for its folder", async () => {
    write("a", "x");
    expect(await faultOf(() => store.createWriter(uriOf("a/b")).write(Buffer.from("x")))).toMatch(/^configuration: /);
  });
});

async function versionOf(uri: string, expected?: { readonly etag: string }): Promise<ObjectVersion> {
  const reader = await store.open(uri, expected);
  await reader.close();
  return reader.version;
}

/** Adds one to the number in the file; false when somebody else was faster. */
async function increment(store: ObjectStore, uri: string): Promise<boolean> {
  const { bytes, etag } = (await store.get(uri)) ?? { bytes: Buffer.from("none"), etag: "" };
  try {
    await store.put(uri, Buffer.from(String(Number(Buffer.from(bytes)) + 1)), { ifMatch: etag });
    return true;
  } catch (error) {
    if (error instanceof Conflict) return false;
    throw error;
  }
}

function count(uri: string, steps: number): Promise<number | null> {
  const child = fork(join(import.meta.dirname, "count.ts"), [uri, String(steps)], { execArgv: ["--import", "tsx"] });
  return new Promise((settle) => child.on("exit", settle));
}
