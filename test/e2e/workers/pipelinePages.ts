import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";

export interface Pages {
  /** To use in place of the service's. */
  readonly url: string;
  /** Paths that were answered with a page. */
  readonly answered: ReadonlySet<string>;
  close(): Promise<void>;
}

/** Stands before S3, and answers the first write of each object with a page of its own, and 200, as some proxies do. */
export async function startPages(to: string): Promise<Pages> {
  const { hostname, port } = new URL(to);
  const answered = new Set<string>();
  const server = createServer((incoming, outgoing) => {
    const { method, url: path = "", headers } = incoming;
    const object = path.replace(/\?.*$/, "");
    if (method === "PUT" && !answered.has(object)) {
      answered.add(object);
      incoming.resume();
      incoming.on("end", () => outgoing.writeHead(200, { "content-type": "text/html" }).end("<p>Please log in"));
      return;
    }
    const passedOn = request({ hostname, port, method, path, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    passedOn.on("error", () => outgoing.destroy());
    incoming.pipe(passedOn);
  });
  await new Promise<void>((settle) => server.listen(0, "127.0.0.1", settle));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    answered,
    close: () =>
      new Promise((settle) => {
        server.close(() => settle());
        server.closeAllConnections();
      }),
  };
}
