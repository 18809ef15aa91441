import fc from "fast-check";
import { expect, test } from "vitest";
import type { SinkNature } from "./parts/destination.ts";
import { Life } from "./parts/life.ts";
import type { Line } from "./parts/validatedFile.ts";
import { isDoneIn, World } from "./parts/world.ts";

/** A file with everything in it that moves positions: quoted line ends, CRLF, blank lines, rejected records of any kind. */
const lines = fc
  .array(
    fc.oneof(
      {
        weight: 6,
        arbitrary: fc.constantFrom<Line>({ text: "ID,x\n", kind: "good" }, { text: "ID,x\r\n", kind: "good" }),
      },
      fc.constantFrom<Line>(
        { text: 'ID,"a\n\nb"\n', kind: "good" },
        { text: 'ID,"""€"""\n', kind: "good" },
        { text: "\n", kind: "blank" },
        { text: "\r\n", kind: "blank" },
        { text: "ID\n", kind: "rejected" },
        { text: '""\n', kind: "rejected" },
        { text: "ID,x,y\n", kind: "rejected" },
        { text: 'ID,"never closed\n', kind: "rejected" },
        { text: 'ID,"text"after\n', kind: "rejected" },
        { text: "ID,fine but refused by a rule\n", kind: "rejected" },
      ),
    ),
    { maxLength: 60 },
  )
  .map(numbered)
  // A quote that is never closed may be closed by the next one, and then the records in between are others.
  .map((all) => withoutReopenedQuotes(all));

function numbered(all: readonly Line[]): Line[] {
  let index = 0;
  return all.map(({ text, kind }) => {
    const id = kind === "blank" ? index : index++;
    return { text: text.replace("ID", String(id)), kind };
  });
}

function withoutReopenedQuotes(all: readonly Line[]): Line[] {
  const last = all.findLastIndex(({ text }) => text.includes('"'));
  return all.map((line, position) => {
    if (!line.text.includes("never closed") || position === last) return line;
    return { ...line, text: line.text.replace('"never', 'n"ever') };
  });
}

/** A pseudo-random order for each batch, so that acknowledgements come out of order within it and between batches. */
const natures = fc.record({ seed: fc.nat(), slow: fc.integer({ min: 1, max: 5 }), refuses: fc.nat(12) });

function natureOf({ seed, slow, refuses }: { seed: number; slow: number; refuses: number }): SinkNature {
  let state = seed | 1;
  const random = (below: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state % below;
  };
  return {
    order: (length) => {
      const order = Array.from({ length }, (_, position) => position);
      for (let at = length - 1; at > 0; at--) {
        const other = random(at + 1);
        [order[at], order[other]] = [order[other] as number, order[at] as number];
      }
      return order;
    },
    stepsBefore: () => 1 + random(slow),
    refuses: (index) => refuses > 9 && index % refuses === 3,
  };
}

const limits = fc.record({
  maxBatchesInFlight: fc.integer({ min: 1, max: 4 }),
  maxBatchMessages: fc.integer({ min: 1, max: 7 }),
  maxBatchBytes: fc.constant(1 << 20),
});

const cases = fc.record({
  lines,
  chunkSize: fc.integer({ min: 1, max: 70 }),
  chunk: fc.nat(3),
  nature: natures,
  limits,
  pieceBytes: fc.integer({ min: 1, max: 90 }),
  recordsPerMark: fc.integer({ min: 1, max: 9 }),
});

function worldOf({ lines, chunkSize, chunk }: { lines: readonly Line[]; chunkSize: number; chunk: number }): World {
  const world = new World(lines, { chunkSize });
  return new World(lines, { chunkSize, chunk: Math.min(chunk, world.file.chunks.length - 1) });
}

/** A checkpoint must never say of a record that it is done which is neither at the destination nor written down. */
function watchCheckpoints(world: World): string[] {
  const wrong: string[] = [];
  world.bucket.onPut = (uri, bytes) => {
    if (!uri.includes("/checkpoints/")) return;
    const checkpoint = JSON.parse(Buffer.from(bytes).toString());
    const safe = new Set([...world.destination.arrived, ...world.undeliverable().map(({ index }) => index as number)]);
    for (const index of world.wanted) {
      if (isDoneIn(checkpoint, index) && !safe.has(index)) wrong.push(`record ${index} counts as done`);
    }
  };
  return wrong;
}

/** Everything that is wanted has arrived or was written down. */
function expectAll(world: World): void {
  const refused = world.undeliverable().map(({ index }) => index as number);
  const all = [...new Set([...world.destination.arrived, ...refused])].sort((a, b) => a - b);
  expect(all).toEqual(world.wanted);
}

test("killed at any moment, any number of times: nothing is lost, and only what no checkpoint had is sent again", async () => {
  await fc.assert(
    fc.asyncProperty(cases, fc.array(fc.integer({ min: 1, max: 150 }), { maxLength: 6 }), async (one, kills) => {
      const world = worldOf(one);
      const wrong = watchCheckpoints(world);
      for (const diesAt of [...kills, Number.POSITIVE_INFINITY]) {
        const before = world.checkpoint();
        const sentBefore = world.destination.arrived.length;
        const options = { ...one, nature: natureOf(one.nature), life: new Life({ diesAt }) };
        await world.attempt(options).catch(onlyRefused);
        if (before === undefined) continue;
        const sentAgain = world.destination.arrived.slice(sentBefore).filter((index) => isDoneIn(before, index));
        expect(sentAgain).toEqual([]);
      }
      expect(wrong).toEqual([]);
      expectAll(world);
      expect(world.checkpoint()).toMatchObject({ done: true });
    }),
    { numRuns: 250 },
  );
});

test("told to stop at any moment, any number of times: everything arrives exactly once", async () => {
  await fc.assert(
    fc.asyncProperty(cases, fc.array(fc.integer({ min: 1, max: 150 }), { maxLength: 6 }), async (one, stops) => {
      const world = worldOf(one);
      const wrong = watchCheckpoints(world);
      for (const stopAt of [...stops, Number.POSITIVE_INFINITY]) {
        const controller = new AbortController();
        const onStep = (step: number) => {
          if (step === stopAt) controller.abort("SIGTERM");
        };
        const options = { ...one, nature: natureOf(one.nature), life: new Life({ onStep }), signal: controller.signal };
        await world.attempt(options).catch((error) => {
          if (error.outcome === "try-again") expect(error.message).toContain("SIGTERM");
          else onlyRefused(error);
        });
      }
      expect(wrong).toEqual([]);
      expectAll(world);
      expect(world.destination.repeats).toBe(0);
      const refused = world.undeliverable().map(({ index }) => index);
      expect(refused).toEqual([...new Set(refused)]);
    }),
    { numRuns: 250 },
  );
});

test("a destination that fails now and then gets everything exactly once where it acknowledges what it stores", async () => {
  await fc.assert(
    fc.asyncProperty(cases, fc.array(fc.nat(60), { maxLength: 6 }), async (one, failures) => {
      const world = worldOf(one);
      for (const failing of failures) {
        const nature = { ...natureOf(one.nature), failsAt: (index: number) => index === failing };
        await world.attempt({ ...one, nature }).catch((error) => {
          if (error.outcome !== "try-again") onlyRefused(error);
        });
      }
      await world.attempt({ ...one, nature: natureOf(one.nature) }).catch(onlyRefused);
      expectAll(world);
      expect(world.destination.repeats).toBe(0);
    }),
    { numRuns: 150 },
  );
});

test("two attempts at the same time: the one that took over last delivers, the other stops, nothing is lost", async () => {
  await fc.assert(
    fc.asyncProperty(cases, fc.integer({ min: 1, max: 80 }), async (one, head) => {
      const world = worldOf(one);
      const wrong = watchCheckpoints(world);
      let newer: Promise<unknown> | undefined;
      const onStep = (step: number) => {
        if (step === head) newer = outcomeOf(world.attempt({ ...one, name: "newer", nature: natureOf(one.nature) }));
      };
      const older = await outcomeOf(
        world.attempt({ ...one, name: "older", nature: natureOf(one.nature), life: new Life({ onStep }) }),
      );
      const outcomes = [older, await newer];
      expect(wrong).toEqual([]);
      expect(outcomes.some((outcome) => outcome === "done" || outcome === "data-refused")).toBe(true);
      expectAll(world);
      // Whoever did not end well says that the other one has taken over, so that it is tried again.
      for (const outcome of outcomes) expect(["done", "data-refused", "try-again", undefined]).toContain(outcome);
    }),
    { numRuns: 150 },
  );
});

function onlyRefused(error: { outcome?: string }): void {
  if (error.outcome !== "data-refused") throw error;
}

async function outcomeOf(attempt: Promise<unknown>): Promise<string> {
  return attempt.then(
    () => "done",
    (error) => {
      if (error.outcome === undefined) throw error;
      return error.outcome;
    },
  );
}
