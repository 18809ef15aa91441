import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test, vi } from "vitest";
import { createStore } from "../../../../workers/store/openStore.ts";

/** The requests that reach an address of this machine. */
async function listener(): Promise<{ readonly url: string; readonly paths: string[] }> {
  const paths: string[] = [];
  const server = createServer((request, response) => {
    paths.push(String(request.url));
    response.writeHead(200, { etag: '"1"', "content-length": 4 }).end("text");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, paths };
}

test.each([
  ["that of S3 before that of all services", (here: string, other: string) => [here, other]],
  ["that of all services", (here: string) => [undefined, here]],
  ["an empty one is none", (here: string) => ["", here]],
] as const)("S3 is asked at the address of the environment, with the bucket in the path: %s", async (_, addresses) => {
  const [here, other] = [await listener(), await listener()];
  const [ofS3, ofAll] = addresses(here.url, other.url);
  vi.stubEnv("AWS_ENDPOINT_URL_S3", ofS3);
  vi.stubEnv("AWS_ENDPOINT_URL", ofAll);
  vi.stubEnv("AWS_ACCESS_KEY_ID", "a");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "b");
  onTestFinished(() => void vi.unstubAllEnvs());
  const store = createStore({ region: "eu-west-1", bucket: "my-bucket" });
  onTestFinished(() => store.destroy());
  await store.get("some/key");
  expect(here.paths).toEqual([expect.stringMatching(/^\/my-bucket\/some\/key/)]);
  expect(other.paths).toEqual([]);
});
