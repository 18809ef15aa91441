import { createRequire } from "node:module";
import fc from "fast-check";
import { expect, test } from "vitest";
import { murmur2, partitionOf } from "../../../../workers/sinks/kafka/murmur2.ts";

const ofKafkajs = createRequire(import.meta.url)("kafkajs/src/producer/partitioners/default/murmur2.js") as (
  key: Buffer,
) => number;

test("the hashes are those that Kafka's own tests hold its producer to", () => {
  const hashes: Readonly<Record<string, number>> = {
    "21": -973932308,
    foobar: -790332482,
    "a-little-bit-long-string": -985981536,
  };
  for (const [key, hash] of Object.entries(hashes)) expect(murmur2(Buffer.from(key))).toBe(hash);
});

test("any key, wherever it stands among other bytes, has the hash that kafkajs gives it", () => {
  const piece = fc.uint8Array({ maxLength: 20 });
  fc.assert(
    fc.property(piece, piece, piece, (before, key, after) => {
      const bytes = Buffer.concat([before, key, after]);
      const hash = ofKafkajs(Buffer.from(key));
      expect(murmur2(bytes, before.length, before.length + key.length)).toBe(hash);
      expect(partitionOf(bytes, before.length, before.length + key.length, 7)).toBe((hash & 0x7fffffff) % 7);
    }),
  );
});
