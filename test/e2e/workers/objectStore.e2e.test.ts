import { createHash, randomUUID } from "node:crypto";
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { WorkerFault } from "../../../workers/model/fault.ts";
import { Conflict, type ObjectStore } from "../../../workers/model/objectStore.ts";
import { createStore } from "../../../workers/store/openStore.ts";
import { S3Store } from "../../../workers/store/s3/s3Store.ts";
import { type Emulator, emulatorSource, startEmulator } from "../parts/emulator.ts";
import { present, reasonsToSkip } from "../parts/part.ts";
import { type Fault, type FaultProxy, startFaultProxy } from "./faultProxy.ts";

const parts = { "AWS emulator": await emulatorSource() };
const absent = reasonsToSkip(parts);
for (const reason of absent) console.warn(`skipped for want of ${reason}`);

const mebibyte = 1024 * 1024;
const region = "us-east-1";
const uri = "s3://input/day 1/ä+%.csv";
// Quick enough for a test, and slow enough for a body of 40 MB.
const patience = { attempts: 4, noProgressMs: 1500, firstDelayMs: 5, maxDelayMs: 20 };

describe.skipIf(absent.length > 0)("objects of S3", () => {
  let emulator: Emulator;
  let proxy: FaultProxy;
  let store: ObjectStore;
  /** Goes past the proxy. */
  let admin: S3Client;
  const object = randomBytesOf(40 * 1000 * 1000, 7);
  const before = { ...process.env };

  beforeAll(async () => {
    Object.assign(process.env, { AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test" });
    emulator = await startEmulator(present(parts["AWS emulator"]));
    await emulator.reset();
    proxy = await startFaultProxy(emulator.url);
    admin = new S3Client({ region, endpoint: emulator.url, forcePathStyle: true });
    await admin.send(new CreateBucketCommand({ Bucket: "input" }));
    store = new S3Store({ region, endpoint: proxy.url, patience });
    await store.put(uri, object);
    await store.put("s3://input/plain", Buffer.from("x"));
  });

  beforeEach(() => proxy.plan());

  afterEach(async () => {
    // Bodies that nobody reads to their end keep their connections: there may be none.
    await expect.poll(() => proxy.busy(), { timeout: 5000 }).toBe(0);
  });

  afterAll(async () => {
    store?.destroy();
    admin?.destroy();
    await proxy?.stop();
    await emulator?.stop();
    process.env = before;
  });

  describe("are read byte for byte", () => {
    const gets = ({ method, range }: { method: string; range: string | undefined }) =>
      method === "GET" && range !== undefined;
    const slowDown = { status: 503, code: "SlowDown" };

    test.each<[string, readonly Fault[]]>([
      ["from a service without faults", []],
      ["when bodies break off", [{ when: gets, times: 9, cutAfterBytes: 1_500_000 }]],
      ["when bodies break off before their first byte", [{ when: gets, times: 3, cutAfterBytes: 0 }]],
      ["when bodies stall for ever", [{ when: gets, times: 3, stallAfterBytes: 900_000 }]],
      [
        "when answers never come",
        [{ when: gets, times: 2, before: () => new Promise((settle) => setTimeout(settle, 2500)) }],
      ],
      [
        "when the service says to slow down",
        [
          { when: gets, times: 3, answer: slowDown },
          { when: ({ method }) => method === "HEAD", times: 2, answer: slowDown },
        ],
      ],
      ["when the answer is lost", [{ when: gets, times: 3, loseAnswer: true }]],
      ["when a body trickles, which is no stall", [{ when: gets, times: 1, trickle: { bytes: 150_000, pauseMs: 10 } }]],
    ])("%s", async (_what, faults) => {
      proxy.plan(...faults);
      const reader = await store.open(uri);
      const whole = new Uint8Array(new SharedArrayBuffer(reader.version.size));
      await reader.readInto(0, whole);
      expect(Buffer.compare(whole, object)).toBe(0);
      proxy.plan(...faults);
      expect(await hashOf(reader.stream(1, object.length - 1))).toBe(hash(object.subarray(1, -1)));
      await reader.close();
    });

    test("when the requests before and after it are never answered", async () => {
      const never = () => new Promise<void>((settle) => setTimeout(settle, 20_000));
      proxy.plan({ before: never }, { when: ({ method }) => method === "PUT", before: never });
      expect((await store.open(uri)).version.size).toBe(object.length);
      await store.put("s3://input/late", Buffer.from("x"));
      expect(proxy.seen.map(({ method }) => method)).toEqual(["HEAD", "HEAD", "PUT", "PUT"]);
    });

    test("in parts, several at a time, each asked for once", async () => {
      const reader = await store.open(uri);
      proxy.plan();
      await reader.readInto(5, new Uint8Array(20 * mebibyte));
      expect(proxy.seen.map(({ range }) => range)).toEqual([
        `bytes=5-${5 + 8 * mebibyte - 1}`,
        `bytes=${5 + 8 * mebibyte}-${5 + 16 * mebibyte - 1}`,
        `bytes=${5 + 16 * mebibyte}-${5 + 20 * mebibyte - 1}`,
      ]);
    });

    test("and no further than the reader goes: what is under way ends with it", async () => {
      const reader = await store.open(uri);
      proxy.plan({ times: 9, stallAfterBytes: 5 * mebibyte });
      for await (const piece of reader.stream(0, object.length)) {
        expect(Buffer.compare(piece, object.subarray(0, piece.length))).toBe(0);
        break;
      }
      expect(proxy.seen.length).toBeLessThanOrEqual(5);
    });

    test("until the caller gives up", async () => {
      const reader = await store.open(uri);
      proxy.plan({ times: 99, stallAfterBytes: 1000 });
      const controller = new AbortController();
      const reading = reader.readInto(0, new Uint8Array(20 * mebibyte), controller.signal);
      setTimeout(() => controller.abort(new Error("enough")), 100);
      await expect(reading).rejects.toThrow("enough");
    });

    test("when they are empty", async () => {
      await store.put("s3://input/empty", new Uint8Array(0));
      const reader = await store.open("s3://input/empty");
      expect(reader.version.size).toBe(0);
      expect(await hashOf(reader.stream(0, 0))).toBe(hash(new Uint8Array(0)));
    });
  });

  test("take up again where they stopped: no byte comes twice", async () => {
    const reader = await store.open(uri);
    proxy.plan({ times: 3, cutAfterBytes: 1_000_000 });
    await reader.readInto(0, new Uint8Array(8 * mebibyte));
    expect(proxy.seen.length).toBe(4);
    const starts = proxy.seen.map(({ range }) => Number(/\d+/.exec(range ?? "")?.[0]));
    expect(starts.every((start, index) => index === 0 || start > (starts[index - 1] ?? 0))).toBe(true);
    expect(starts[3]).toBeGreaterThan(2_000_000);
  });

  test("that are replaced while they are read are not mixed with the new ones", async () => {
    const other = "s3://input/replaced";
    const { etag } = await store.put(other, object.subarray(0, 20_000_000));
    // Patient: the replacement takes its time, and an attempt that did not wait for it would read the old object to its
    // end. One that is repeated on a busy machine leaves part of the object there for a moment, with another ETag.
    const patient = new S3Store({ region, endpoint: proxy.url, patience: { ...patience, noProgressMs: 30_000 } });
    const reader = await patient.open(other, { etag });
    let now = "";
    const replace = async () => {
      now = (await patient.put(other, object.subarray(1, 20_000_001))).etag;
    };
    proxy.plan({ when: ({ method, number }) => method === "GET" && number === 2, before: replace });
    const expected = new RegExp(
      `^input-missing: ${other} is no longer the object that was validated: its ETag was ${etag}, it is now "`,
    );
    const fault = await faultOf(() => hashOf(reader.stream(0, 20_000_000)));
    expect(fault).toMatch(expected);
    expect(fault).toContain(now);
    expect(await faultOf(() => store.open(other, { etag }))).toMatch(expected);
    await admin.send(new DeleteObjectCommand({ Bucket: "input", Key: "replaced" }));
    expect(await faultOf(() => reader.readInto(0, new Uint8Array(10)))).toMatch(
      /^input-missing: .* the object does not exist/,
    );
    patient.destroy();
  });

  describe("that cannot be had are told apart", () => {
    test("a missing object, a missing bucket", async () => {
      expect(await faultOf(() => store.open("s3://input/none"))).toMatch(
        /^input-missing: s3:\/\/input\/none: the object does not exist/,
      );
      expect(await faultOf(() => store.open("s3://no-such-bucket/k"))).toMatch(
        /^input-missing: .* the bucket no-such-bucket does not exist/,
      );
      expect(await faultOf(() => store.put("s3://no-such-bucket/k", object.subarray(0, 9)))).toMatch(
        /^configuration: .* the bucket no-such-bucket does not exist/,
      );
      expect(await store.get("s3://input/none")).toBeUndefined();
      expect(await faultOf(() => store.get("s3://no-such-bucket/k"))).toMatch(/^input-missing: /);
    });

    test("what is not allowed, with the action", async () => {
      const denied = { times: 9, answer: { status: 403, code: "AccessDenied" } };
      proxy.plan(denied);
      expect(await faultOf(() => store.open(uri))).toMatch(
        /^not-allowed: .*: s3:GetObject is not allowed \(planned\) \| .*s3:ListBucket/,
      );
      expect(await faultOf(() => store.get(uri))).toMatch(/^not-allowed: .*: s3:GetObject is not allowed/);
      expect(await faultOf(() => store.put(uri, object.subarray(0, 9)))).toMatch(
        /^not-allowed: .*: s3:PutObject is not allowed/,
      );
      expect(proxy.seen.length).toBe(4);
    });

    test("a user without a policy, where policies are enforced", async () => {
      // A plain key: the signature of others is not what the emulator reckons, and it looks at signatures only here.
      const keys = await userWithoutPolicy(emulator.url);
      const saved = { ...process.env };
      Object.assign(process.env, { AWS_ACCESS_KEY_ID: keys.id, AWS_SECRET_ACCESS_KEY: keys.secret });
      const other = new S3Store({ region, endpoint: emulator.url, patience });
      await fetch(`${emulator.url}/moto-api/reset-auth`, { method: "POST", body: Buffer.from("0") });
      try {
        expect(await faultOf(() => other.open("s3://input/plain"))).toMatch(
          /^not-allowed: .*: s3:GetObject is not allowed \(Access Denied\)/,
        );
      } finally {
        await fetch(`${emulator.url}/moto-api/reset-auth`, { method: "POST", body: Buffer.from("inf") });
        process.env = saved;
        other.destroy();
      }
    });

    test("a process without credentials", async () => {
      const saved = { ...process.env };
      process.env = { PATH: saved.PATH, AWS_EC2_METADATA_DISABLED: "true", HOME: "/nonexistent" };
      const other = new S3Store({ region, endpoint: proxy.url, patience });
      try {
        expect(await faultOf(() => other.open(uri))).toMatch(
          /^not-allowed: .* no AWS credentials were found .*\| .*jobRoleArn/,
        );
      } finally {
        process.env = saved;
        other.destroy();
      }
    });

    test("a bucket of another region", async () => {
      proxy.plan({ times: 9, answer: { status: 301, code: "PermanentRedirect" } });
      expect(await faultOf(() => store.open(uri))).toMatch(/^configuration: .* the bucket input is not in us-east-1/);
    });

    test("a service that does not answer, after all attempts", async () => {
      const other = new S3Store({ region, endpoint: "http://127.0.0.1:9", patience });
      expect(await faultOf(() => other.open(uri))).toMatch(
        /^try-again: .*: no answer in 4 attempts, the last time: .*ECONNREFUSED/,
      );
      other.destroy();
      proxy.plan({ times: 99, answer: { status: 503, code: "SlowDown" } });
      expect(await faultOf(() => store.get(uri))).toMatch(
        /^try-again: .*: no answer in 4 attempts, the last time: planned/,
      );
      expect(proxy.seen.length).toBe(4);
    });
  });

  describe("that are small", () => {
    const small = "s3://input/checkpoint.json";

    test("are written if nobody else has: of two that write at once exactly one wins", async () => {
      for (let round = 0; round < 10; round++) {
        const key = `s3://input/race-${round}.json`;
        const first = await race((text) => store.put(key, Buffer.from(text), { ifAbsent: true }));
        expect(first).toEqual(["lost", "won"]);
        const { etag } = (await store.get(key)) ?? { etag: "none" };
        expect(await race((text) => store.put(key, Buffer.from(text), { ifMatch: etag }))).toEqual(["lost", "won"]);
      }
      await expect(store.put("s3://input/never-there", Buffer.from("x"), { ifMatch: '"x"' })).rejects.toThrow(Conflict);
    });

    test("count as written when only the answer was lost, and as lost when they are another's", async () => {
      const put = ({ method }: { method: string }) => method === "PUT";
      const { etag } = await store.put(small, Buffer.from("one"));
      proxy.plan({ when: put, loseAnswer: true });
      const { etag: next } = await store.put(small, Buffer.from("two"), { ifMatch: etag });
      expect(await store.get(small)).toEqual({ bytes: Buffer.from("two"), etag: next });
      proxy.plan({ when: put, answer: { status: 500, code: "InternalError" } });
      await expect(store.put(small, Buffer.from("three"), { ifMatch: etag })).rejects.toThrow(Conflict);
      proxy.plan({ when: put, answer: { status: 409, code: "ConditionalRequestConflict" } });
      await expect(store.put(small, Buffer.from("three"), { ifMatch: next })).rejects.toThrow(Conflict);
    });

    test("are read in spite of bodies that break off or stall", async () => {
      const bytes = object.subarray(0, 3_000_000);
      await store.put(small, bytes, { contentType: "application/json" });
      proxy.plan({ cutAfterBytes: 1_000_000 }, { stallAfterBytes: 2_000_000 });
      const found = await store.get(small);
      expect(Buffer.compare(found?.bytes ?? new Uint8Array(0), bytes)).toBe(0);
    });
  });

  describe("that are written piece by piece", () => {
    const out = "s3://input/out/rejects.csv";

    test.each([
      ["25 MB", 25_000_000, [], 4],
      [
        "25 MB, in spite of faults",
        25_000_000,
        [
          {
            when: ({ method, url }) => method === "PUT" && url.includes("partNumber=2"),
            times: 2,
            answer: { status: 503, code: "SlowDown" },
          },
          { when: ({ url }) => url.includes("partNumber=1"), loseAnswer: true },
          { when: ({ method, url }) => method === "POST" && url.includes("uploadId="), loseAnswer: true },
        ] satisfies Fault[],
        4,
      ],
      ["few bytes, in one request", 1000, [], 0],
      ["none", 0, [], 0],
    ] as const)("appear when they are complete: %s", async (_what, size, faults, partCount) => {
      await admin.send(new DeleteObjectCommand({ Bucket: "input", Key: "out/rejects.csv" }));
      proxy.plan(...faults);
      const writer = store.createWriter(out, { contentType: "text/csv" });
      const reused = Buffer.alloc(700_001);
      for (let offset = 0; offset < size; offset += reused.length) {
        const length = Math.min(reused.length, size - offset);
        object.copy(reused, 0, offset, offset + length);
        await writer.write(reused.subarray(0, length));
        reused.fill(0);
      }
      expect((await store.get(out)) === undefined).toBe(true);
      const version = await writer.close();
      expect(version.size).toBe(size);
      const reader = await store.open(out, { etag: version.etag });
      expect(reader.version).toEqual(version);
      expect(await hashOf(reader.stream(0, size))).toBe(hash(object.subarray(0, size)));
      if (partCount > 0) expect(version.etag).toMatch(new RegExp(`-${Math.ceil(size / (8 * mebibyte))}"$`));
      const { ContentType } = await admin.send(new HeadObjectCommand({ Bucket: "input", Key: "out/rejects.csv" }));
      expect(ContentType).toBe("text/csv");
    });

    const uploads = async () => {
      const { Uploads = [] } = await admin.send(new ListMultipartUploadsCommand({ Bucket: "input" }));
      return Uploads.map(({ Key }) => Key);
    };

    test("leave nothing when they are aborted, not even parts", async () => {
      const writer = store.createWriter("s3://input/aborted");
      await writer.write(object.subarray(0, 20_000_000));
      expect(await uploads()).toEqual(["aborted"]);
      await writer.abort();
      expect(await uploads()).toEqual([]);
      expect((await store.get("s3://input/aborted")) === undefined).toBe(true);
    });

    test("fail with the reason when they may not be written", async () => {
      proxy.plan({ times: 99, answer: { status: 403, code: "AccessDenied" } });
      const writer = store.createWriter("s3://input/denied");
      const writing = async () => {
        await writer.write(object.subarray(0, 9 * mebibyte));
        await writer.close();
      };
      expect(await faultOf(writing)).toMatch(/^not-allowed: s3:\/\/input\/denied: s3:PutObject is not allowed/);
      await writer.abort();
    });
  });

  test("are found by keys of the bucket, at the endpoint that the environment names", async () => {
    process.env.AWS_ENDPOINT_URL_S3 = proxy.url;
    const named = createStore({ region, bucket: "input" });
    try {
      await named.put("by/key", Buffer.from("x"));
      expect((await named.open("by/key")).version.uri).toBe("s3://input/by/key");
      expect(proxy.seen[0]?.url).toMatch(/^\/input\/by\/key/);
      const writer = named.createWriter("by/writer");
      await writer.write(Buffer.from("y"));
      expect((await writer.close()).size).toBe(1);
    } finally {
      delete process.env.AWS_ENDPOINT_URL_S3;
      named.destroy();
    }
  });

  test("of any size pass through memory of bounded size", async () => {
    const large = "s3://input/large";
    const size = 160_000_000;
    const rest = process.memoryUsage().arrayBuffers;
    let most = 0;
    const look = setInterval(() => {
      most = Math.max(most, process.memoryUsage().arrayBuffers - rest);
    }, 20);
    const direct = new S3Store({ region, endpoint: emulator.url });
    try {
      const writer = direct.createWriter(large);
      const sum = createHash("sha256");
      for (let offset = 0; offset < size; offset += 4_000_000) {
        const piece = object.subarray(offset % 36_000_000, (offset % 36_000_000) + 4_000_000);
        sum.update(piece);
        await writer.write(piece);
      }
      const { etag } = await writer.close();
      const reader = await direct.open(large, { etag });
      expect(await hashOf(reader.stream(0, size))).toBe(sum.digest("hex"));
    } finally {
      clearInterval(look);
      direct.destroy();
    }
    expect(most).toBeLessThan(120 * mebibyte);
  });
});

/** The outcome, the message and the hint of the fault that it ends in. */
async function faultOf(run: () => Promise<unknown>): Promise<string> {
  try {
    await run();
  } catch (error) {
    if (!(error instanceof WorkerFault)) throw error;
    return `${error.outcome}: ${error.message} | ${error.hint}`;
  }
  throw new Error("it did not fail");
}

/** What becomes of two that do the same at once, in alphabetical order. Their bytes are new: equal bytes have equal ETags. */
async function race(put: (text: string) => Promise<unknown>): Promise<string[]> {
  const ends = await Promise.allSettled([put(randomUUID()), put(randomUUID())]);
  return ends
    .map((end) => {
      if (end.status === "fulfilled") return "won";
      if (end.reason instanceof Conflict) return "lost";
      throw end.reason;
    })
    .sort();
}

function hash(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

async function hashOf(pieces: AsyncIterable<Uint8Array>): Promise<string> {
  const sum = createHash("sha256");
  for await (const piece of pieces) {
    expect(piece.length).toBeLessThanOrEqual(mebibyte);
    sum.update(piece);
  }
  return sum.digest("hex");
}

function randomBytesOf(length: number, seed: number): Buffer {
  const words = new Uint32Array(length / 4);
  let state = seed;
  for (let index = 0; index < words.length; index++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    words[index] = state;
  }
  return Buffer.from(words.buffer);
}

/** A user of the emulated account whom no policy allows anything. */
async function userWithoutPolicy(url: string): Promise<{ readonly id: string; readonly secret: string }> {
  const ask = async (action: string) => {
    const answer = await fetch(url, {
      method: "POST",
      headers: {
        "content-type": "application/x-www-form-urlencoded",
        authorization:
          "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/iam/aws4_request, SignedHeaders=host, Signature=0",
      },
      body: `Action=${action}&UserName=nobody&Version=2010-05-08`,
    });
    return answer.text();
  };
  await ask("CreateUser");
  const text = await ask("CreateAccessKey");
  const textOf = (name: string) => new RegExp(`<${name}>([^<]+)<`).exec(text)?.[1] ?? "";
  return { id: textOf("AccessKeyId"), secret: textOf("SecretAccessKey") };
}
