import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/**
 * The provider has Step Functions validate a definition while it plans, and gives up without an answer. This one finds
 * every definition good: other tests judge it.
 */
export async function agreeableStepFunctions(): Promise<{ readonly url: string; readonly server: Server }> {
  const server = createServer((request, response) => {
    request.resume();
    request.on("end", () => {
      response.setHeader("content-type", "application/x-amz-json-1.0");
      response.end(JSON.stringify({ result: "OK", diagnostics: [] }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server };
}
