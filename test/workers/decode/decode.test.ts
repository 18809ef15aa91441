import { randomBytes } from "node:crypto";
import zlib, { gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { detectEncoding, toPlainUtf8 } from "../../../workers/decode/decode.ts";
import { faultOf } from "../store/faults.ts";
import { collect, inPieces, seededBytes } from "../store/pieces.ts";

const uri = "s3://b/in.csv";
const plain = (
  bytes: Uint8Array,
  how: { encoding?: string; compression?: "gzip" | "zstd" | "none" } = {},
  lengths = [1000],
) => collect(toPlainUtf8(inPieces(bytes, lengths), { ...how, uri }));
const lengthsOfPieces = fc.array(fc.integer({ min: 1, max: 70_000 }), { minLength: 1, maxLength: 5 });

const { zstdCompressSync } = zlib as { zstdCompressSync?: (bytes: Uint8Array) => Buffer };
const zstdFrame = Buffer.from("28b52ffd040031000068656c6c6f20", "hex");

describe("the first bytes", () => {
  test.each([
    ["gzip", "1f8b0800", { compression: "gzip", encoding: "utf-8", bomBytes: 0 }],
    ["zstd", "28b52ffd04", { compression: "zstd", encoding: "utf-8", bomBytes: 0 }],
    [
      "zstd with a frame to be skipped first",
      "502a4d1804000000",
      { compression: "zstd", encoding: "utf-8", bomBytes: 0 },
    ],
    ["UTF-8 with a mark", "efbbbf61", { compression: "none", encoding: "utf-8", bomBytes: 3 }],
    ["little-endian UTF-16", "fffe6100", { compression: "none", encoding: "utf-16le", bomBytes: 2 }],
    ["big-endian UTF-16", "feff0061", { compression: "none", encoding: "utf-16be", bomBytes: 2 }],
    ["plain text", "612c620a", { compression: "none", encoding: "utf-8", bomBytes: 0 }],
    ["nothing", "", { compression: "none", encoding: "utf-8", bomBytes: 0 }],
  ] as const)("tell %s", (_what, hex, expected) => {
    expect(detectEncoding(Buffer.from(hex, "hex"))).toEqual(expected);
  });
});

describe("gzip", () => {
  const parts = [Buffer.from("a,b\n"), seededBytes(200_000, 3), Buffer.alloc(0), Buffer.alloc(300_000, "x")];
  const members = Buffer.concat(parts.map((part) => gzipSync(part)));

  test("of several members is read to its end, however it is cut into pieces", async () => {
    await fc.assert(
      fc.asyncProperty(lengthsOfPieces, async (lengths) => {
        expect(Buffer.compare(await plain(members, {}, lengths), Buffer.concat(parts))).toBe(0);
      }),
      { numRuns: 25 },
    );
    expect(Buffer.compare(await plain(members, {}, [members.length]), Buffer.concat(parts))).toBe(0);
  });

  test("may be filled up with zeros", async () => {
    const filled = Buffer.concat([gzipSync("hello"), Buffer.alloc(100_000)]);
    for (const length of [1, 7, 30, 1000, filled.length])
      expect(String(await plain(filled, {}, [length]))).toBe("hello");
  });

  test("that is cut off anywhere is refused, with the place", async () => {
    const whole = gzipSync(seededBytes(3000));
    for (let length = 2; length < whole.length; length += 37) {
      expect(await faultOf(() => plain(whole.subarray(0, length)))).toContain(
        `data-refused: s3://b/in.csv, compressed with gzip, is truncated, near compressed byte ${length} |`,
      );
    }
  });

  test("that is damaged is refused near the place of the damage", async () => {
    const whole = gzipSync(seededBytes(1_000_000));
    whole.fill(0, 600_000, 600_100);
    const fault = await faultOf(() => plain(whole, {}, [50_000]));
    expect(fault).toMatch(/^data-refused: .* is damaged \(.+\), between compressed bytes \d+ and \d+ \|/);
    // The checksum at the end finds it at the latest, stored blocks of random bytes not before.
    expect(Number(/bytes (\d+)/.exec(fault)?.[1])).toBeGreaterThan(550_000);
  });

  test.each([
    ["text", Buffer.from("and more")],
    ["one byte", Buffer.from([0x1f])],
    ["zeros and another member", Buffer.concat([Buffer.alloc(5), gzipSync("lost?")])],
  ])("that is followed by %s is refused, and never silently cut, wherever the pieces end", async (_what, garbage) => {
    const bytes = Buffer.concat([gzipSync("hello"), garbage]);
    for (let length = 1; length <= bytes.length; length++) {
      expect(await faultOf(() => plain(bytes, {}, [length]))).toMatch(/^data-refused: .* compressed with gzip/);
    }
  });

  test("that is followed by something else is told so, with the bytes among which it stands", async () => {
    const bytes = Buffer.concat([gzipSync("hello"), Buffer.from("and more")]);
    expect(await faultOf(() => plain(bytes))).toContain(
      `contains other data after its end (incorrect header check), between compressed bytes 0 and ${bytes.length} |`,
    );
  });

  test("of a thousandfold expansion stays in bounded memory, and is left as soon as the reader leaves", async () => {
    const bomb = gzipSync(Buffer.alloc(200 * 1024 * 1024));
    let ended = false;
    async function* source() {
      try {
        yield* inPieces(bomb, [bomb.length]);
      } finally {
        ended = true;
      }
    }
    const before = process.memoryUsage().rss;
    let most = 0;
    let longest = 0;
    let length = 0;
    for await (const piece of toPlainUtf8(source(), { uri })) {
      length += piece.length;
      longest = Math.max(longest, piece.length);
      if (length % (8 * 1024 * 1024) < piece.length) most = Math.max(most, process.memoryUsage().rss - before);
      if (length > 150 * 1024 * 1024) break;
    }
    expect(longest).toBeLessThanOrEqual(1024 * 1024);
    expect(most).toBeLessThan(100 * 1024 * 1024);
    expect(ended).toBe(true);
  });
});

describe("zstd", () => {
  // Which of the two holds depends on Node, which both kinds of machines have to be tested with.
  if (zstdCompressSync === undefined) {
    test("is refused by a Node that cannot read it, and the source is closed", async () => {
      let ended = false;
      async function* source() {
        try {
          yield zstdFrame;
          yield zstdFrame;
        } finally {
          ended = true;
        }
      }
      const fault = await faultOf(() => collect(toPlainUtf8(source(), { uri })));
      expect(fault).toMatch(/^configuration: .* zstd, which Node \d+\S+ cannot read \| .*Node 24 \(at least 22\.15\)/);
      expect(ended).toBe(true);
    });
    return;
  }

  describe("where Node reads it", () => {
    const compress = zstdCompressSync;
    const skipped = Buffer.from("502a4d180400000001020304", "hex");
    const parts = [Buffer.from("a,b\n"), seededBytes(200_000, 3), Buffer.alloc(0), Buffer.alloc(300_000, "x")];
    const frames = Buffer.concat([skipped, ...parts.map(compress), skipped]);

    test("of several frames is read to its end, however it is cut into pieces", async () => {
      await fc.assert(
        fc.asyncProperty(lengthsOfPieces, async (lengths) => {
          expect(Buffer.compare(await plain(frames, {}, lengths), Buffer.concat(parts))).toBe(0);
        }),
        { numRuns: 25 },
      );
      expect(Buffer.compare(await plain(frames, {}, [frames.length]), Buffer.concat(parts))).toBe(0);
    });

    test("that is cut off, damaged or followed by something else is refused, and never silently cut", async () => {
      const whole = compress(seededBytes(3000));
      for (let length = 4; length < whole.length; length += 37) {
        expect(await faultOf(() => plain(whole.subarray(0, length)))).toMatch(/^data-refused: .* zstd, is truncated/);
      }
      const followed = Buffer.concat([whole, Buffer.from("and more")]);
      for (const length of [1, 3000, followed.length]) {
        expect(await faultOf(() => plain(followed, {}, [length]))).toMatch(
          /^data-refused: .* zstd, is (damaged|truncated)/,
        );
      }
    });
  });
});

describe("encodings", () => {
  const text = "näme,größe €\r\n\u{1F600},日本\n".repeat(3000);
  const utf16le = Buffer.from(text, "utf16le");
  const utf16be = Buffer.from(utf16le).swap16();

  test.each([
    ["utf-16le", utf16le, { encoding: "utf-16le" }],
    ["utf-16be", utf16be, { encoding: "utf-16be" }],
    ["utf-16le by its mark", Buffer.concat([Buffer.from("fffe", "hex"), utf16le]), {}],
    ["utf-16be by its mark", Buffer.concat([Buffer.from("feff", "hex"), utf16be]), {}],
    [
      "a mark against what was given",
      Buffer.concat([Buffer.from("feff", "hex"), utf16be]),
      { encoding: "windows-1252" },
    ],
    ["utf-8", Buffer.from(text), {}],
    ["utf-8 with a mark", Buffer.concat([Buffer.from("efbbbf", "hex"), Buffer.from(text)]), {}],
    ["utf-16le in gzip", gzipSync(Buffer.concat([Buffer.from("fffe", "hex"), utf16le])), {}],
  ] as const)("%s becomes UTF-8 without a mark, however it is cut into pieces", async (_what, bytes, how) => {
    await fc.assert(
      fc.asyncProperty(lengthsOfPieces, async (lengths) => {
        expect(Buffer.compare(await plain(bytes, how, lengths), Buffer.from(text))).toBe(0);
      }),
      { numRuns: 10 },
    );
  });

  test("by name are decoded as in a browser", async () => {
    expect(String(await plain(Buffer.from("80e4", "hex"), { encoding: "windows-1252" }))).toBe("€ä");
    expect(String(await plain(Buffer.from("80e4", "hex"), { encoding: "latin1" }))).toBe("€ä");
    expect(String(await plain(Buffer.from("a4", "hex"), { encoding: "ISO-8859-15" }))).toBe("€");
    expect(String(await plain(Buffer.from("93fa967b", "hex"), { encoding: "shift_jis" }, [1]))).toBe("日本");
  });

  test("UTF-8 passes as it is, also where it is not valid", async () => {
    const bytes = randomBytes(5000);
    bytes[0] = 0x61;
    expect(Buffer.compare(await plain(bytes), bytes)).toBe(0);
  });

  test("a mark in the middle is text", async () => {
    expect(String(await plain(Buffer.from("\ufeffa\ufeffb")))).toBe("a\ufeffb");
    expect(String(await plain(Buffer.from("\ufeffa\ufeffb", "utf16le"), {}, [2]))).toBe("a\ufeffb");
  });

  test("an empty file is empty, and so is one of only a mark", async () => {
    for (const bytes of ["", "efbbbf", "fffe", "feff"]) expect((await plain(Buffer.from(bytes, "hex"))).length).toBe(0);
  });

  test.each([
    ["shift_jis", 3, 1, 2],
    ["iso-8859-3", 1, 1, 0],
    ["utf-16le", 2, 2, 3],
  ])(
    "the place of a byte that %s does not have is told, in whichever piece it is",
    async (encoding, pieceBytes, at, offset) => {
      // Each time something valid of some length, then a byte that cannot be there.
      const unit = { shift_jis: "93fa2c", "iso-8859-3": "61", "utf-16le": "6100" }[encoding] ?? "";
      const wrong = { shift_jis: "93fa80", "iso-8859-3": "a5", "utf-16le": "00d86100" }[encoding] ?? "";
      for (const count of [0, 1, 1000, 70_000]) {
        const before = Buffer.from(unit.repeat(count), "hex");
        const bytes = Buffer.concat([before, Buffer.from(wrong, "hex"), Buffer.from(unit.repeat(500), "hex")]);
        for (const length of [pieceBytes * 5001, bytes.length]) {
          const fault = await faultOf(() => plain(bytes, { encoding }, [length]));
          expect(fault).toMatch(/^data-refused: s3:\/\/b\/in\.csv is not \S+: byte \d+ cannot be decoded \| /);
          const told = Number(/byte (\d+)/.exec(fault)?.[1]);
          expect([before.length + offset, before.length + offset + at]).toContain(told);
        }
      }
    },
  );

  test("a character that is cut off at the end is told", async () => {
    expect(await faultOf(() => plain(Buffer.from("610062", "hex"), { encoding: "utf-16le" }))).toContain(
      "byte 3 cannot",
    );
  });

  test("an encoding that does not exist is refused before anything is read", async () => {
    let hasBegun = false;
    async function* source() {
      hasBegun = true;
      yield Buffer.from("a");
    }
    expect(await faultOf(() => collect(toPlainUtf8(source(), { uri, encoding: "utf-99\n" })))).toMatch(
      /^usage: "utf-99\\n" is not the name of an encoding \| /,
    );
    expect(hasBegun).toBe(false);
  });
});

test("whoever leaves early ends the source, whatever it goes through", async () => {
  const text = Buffer.from("a,b\n".repeat(50_000));
  for (const bytes of [text, gzipSync(seededBytes(500_000)), Buffer.from(`\ufeff${text}`, "utf16le")]) {
    let ended = 0;
    async function* source() {
      try {
        yield* inPieces(bytes, [1000]);
      } finally {
        ended++;
      }
    }
    for await (const _piece of toPlainUtf8(source(), { uri })) break;
    expect(ended).toBe(1);
  }
});

test("a fault of the source passes as it is", async () => {
  async function* source() {
    yield gzipSync("hello").subarray(0, 10);
    throw new Error("the network");
  }
  await expect(collect(toPlainUtf8(source(), { uri }))).rejects.toThrow("the network");
});
