import { setImmediate as later } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { maxParts, PartedWriter, partPlan, type Upload } from "../../../../workers/store/s3/partedWriter.ts";
import { seededBytes } from "../pieces.ts";

const mebibyte = 1024 * 1024;
const partBytes = 8 * mebibyte;

/** Keeps what it is given, as S3 would: nothing is an object before it is complete. */
function memory({ failAtPart }: { readonly failAtPart?: number } = {}) {
  const seen = {
    underWay: 0,
    most: 0,
    abandoned: [] as string[],
    object: undefined as Buffer | undefined,
    parts: 0,
    memories: new Set<ArrayBufferLike>(),
  };
  const parts = new Map<number, Buffer>();
  const upload: Upload = {
    async whole(bytes) {
      await later();
      seen.object = Buffer.from(bytes);
      return { etag: '"whole"' };
    },
    start: async () => "upload",
    async part(_id, number, bytes, signal) {
      seen.memories.add(bytes.buffer);
      seen.parts++;
      seen.most = Math.max(seen.most, ++seen.underWay);
      try {
        // Later parts arrive earlier.
        for (let turn = 0; turn < 8 - (number % 4) * 2; turn++) await later();
        signal.throwIfAborted();
        if (number === failAtPart) throw new Error("no room");
        // Only copied now: the memory must not have been used for another part meanwhile.
        parts.set(number, Buffer.from(bytes));
        return { etag: `"${number}"` };
      } finally {
        seen.underWay--;
      }
    },
    async complete(_id, etags) {
      seen.object = Buffer.concat(etags.map((etag) => parts.get(Number(etag.slice(1, -1))) ?? Buffer.from("lost")));
      return { etag: `"all-${etags.length}"` };
    },
    async abandon(id) {
      expect(seen.underWay).toBe(0);
      seen.abandoned.push(id);
    },
  };
  return { seen, upload };
}

async function writeAll(writer: { write(bytes: Uint8Array): Promise<void> }, bytes: Uint8Array, step: number) {
  const reused = new Uint8Array(step);
  for (let offset = 0; offset < bytes.length; offset += step) {
    const piece = bytes.subarray(offset, offset + step);
    reused.set(piece);
    await writer.write(reused.subarray(0, piece.length));
    reused.fill(0xee);
  }
}

describe("a writer in parts", () => {
  test.each([0, 1, partBytes - 1])("writes an object of %i bytes in one piece", async (size) => {
    const { seen, upload } = memory();
    const bytes = seededBytes(size);
    const writer = new PartedWriter("s3://b/k", upload);
    await writeAll(writer, bytes, mebibyte + 1);
    expect(await writer.close()).toEqual({ uri: "s3://b/k", size, etag: '"whole"' });
    expect(Buffer.compare(seen.object ?? Buffer.from("none"), bytes)).toBe(0);
    expect(seen.parts).toBe(0);
  });

  test.each([
    [partBytes, 1],
    [6 * partBytes + 5, 7],
  ])("writes an object of %i bytes in %i parts, three at a time", async (size, count) => {
    const { seen, upload } = memory();
    const bytes = seededBytes(size);
    const writer = new PartedWriter("s3://b/k", upload);
    await writeAll(writer, bytes, 3 * mebibyte + 7);
    expect(await writer.close()).toEqual({ uri: "s3://b/k", size, etag: `"all-${count}"` });
    expect(Buffer.compare(seen.object ?? Buffer.from("none"), bytes)).toBe(0);
    expect(seen.most).toBe(Math.min(3, count));
    expect(seen.memories.size).toBeLessThanOrEqual(4);
  });

  test("leaves nothing when it is aborted, once no part is on its way any more", async () => {
    const { seen, upload } = memory();
    const writer = new PartedWriter("s3://b/k", upload);
    await writer.write(new Uint8Array(2 * partBytes));
    await writer.abort();
    await writer.abort();
    expect(seen.abandoned).toEqual(["upload"]);
    expect(seen.object).toBeUndefined();
    await expect(writer.write(new Uint8Array(1))).rejects.toThrow("closed or aborted");
  });

  test("has nothing to abandon when no part was begun", async () => {
    const { seen, upload } = memory();
    const writer = new PartedWriter("s3://b/k", upload);
    await writer.write(new Uint8Array(5));
    await writer.abort();
    expect(seen.abandoned).toEqual([]);
  });

  test("fails for good with the first part that fails, and never completes", async () => {
    const { seen, upload } = memory({ failAtPart: 2 });
    const writer = new PartedWriter("s3://b/k", upload);
    const writing = (async () => {
      for (let turn = 0; turn < 10; turn++) await writer.write(new Uint8Array(partBytes));
    })();
    await expect(writing).rejects.toThrow("no room");
    await expect(writer.close()).rejects.toThrow("no room");
    await writer.abort();
    expect(seen.object).toBeUndefined();
    expect(seen.abandoned).toEqual(["upload"]);
  });
});

describe("the plan of parts", () => {
  const plans = Array.from({ length: maxParts }, (_, index) => partPlan(index));

  test("lets the 10,000 parts of S3 suffice for more than 5 TiB, each within the limits of S3", () => {
    const total = plans.reduce((sum, { bytes }) => sum + bytes, 0);
    expect(total).toBeGreaterThan(5 * 1024 ** 4);
    expect(plans.every(({ bytes }) => bytes >= 5 * mebibyte && bytes <= 5 * 1024 ** 3)).toBe(true);
  });

  test("keeps at most 256 MiB in memory for an object of 100 GB", () => {
    let written = 0;
    let most = 0;
    for (const { bytes, atATime } of plans) {
      if (written > 100e9) break;
      written += bytes;
      most = Math.max(most, bytes * (atATime + 1));
    }
    expect(most).toBeLessThanOrEqual(256 * mebibyte);
  });
});
