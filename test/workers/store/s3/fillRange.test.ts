import { setImmediate as later } from "node:timers/promises";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Patience, usualPatience } from "../../../../src/shared/retry.ts";
import { WorkerFault } from "../../../../workers/model/fault.ts";
import { fillRange, type GetRange, inParts } from "../../../../workers/store/s3/fillRange.ts";
import { faultOf } from "../faults.ts";
import { seededBytes } from "../pieces.ts";

const object = seededBytes(10_000);
const quick: Patience = { ...usualPatience, firstDelayMs: 0, maxDelayMs: 0, noProgressMs: 40 };

/** How one request goes. `bytes` are sent, in two pieces, before the rest of it happens. */
type Turn =
  | { readonly kind: "refused" | "silent" | "whole" | "longer" | "shorter-announced" }
  | { readonly kind: "breaks" | "ends" | "stalls" | "trails-off"; readonly bytes: number };

/** A service that goes through the turns, and then answers as it should. */
function service(turns: readonly Turn[]) {
  const requests: { start: number; end: number; signal: AbortSignal }[] = [];
  const getRange: GetRange = async (start, end, signal) => {
    const turn = turns[requests.length] ?? { kind: "whole" };
    requests.push({ start, end, signal });
    if (turn.kind === "refused") throw new Error("connect ECONNREFUSED");
    if (turn.kind === "silent") return new Promise(() => {});
    const length = end - start;
    if (turn.kind === "shorter-announced") return { length: length - 1, body: sent(start, end - 1) };
    return { length, body: bodyOf(turn, start, end) };
  };
  return { getRange, requests };
}

async function* bodyOf(turn: Turn, start: number, end: number): AsyncGenerator<Uint8Array> {
  if (turn.kind === "longer") return yield object.subarray(start, end + 1);
  if (!("bytes" in turn)) return yield* sent(start, end);
  const stop = turn.kind === "trails-off" ? end : Math.min(end, start + turn.bytes);
  yield* sent(start, stop);
  if (turn.kind === "breaks" || turn.kind === "trails-off") throw new Error("ECONNRESET");
  if (turn.kind === "stalls") await new Promise(() => {});
}

async function* sent(start: number, end: number): AsyncGenerator<Uint8Array> {
  const middle = start + Math.floor((end - start) / 2);
  if (middle > start) yield object.subarray(start, middle);
  if (end > middle) yield object.subarray(middle, end);
}

const fill = (getRange: GetRange, start: number, target: Uint8Array, patience = quick, signal?: AbortSignal) =>
  fillRange(getRange, { what: "s3://b/k", start, target, patience, signal });

describe("a range", () => {
  test("is taken up again from the first missing byte when its body breaks, ends early or stalls", async () => {
    const { getRange, requests } = service([
      { kind: "breaks", bytes: 100 },
      { kind: "ends", bytes: 50 },
      { kind: "stalls", bytes: 7 },
    ]);
    const target = new Uint8Array(1000);
    await fill(getRange, 2000, target);
    expect(Buffer.from(target)).toEqual(object.subarray(2000, 3000));
    expect(requests.map(({ start, end }) => [start, end])).toEqual([
      [2000, 3000],
      [2100, 3000],
      [2150, 3000],
      [2157, 3000],
    ]);
  });

  test("closes what every attempt that came to nothing has left open, and leaves the last connection alone", async () => {
    const { getRange, requests } = service([
      { kind: "silent" },
      { kind: "breaks", bytes: 1 },
      { kind: "stalls", bytes: 1 },
    ]);
    await fill(getRange, 0, new Uint8Array(10));
    expect(requests.map(({ signal }) => signal.aborted)).toEqual([true, true, true, false]);
  });

  test("is not asked for again when the connection breaks after its last byte", async () => {
    const { getRange, requests } = service([{ kind: "trails-off", bytes: 0 }]);
    const target = new Uint8Array(500);
    await fill(getRange, 0, target);
    expect(Buffer.from(target)).toEqual(object.subarray(0, 500));
    expect(requests.length).toBe(1);
  });

  test("is given up when the attempts bring nothing, and says why", async () => {
    const turns = Array.from({ length: 20 }, (): Turn => ({ kind: "refused" }));
    const { getRange, requests } = service(turns);
    expect(await faultOf(() => fill(getRange, 0, new Uint8Array(5)))).toMatch(
      /^try-again: s3:\/\/b\/k \(bytes 0 to 5\): no answer in 8 attempts, the last time: connect ECONNREFUSED \| /,
    );
    expect(requests.length).toBe(8);
  });

  test("is not given up while the attempts bring something, however often they fail", async () => {
    const turns = Array.from({ length: 99 }, (): Turn => ({ kind: "breaks", bytes: 1 }));
    const { getRange, requests } = service(turns);
    const target = new Uint8Array(100);
    await fill(getRange, 0, target);
    expect(Buffer.from(target)).toEqual(object.subarray(0, 100));
    expect(requests.length).toBe(100);
  });

  test("counts the attempts anew after one that brought something", async () => {
    const barren = Array.from({ length: 7 }, (): Turn => ({ kind: "refused" }));
    const { getRange, requests } = service([...barren, { kind: "breaks", bytes: 1 }, ...barren]);
    await fill(getRange, 0, new Uint8Array(10));
    expect(requests.length).toBe(16);
  });

  test.each(["longer", "shorter-announced"] as const)(
    "never takes an answer that is %s than what was asked for",
    async (kind) => {
      const { getRange } = service(Array.from({ length: 20 }, (): Turn => ({ kind })));
      expect(await faultOf(() => fill(getRange, 0, new Uint8Array(100)))).toMatch(/^try-again: /);
    },
  );

  test("is given up at once for what another attempt does not change", async () => {
    let asked = 0;
    const getRange: GetRange = async () => {
      asked++;
      throw new WorkerFault("input-missing", "gone", { hint: "x" });
    };
    expect(await faultOf(() => fill(getRange, 0, new Uint8Array(5)))).toBe("input-missing: gone | x");
    expect(asked).toBe(1);
  });

  test("is left at once when the caller gives up, also in the middle of a body that hangs", async () => {
    const { getRange, requests } = service([{ kind: "stalls", bytes: 3 }]);
    const controller = new AbortController();
    const filling = fill(getRange, 0, new Uint8Array(10), { ...quick, noProgressMs: 60_000 }, controller.signal);
    setImmediate(() => controller.abort(new Error("enough")));
    await expect(filling).rejects.toThrow("enough");
    expect(requests.map(({ signal }) => signal.aborted)).toEqual([true]);
  });

  test("fills shared memory", async () => {
    const target = new Uint8Array(new SharedArrayBuffer(300));
    await fill(service([{ kind: "breaks", bytes: 9 }]).getRange, 40, target);
    expect(Buffer.from(target.slice())).toEqual(object.subarray(40, 340));
  });

  test("comes out byte for byte, whatever happens on the way", async () => {
    const turn: fc.Arbitrary<Turn> = fc.oneof(
      fc.record({
        kind: fc.constantFrom("refused" as const, "whole" as const, "longer" as const, "shorter-announced" as const),
      }),
      fc.record({
        kind: fc.constantFrom("breaks" as const, "ends" as const, "trails-off" as const),
        bytes: fc.nat(400),
      }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(turn, { maxLength: 7 }), fc.nat(5000), fc.nat(2000), async (turns, start, length) => {
        const target = new Uint8Array(length);
        await fill(service(turns).getRange, start, target);
        expect(Buffer.compare(target, object.subarray(start, start + length))).toBe(0);
      }),
      { numRuns: 300 },
    );
  });
});

describe("in parts", () => {
  test("every byte of the target lies in exactly one part, with no more than the limit under way", async () => {
    const target = new Uint8Array(1003);
    let underWay = 0;
    let maximum = 0;
    await inParts(target, { partBytes: 100, limit: 4 }, async (offset, part) => {
      maximum = Math.max(maximum, ++underWay);
      await later();
      expect(part.byteOffset).toBe(offset);
      for (let index = 0; index < part.length; index++) part[index] = (part[index] ?? 0) + 1;
      underWay--;
    });
    expect(target.every((byte) => byte === 1)).toBe(true);
    expect(maximum).toBe(4);
  });

  test("the first failure ends the others and is the one that is thrown, once nothing is under way any more", async () => {
    const ended: string[] = [];
    const work = inParts(new Uint8Array(1000), { partBytes: 100, limit: 4 }, async (offset, _part, signal) => {
      await later();
      if (offset === 200) throw new Error("no");
      await later();
      ended.push(signal?.aborted ? "told" : "not told");
      signal?.throwIfAborted();
    });
    await expect(work).rejects.toThrow("no");
    expect(ended).toEqual(["told", "told", "told"]);
  });

  test("an empty target is one part without bytes", async () => {
    const lengths: number[] = [];
    await inParts(
      new Uint8Array(0),
      { partBytes: 10, limit: 2 },
      async (_offset, part) => void lengths.push(part.length),
    );
    expect(lengths).toEqual([0]);
  });
});
