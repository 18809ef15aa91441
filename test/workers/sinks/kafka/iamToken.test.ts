import { expect, test } from "vitest";
import { cachedIamToken } from "../../../../workers/sinks/kafka/iamToken.ts";

test("a token serves all connections for four fifths of its life, and then a new one does", async () => {
  let time = 1_000_000;
  let signed = 0;
  const token = cachedIamToken(
    async () => ({ token: `token ${++signed}`, expiryTime: time + 900_000 }),
    () => time,
  );
  expect(await Promise.all([token(), token(), token()])).toEqual(Array(3).fill({ value: "token 1" }));
  time += 719_999;
  expect(await token()).toEqual({ value: "token 1" });
  time += 1;
  expect(await Promise.all([token(), token()])).toEqual(Array(2).fill({ value: "token 2" }));
});

test("a signature that failed is tried again by the next who asks", async () => {
  let failures = 1;
  const token = cachedIamToken(async () => {
    if (failures-- > 0) throw new Error("no credentials yet");
    return { token: "token", expiryTime: Date.now() + 900_000 };
  });
  await expect(token()).rejects.toThrow("no credentials yet");
  expect(await token()).toEqual({ value: "token" });
});
