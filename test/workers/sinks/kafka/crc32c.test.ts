import { createRequire } from "node:module";
import fc from "fast-check";
import { expect, test } from "vitest";
import { crc32c } from "../../../../workers/sinks/kafka/crc32c.ts";

const ofKafkajs = createRequire(import.meta.url)("kafkajs/src/protocol/recordBatch/crc32C/index.js") as (
  bytes: Buffer,
) => number;

test("the checksums are those of RFC 3720, appendix B.4", () => {
  expect(crc32c(Buffer.from("123456789"))).toBe(0xe3069283);
  expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aa);
  expect(crc32c(new Uint8Array(32).fill(0xff))).toBe(0x62a8ab43);
  expect(crc32c(Uint8Array.from({ length: 32 }, (_, i) => i))).toBe(0x46dd794e);
  expect(crc32c(Uint8Array.from({ length: 32 }, (_, i) => 31 - i))).toBe(0x113fdb5c);
});

test("any part of any bytes has the checksum that kafkajs gives it", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), fc.nat(64), (bytes, start) => {
      const from = Math.min(start, bytes.length);
      expect(crc32c(bytes, from)).toBe(ofKafkajs(Buffer.from(bytes.subarray(from))));
    }),
  );
});
