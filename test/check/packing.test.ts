import { expect, test } from "vitest";
import { usableMemory } from "../../src/check/rules-support/packing.ts";
import { checkExample } from "../../src/derive/checkExample.ts";

// MiB: what surely is there, and the most that such an instance was seen to offer.
test.each([
  [8192, 7545, 7955],
  [16384, 15123, 15942],
  [32768, 30278, 31916],
])("an instance of %i MiB offers %i for sure and %i at most", (memory, sure, possible) => {
  expect(usableMemory({ memory } as Parameters<typeof usableMemory>[0])).toEqual({ sure, possible });
});

test("8192 MiB runs 3 of 4, 1 of 2 and never on the c5 sizes of the document; 7168 sells every vCPU", async () => {
  const packing = async (memory: number) => {
    const job = { container_properties: { memory } };
    const documents = { "batch-processing-job.json": job, "batch-validation-job.json": job };
    const found = await checkExample({ shows: "the document's instances", documents });
    return found.filter(({ rule }) => rule === "memory-packing");
  };
  const [first, second] = await packing(8192);
  expect(first?.hint).toMatch(/c5\.4xlarge runs 3 of 4 .*c5\.2xlarge runs 1 of 2 .*c5\.xlarge can never run it; 7168/);
  expect(second?.hint).toBe(first?.hint);
  expect(await packing(7168)).toEqual([]);
});
